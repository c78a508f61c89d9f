"""What a candidate book would have changed: alerts gained, lost and moved, per rule, per role and week."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Any, Literal

from offsite.casework.backtest.history import Played
from offsite.casework.backtest.ledger import WouldBe
from offsite.law.london import day_of

Change = Literal["same", "gained", "lost", "moved"]


@dataclass(frozen=True)
class Pair:
    """One alert under today's book and under the candidate; None where it would not have been raised."""

    today: WouldBe | None
    candidate: WouldBe | None

    @property
    def either(self) -> WouldBe:
        """The candidate's, else today's."""
        found = self.candidate or self.today
        assert found is not None
        return found

    @property
    def change(self) -> Change:
        """Moved: raised at another time, or with another highest severity."""
        if self.today is None:
            return "gained"
        if self.candidate is None:
            return "lost"
        same = (self.today.raised, self.today.severity) == (self.candidate.raised, self.candidate.severity)
        return "same" if same else "moved"


def pairs(played: Played) -> list[Pair]:
    """Every alert of either book beside its like in the other, the first of an identity beside the first; by time."""

    def matched() -> Iterator[Pair]:
        today, candidate = played.today.alerts, played.candidate.alerts
        for key in today.keys() | candidate.keys():
            for one, other in zip_longest(today.get(key, []), candidate.get(key, [])):
                yield Pair(one, other)

    return sorted(matched(), key=lambda pair: (pair.either.raised, pair.either.rule.id, pair.either.subject))


def document(played: Played) -> dict[str, Any]:
    """The whole comparison, as a program reads it. Days are London's, weeks begin on their Monday."""
    found = pairs(played)
    return {
        "from": played.first,
        "to": played.last,
        "instants": played.instants,
        "total": _counts(found),
        "rules": [
            {"rule": rule, **_counts([pair for pair in found if pair.either.rule.id == rule])}
            for rule in sorted({pair.either.rule.id for pair in found})
        ],
        "weeks": _weeks(found),
        "alerts": [_row(pair) for pair in found],
    }


def _counts(found: list[Pair]) -> dict[str, int]:
    changes = Counter(pair.change for pair in found)
    return {
        "today": sum(pair.today is not None for pair in found),
        "candidate": sum(pair.candidate is not None for pair in found),
        "gained": changes["gained"],
        "lost": changes["lost"],
        "moved": changes["moved"],
    }


def _weeks(found: list[Pair]) -> list[dict[str, Any]]:
    """Alerts raised, by role told and week, under both books: the load on each, the safeguarding lead's first."""
    today = Counter(where for pair in found if pair.today for where in _told(pair.today))
    candidate = Counter(where for pair in found if pair.candidate for where in _told(pair.candidate))
    everywhere = sorted(today.keys() | candidate.keys(), key=lambda where: (where[0] != "dsl", where))
    return [{"role": r, "week": w, "today": today[r, w], "candidate": candidate[r, w]} for r, w in everywhere]


def _told(alert: WouldBe) -> Iterator[tuple[str, date]]:
    day = day_of(alert.raised)
    for role in alert.rule.tell:
        yield role, day - timedelta(days=day.weekday())


def _row(pair: Pair) -> dict[str, Any]:
    alert = pair.either

    def shown(one: WouldBe | None) -> dict[str, datetime | str | None] | None:
        return None if one is None else {"raised": one.raised, "cleared": one.cleared, "severity": one.severity.word}

    return {
        "change": pair.change,
        "rule": alert.rule.id,
        "placement": alert.placement,
        "subject": alert.subject,
        "authority": alert.rule.authority,
        "tell": list(alert.rule.tell),
        "today": shown(pair.today),
        "candidate": shown(pair.candidate),
        "because": alert.because,
    }
