"""Rules and law as everybody may read them: the book's rules, and what was law on a day for the viewer's kind of school."""

from datetime import date

from pydantic import BaseModel

from offsite.access.viewer import Viewer
from offsite.law.parameters import Parameter
from offsite.law.regimes import Regime
from rules.book import BOOK
from rules.duties import law_on
from rules.rule import Rule


class RuleView(BaseModel):
    """One rule of the book."""

    rule: str
    title: str
    severity: str
    condition: str
    says: str
    tell: list[str]
    """Roles in order; the first owns the next step."""
    clears: str
    by_person: bool
    """It stays until a named person closes it with a reason."""
    authority: str
    source: str
    evidence: str
    in_force_from: date | None
    in_force_to: date | None
    enabled: bool


class RegimeView(BaseModel):
    """A law in force on a day."""

    id: str
    binds: bool
    """Whether it binds the viewer's school."""
    says: str
    source: str
    evidence: str


class DutyInForce(BaseModel):
    """A rule whose duty was in force on a day, and what it was for the school."""

    rule: str
    title: str
    authority: str
    """Only `law` is law."""
    source: str
    evidence: str
    since: date
    until: date | None


class NumberInForce(BaseModel):
    """A number that a law or guidance set on a day."""

    key: str
    value: int
    unit: str
    source: str
    evidence: str
    since: date


class LawView(BaseModel):
    """What was law on a day, as far as Offsite knows."""

    day: date
    kind: str
    regimes: list[RegimeView]
    duties: list[DutyInForce]
    numbers: list[NumberInForce]


def rule_view(name: str) -> RuleView | None:
    """One rule; None where there is none of that name."""
    return _rule(BOOK[name]) if name in BOOK else None


def rules_of_the_book() -> list[RuleView]:
    """Every rule, in the order of the book."""
    return [_rule(rule) for rule in BOOK.values()]


def law_view(viewer: Viewer, day: date) -> LawView:
    """What was law on a day for the kind of school that the viewer's is today."""
    kind = viewer.school.details_on(viewer.today).kind
    found = law_on(day, kind)
    return LawView(
        day=day,
        kind=kind,
        regimes=[_regime(regime, kind) for regime in found.regimes],
        duties=[DutyInForce(**duty.shown()) for duty in found.duties],
        numbers=[_number(number) for number in found.numbers],
    )


def _rule(rule: Rule) -> RuleView:
    return RuleView(
        rule=rule.id,
        title=rule.title,
        severity=rule.severity.word,
        condition=rule.when.words(),
        says=rule.says,
        tell=list(rule.tell),
        clears=rule.clears,
        by_person=rule.by_person,
        authority=rule.authority,
        source=rule.source,
        evidence=rule.evidence,
        in_force_from=rule.in_force_from,
        in_force_to=rule.in_force_to,
        enabled=rule.enabled,
    )


def _regime(regime: Regime, kind: str) -> RegimeView:
    return RegimeView(
        id=regime.id, binds=kind in regime.binds, says=regime.says, source=regime.source, evidence=regime.evidence
    )


def _number(number: Parameter) -> NumberInForce:
    return NumberInForce(**number._asdict())
