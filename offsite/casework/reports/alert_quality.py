"""What became of alerts, by rule and month: what a safeguarding lead needs to argue for a change of the book."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from statistics import median_low
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.alert import ENDINGS, Alert, AlertStep
from models.encrypted_text import Texts, TextUnreadable
from models.placement import Placement
from offsite.law.london import day_of

READ = ("acknowledged", "taken", "handed_over", "read", "resolved")
ACTED = ("taken", "handed_over", "resolved")
UNREADABLE = "(the reason cannot be read: its key is gone)"


class Quality(NamedTuple):
    """What became of the alerts that one rule raised in one month."""

    rule: str
    month: str
    """Of the day raised, in London: 2026-11."""
    raised: int
    acknowledged: int
    """Read by somebody, whatever they did then."""
    acted_on: int
    """Taken, handed over or closed by a person."""
    minutes_to_acknowledge: int | None
    """Median, in whole minutes, of those acknowledged; of two in the middle the lower."""
    longest_to_acknowledge: int | None
    """In whole minutes."""
    cleared_by_itself: int
    """Cleared before anybody had read it."""
    withdrawn: int
    """It turned out that the duty was met, or a correction undid it."""
    still_open: int
    not_useful: int
    reasons: tuple[str, ...]
    """Why people called them not useful."""


def alert_quality(
    session: Session, school_id: int, texts: Texts, first: date | None = None, last: date | None = None
) -> list[Quality]:
    """One row a rule and month, of alerts raised from `first` to `last` (London days, inclusive), in order."""
    wanted = select(Alert, Placement.pupil_id).outerjoin(Placement, Placement.id == Alert.placement_id)
    groups: dict[tuple[str, str], list[tuple[Alert, int | None]]] = defaultdict(list)
    for alert, pupil_id in session.execute(wanted.where(Alert.school_id == school_id).order_by(Alert.id)):
        day = day_of(alert.raised_at)
        if (first is None or day >= first) and (last is None or day <= last):
            groups[alert.rule, f"{day:%Y-%m}"].append((alert, pupil_id))
    steps = _steps(session, school_id)
    return [_quality(rule, month, group, steps, texts) for (rule, month), group in sorted(groups.items())]


def _steps(session: Session, school_id: int) -> dict[int, list[AlertStep]]:
    found: dict[int, list[AlertStep]] = defaultdict(list)
    wanted = select(AlertStep).join(Alert, Alert.id == AlertStep.alert_id).where(Alert.school_id == school_id)
    for step in session.scalars(wanted.order_by(AlertStep.id)):
        found[step.alert_id].append(step)
    return found


def _quality(
    rule: str, month: str, group: Sequence[tuple[Alert, int | None]], steps: dict[int, list[AlertStep]], texts: Texts
) -> Quality:
    of_each = [(alert, pupil_id, steps.get(alert.id, [])) for alert, pupil_id in group]
    waits = [minutes for alert, _, mine in of_each if (minutes := _minutes_to(alert.raised_at, mine)) is not None]
    return Quality(
        rule=rule,
        month=month,
        raised=len(group),
        acknowledged=len(waits),
        acted_on=sum(_has(mine, ACTED) for _, _, mine in of_each),
        minutes_to_acknowledge=median_low(waits) if waits else None,
        longest_to_acknowledge=max(waits, default=None),
        cleared_by_itself=sum(_has(mine, ("cleared",)) and not _has(mine, READ) for _, _, mine in of_each),
        withdrawn=sum(_has(mine, ("withdrawn",)) for _, _, mine in of_each),
        still_open=sum(not _has(mine, ENDINGS) for _, _, mine in of_each),
        not_useful=sum(_has(mine, ("not_useful",)) for _, _, mine in of_each),
        reasons=tuple(
            _opened(texts, step.reason, pupil_id) for _, pupil_id, mine in of_each for step in mine if step.step == "not_useful"
        ),
    )


def _has(steps: Sequence[AlertStep], kinds: Sequence[str]) -> bool:
    return any(step.step in kinds for step in steps)


def _minutes_to(raised: datetime, steps: Sequence[AlertStep]) -> int | None:
    read = next((step.at for step in steps if step.step in READ), None)
    return None if read is None else int((read - raised).total_seconds() // 60)


def _opened(texts: Texts, sealed: str | None, pupil_id: int | None) -> str:
    try:
        return texts.open(sealed, pupil_id) or ""
    except TextUnreadable:
        return UNREADABLE
