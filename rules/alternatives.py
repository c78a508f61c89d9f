"""A condition as alternatives: conjunctions of comparisons, one or more of which hold exactly where the condition does.

durable-rules is given these and never its own `$or`, which multiplies: six of them joined by `$and` fire 64 times for
one fact, and 29 rules of three branches each leave more than 64 nodes waiting, where nothing fires and the session can
no longer be touched. Among conjunctions no more nodes wait than there are rules in the ruleset.
"""

from collections.abc import Iterable

from rules.language import WrongCondition
from rules.two_valued import OPPOSITE, Two

AT_MOST = 256
"""Alternatives of one condition; past that, the facts should work part of it out beforehand."""
Alternative = frozenset[Two]
"""Comparisons that must all hold."""


def alternatives(condition: Two) -> tuple[Alternative, ...]:
    """The alternatives of a two-valued condition, shortest first. Raises WrongCondition where they are too many."""
    if condition.joined == "is":
        return (frozenset({condition}),)
    parts = [alternatives(part) for part in condition.parts]
    if condition.joined == "or":
        return _needed(alternative for part in parts for alternative in part)
    found: tuple[Alternative, ...] = (frozenset(),)
    for part in parts:
        found = _needed(one | other for one in found for other in part)
    return found


def in_order(alternative: Alternative) -> list[Two]:
    """Its comparisons in an order that is the same from run to run."""
    return sorted(alternative, key=lambda leaf: (leaf.name, leaf.operator, str(leaf.value)))


def _needed(found: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """Without those that contradict themselves, and those that only ask for more than another."""
    possible = {one for one in found if not _contradicts_itself(one)}
    kept: list[Alternative] = []
    for candidate in sorted(possible, key=lambda one: (len(one), str(in_order(one)))):
        if not any(shorter <= candidate for shorter in kept):
            kept.append(candidate)
    if len(kept) > AT_MOST:
        over = ", ".join(sorted({leaf.name for one in kept for leaf in one}))
        raise WrongCondition(f"more than {AT_MOST} alternatives over {over}: let the facts say part of it")
    return tuple(kept)


def _contradicts_itself(one: Alternative) -> bool:
    return any(Two("is", (), leaf.name, OPPOSITE[leaf.operator], leaf.value) in one for leaf in one)
