"""Facts about the school's checks of a provider at which a pupil is."""

from collections.abc import Iterator
from datetime import datetime

from models.provider import ProviderCheck
from offsite.case.case import Case
from offsite.case.direction.terms import attending
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag, number


class CheckFacts(FactKind):
    """One an item of the checks that is turned down, or ends within the reminder's days, where a pupil attends."""

    kind = "check"
    rejected = flag("its status turned rejected or expired")
    days_left = number("days from today to the last day it is valid", unit="calendar days")


def derive(case: Case, at: datetime) -> Iterator[Fact]:
    """Items whose standing a person must look at. An item asked for anew keeps the standing it had."""
    if not attending(case, at):
        return
    today = day_of(at)
    soon = parameter("check_lapsing", today).value
    for item, check in case.provider.standing_checks.items():
        rejected = check.status != "verified"
        days_left = (check.valid_until - today).days if check.valid_until else soon + 1
        if rejected or days_left <= soon:
            yield _fact(case, item, check, rejected, 0 if rejected else days_left, at)


def _fact(case: Case, item: str, check: ProviderCheck, rejected: bool, days_left: int, at: datetime) -> Fact:
    return Fact(
        CheckFacts,
        CheckFacts.values(rejected=rejected, days_left=days_left),
        f"{case.provider.ref} {item}",
        day_of(at),
        False,
        lambda: {"item": item, "status": check.status, "until": day_in_words(check.valid_until)},
    )


SOURCES = (((CheckFacts,), derive, False),)
