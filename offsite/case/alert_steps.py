"""Whether an alert has ended or was acknowledged, whom it is with, how severe it has become: its steps, as the database reads
them.

An alert that becomes worse waits anew: what was read was a milder one. One that is handed over waits anew as well, until
whoever it was handed to acknowledges it, or anybody takes it. That somebody else has read it meanwhile is the step "read",
which ends no waiting.
"""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, exists, func, select

from models.alert import ENDINGS, Alert, AlertStep

ACKNOWLEDGED = ("acknowledged", "taken")


def _last(column: Any, *steps: str) -> Any:
    """A column of an alert's last step of some kinds; null where it has none."""
    of = select(column).where(AlertStep.alert_id == Alert.id, AlertStep.step.in_(steps))
    return of.order_by(AlertStep.id.desc()).limit(1).correlate(Alert).scalar_subquery()


HAS_ENDED: ColumnElement[bool] = (
    exists(AlertStep.id)
    .where(AlertStep.alert_id == Alert.id)
    .where(AlertStep.step.in_(bindparam("endings", ENDINGS, expanding=True, literal_execute=True)))
    .correlate(Alert)
)
"""The endings are written out: so the database knows that the index of endings holds all it is asked for."""
IS_ACKNOWLEDGED: ColumnElement[bool] = func.coalesce(_last(AlertStep.step, *ACKNOWLEDGED, "handed_over", "severity"), "").in_(
    ACKNOWLEDGED
)
WAITS_FOR: ColumnElement[str | None] = _last(
    case((AlertStep.step == "handed_over", AlertStep.handed_to)), *ACKNOWLEDGED, "handed_over"
)
"""Whom it was handed to, where neither they have acknowledged it since nor anybody has taken it."""
IS_WITH: ColumnElement[str | None] = _last(
    case((AlertStep.step == "taken", AlertStep.by), else_=AlertStep.handed_to), "taken", "handed_over"
)
"""Who took it, or was handed it, last: a person's reference or, where it was handed to whoever holds it, a role."""
SEVERITY: ColumnElement[str] = func.coalesce(_last(AlertStep.severity, "severity"), Alert.severity)
"""The highest it has reached: severity only goes up."""
WAITING_SINCE: Any = func.coalesce(_last(AlertStep.at, "severity", "handed_over"), Alert.raised_at)
"""When it was raised, became worse or was handed over, whichever was last."""
