"""The duties of the rule book that are in force on a day for a kind of school, and what changed last or changes next."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from offsite.law.parameters import NotInForce, Parameter, keys, parameter, parameter_changes
from offsite.law.regimes import ACADEMIES, ATTENDANCE, OSD_2026, REGIMES, Regime, authority_for, regime, regime_on
from rules.book import BOOK
from rules.rule import Authority, Rule

NOT_IN_FORCE = ("ours", "announced, not law")
"""Words in the source of a number that no law or guidance in force sets."""
SINCE_2010 = REGIMES[0].first


class Duty(NamedTuple):
    """A rule whose duty was in force on a day, and what it was for the school: law, good practice or statutory guidance."""

    rule: Rule
    authority: Authority
    source: str
    evidence: str
    since: date
    until: date | None
    """Its last day, where one is known."""

    def shown(self) -> dict[str, Any]:
        """As JSON says it."""
        return {
            "rule": self.rule.id,
            "title": self.rule.title,
            "authority": self.authority,
            "source": self.source,
            "evidence": self.evidence,
            "since": self.since,
            "until": self.until,
        }


class Change(NamedTuple):
    """A day on which the law changed, as far as Offsite knows it."""

    day: date
    says: str
    source: str
    evidence: str


class LawOn(NamedTuple):
    """The law on a day for a kind of school."""

    day: date
    kind: str
    regimes: tuple[Regime, ...]
    """The laws in force, whether or not they bind the school."""
    duties: tuple[Duty, ...]
    numbers: tuple[Parameter, ...]
    """The numbers that a law or guidance sets; what Offsite or a school sets is left out."""
    changes: tuple[Change, ...]
    """Every change Offsite knows of, before the day and after it, in order."""
    announced: tuple[Rule, ...]
    """Announced, not law: no school is held to it."""
    transitional: bool
    """Whether placements that began before 26 July 2026 carry the mark "transitional: confirm"."""

    @property
    def last(self) -> tuple[Change, ...]:
        """What changed on the latest day of change so far."""
        past = [change for change in self.changes if change.day <= self.day]
        return tuple(change for change in past if change.day == past[-1].day)

    @property
    def next(self) -> tuple[Change, ...]:
        """What changes on the next day of change, where one is known."""
        coming = [change for change in self.changes if change.day > self.day]
        return tuple(change for change in coming if change.day == coming[0].day)

    @property
    def binds(self) -> bool:
        """Whether the law of off-site direction binds the school on the day."""
        found = regime(self.day)
        return found is not None and self.kind in found.binds


def law_on(day: date, kind: str) -> LawOn:
    """The law on a day for a kind of school (offsite.law.regimes.SCHOOL_KINDS)."""
    return LawOn(
        day=day,
        kind=kind,
        regimes=tuple(r for r in (*REGIMES, ATTENDANCE) if r.first <= day and (r.last is None or day <= r.last)),
        duties=tuple(_duties(day, kind)),
        numbers=tuple(_numbers(day)),
        changes=tuple(sorted(_changes(), key=lambda change: change.day)),
        announced=tuple(rule for rule in BOOK.values() if rule.authority == "proposed"),
        transitional=kind in ACADEMIES and day >= OSD_2026.first,
    )


def span(rule: Rule) -> tuple[date, date | None]:
    """First and last day (None: no end known) of a rule's duty: its own dates and those of its regimes."""
    firsts = [rule.in_force_from or date.min]
    lasts = [rule.in_force_to or date.max]
    if rule.under == "osd" or rule.regimes:
        of = [r for r in REGIMES if not rule.regimes or r.id in rule.regimes]
        firsts.append(of[0].first)
        lasts.append(of[-1].last or date.max)
    first, last = max(*firsts, SINCE_2010), min(lasts)
    return first, None if last == date.max else last


def _duties(day: date, kind: str) -> Iterator[Duty]:
    for rule in BOOK.values():
        since, until = span(rule)
        if rule.authority not in ("law", "statutory_guidance") or day < since or not rule.in_force(day, regime_on(day)):
            continue
        authority: Authority = authority_for(kind, day, rule.under) if rule.authority == "law" else "statutory_guidance"
        yield Duty(rule, authority, *rule.stood_in(day), since, until)


def _numbers(day: date) -> Iterator[Parameter]:
    for key in keys():
        try:
            found = parameter(key, day)
        except NotInForce:
            continue
        if not any(words in found.source for words in NOT_IN_FORCE):
            yield found


def _changes() -> Iterator[Change]:
    for law in (*REGIMES, ATTENDANCE):
        yield Change(law.first, law.says, law.source, law.evidence)
    for key in keys():
        for change in parameter_changes(key):
            if change.before is None:
                continue  # it began with a law, which is named already
            name, was = key.replace("_", " "), f"{change.before} {change.unit}"
            yesterday = change.day - timedelta(1)
            says = (
                f"The {name} of {was} ended: {yesterday:%-d %B %Y} was its last day."
                if change.after is None
                else f"The {name} changes from {was} to {change.after} {change.unit}."
            )
            yield Change(change.day, says, change.source, change.evidence)
