"""What would come of a command: the last day of the period, and the duties of the clock that it makes or changes."""

from datetime import date
from typing import Any

from pydantic import BaseModel

from offsite.access.sight import Facts
from offsite.access.viewer import Viewer
from offsite.case.case import Case
from offsite.case.direction.period import last_day
from offsite.casework.commands.direction.setting_up import ChangePlacement, Determine, ProposePlacement
from offsite.casework.commands.governors.decisions import Decide

OF_THE_PERIOD = (ProposePlacement, Determine, ChangePlacement, Decide)
"""Commands that say for how long: what comes of that is told also where nothing changes."""


class Foreseen(BaseModel):
    """What would come of a command."""

    period: bool
    """Whether the period is told of."""
    period_ends: date | None
    terms_end: date | None
    """The last day of the terms that are entered, past which no last day can be told."""
    duties: list[dict[str, Any]]


def foreseen(viewer: Viewer, command: object, before: Case | None, after: Case) -> Foreseen:
    """What the viewer may know of what would come of it; `before`: the case as it stands, None of a new placement."""
    if viewer.sight(after).facts < Facts.DATES:
        return Foreseen(period=False, period_ends=None, terms_end=None, duties=[])
    stood = {(duty.duty, duty.of): (duty.due, duty.verdict) for duty in (viewer.duties(before) if before else ())}
    ends = last_day(after)
    return Foreseen(
        period=isinstance(command, OF_THE_PERIOD) or before is None or last_day(before) != ends,
        period_ends=ends,
        terms_end=after.school.school_days.last_on_file,
        duties=[d.shown() for d in viewer.duties(after) if stood.get((d.duty, d.of)) != (d.due, d.verdict)],
    )
