"""The gates a pupil passes to start (domain.md, 5): a list a head could read aloud, in the order they are asked."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from models.placement import Notice, Registration
from offsite.case.case import Case
from offsite.case.direction.enforceable import is_school
from offsite.case.direction.plans import agreed_plan
from offsite.case.direction.served import notice_served
from offsite.case.direction.terms import determination, planned_start
from offsite.case.safeguarding.checks import confirmed, not_in_order
from offsite.law import clock
from offsite.law.calendars import CalendarTooShort


class Gate(NamedTuple):
    """One gate: its name, and what is wrong where it is shut."""

    name: str
    asks: str
    shut: Callable[[Case, date], str | None]
    """Why it is shut on a day; None where it is open."""
    opened_by: str
    """The command that opens it."""


class GateState(NamedTuple):
    """A gate as it stands."""

    name: str
    open: bool
    because: str | None
    opened_by: str
    """The command that opens it; of a notice before there is a determination, that comes first."""


def _notice_in_time(case: Case, day: date) -> str | None:
    start = planned_start(case)
    try:
        limit = clock.notice(start, case.school.school_days).breached_after
    except CalendarTooShort as short:
        return f"the last day for the notice cannot be told: {short}"
    assert limit is not None
    served = notice_served(case, limit)
    if served.missing:
        return f"no notice given to: {', '.join(served.missing)} (last day {limit:%-d %B %Y})"
    if (last := served.complete_on) is not None and last > limit:
        return f"the notice was given on {last:%-d %B %Y}, after the last day, {limit:%-d %B %Y}"
    return None


def _notice_complete(case: Case, day: date) -> str | None:
    notice = case.newest(Notice)
    if notice is None:
        return "no notice was given"
    return f"the latest notice lacks: {', '.join(notice.omitted)}" if notice.omitted else None


def _safeguarding_confirmed(case: Case, day: date) -> str | None:
    if confirmed(case.provider, day):
        return None
    return "the provider's written safeguarding confirmation (item n) is not verified, or has expired"


def _checks_in_order(case: Case, day: date) -> str | None:
    lacking = not_in_order(case.provider, day)
    return f"not verified: items {', '.join(lacking)}" if lacking else None


def _objectives_agreed(case: Case, day: date) -> str | None:
    if agreed_plan(case) is not None:
        return None
    return "no plan with objectives, each with measure and date, is agreed by school and provider"


def _dual_registered(case: Case, day: date) -> str | None:
    if is_school(case, day) and not case.of(Registration):
        return "the pupil is not registered at the receiving school"
    return None


START_GATES = (
    Gate(
        "notice in time",
        "Was the notice given to everyone prescribed, by the last lawful day?",
        _notice_in_time,
        "serve_notice",
    ),
    Gate("notice complete", "Does the latest notice hold every prescribed item?", _notice_complete, "serve_notice"),
    Gate(
        "safeguarding confirmed",
        "Is the written safeguarding confirmation verified?",
        _safeguarding_confirmed,
        "confirm_safeguarding",
    ),
    Gate("checks in order", "Are items a-m of the school's own checks verified?", _checks_in_order, "record_check"),
    Gate("objectives agreed", "Are objectives agreed in writing by school and provider?", _objectives_agreed, "agree_plan"),
    Gate("dual registered", "At a school: is the pupil registered there too?", _dual_registered, "register_at_provider"),
)


def gates(case: Case, day: date) -> list[GateState]:
    """Every gate as it stands on a day."""
    found = [(gate, gate.shut(case, day)) for gate in START_GATES]
    return [GateState(gate.name, why is None, why, _first_step(gate, case)) for gate, why in found]


def _first_step(gate: Gate, case: Case) -> str:
    return "determine" if gate.opened_by == "serve_notice" and determination(case) is None else gate.opened_by


def shut_gates(case: Case, day: date) -> list[GateState]:
    """The gates that are shut on a day."""
    return [state for state in gates(case, day) if not state.open]
