"""The statutory clock of one placement: each duty with its count of days, due, evidence and verdict."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.placement import Registration, StatutoryStep
from models.recorded import Recorded
from offsite.case.attendance.sessions import subject_of
from offsite.case.attendance.spells import UNAUTHORISED, spells_watched
from offsite.case.attendance.tally import together
from offsite.case.case import Case
from offsite.case.direction.served import Served, invitations_served, notice_served, outcome_served
from offsite.case.direction.terms import determination, planned_start
from offsite.case.governors.reviews import requests, reviews
from offsite.case.safeguarding.concerns import concerns
from offsite.case.settings import setting
from offsite.law import clock
from offsite.law.calendars import CalendarTooShort
from offsite.law.clock import Deadline, Verdict
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from offsite.law.regimes import ATTENDANCE_2024

LADO = "lado_referral"
"""The one duty that tells of a concern: who may see it is a matter of sight (offsite/access)."""


@dataclass(frozen=True)
class Duty:
    """A deadline of one thing, and what met it."""

    deadline: Deadline
    of: str
    """What it is a duty of: the placement, a review, a request, a session, a concern."""
    met: date | None
    as_of: date
    met_by: tuple[int, ...] = ()
    """The events (their ids) that met it."""

    @property
    def duty(self) -> str:
        """The duty's name."""
        return self.deadline.duty

    @property
    def due(self) -> date | None:
        """The day shown as due."""
        return self.deadline.due

    @property
    def verdict(self) -> Verdict:
        """Met, pending, breached, not owed or cannot tell."""
        return self.deadline.verdict(self.met, self.as_of)

    def shown(self) -> dict[str, Any]:
        """As a program reads it; days in ISO form."""
        found = self.deadline
        return {
            "duty": found.duty,
            "of": self.of,
            "calendar": found.calendar,
            "from": found.counted_from.isoformat(),
            "due": found.due.isoformat() if found.due else None,
            "breached_after": found.breached_after.isoformat() if found.breached_after else None,
            "met": self.met.isoformat() if self.met else None,
            "verdict": self.verdict,
            "source": found.source,
            "evidence": found.evidence,
            "counted": [day.isoformat() for day in found.counted],
            "skipped": [{"day": step.day.isoformat(), "why": step.why} for step in found.skipped],
            **({"missing": found.missing} if found.missing else {}),
        }


def deadlines(case: Case, at: datetime) -> list[Duty]:
    """Every duty of the placement that has arisen by an instant."""
    today = day_of(at)
    return [
        *_notice(case, today),
        *_reviews(case, today),
        *_requests(case, today),
        *_registration(case, today),
        *_codes(case, today),
        *_absence(case, today),
        *_allegations(case, today),
    ]


def _told(work: Callable[[], Deadline], duty: str, calendar: str, origin: date, source: str) -> Deadline:
    try:
        return work()
    except CalendarTooShort as short:
        return clock.cannot_tell(duty, calendar, origin, short.wanted, source, "read")


def _met_by(found: Deadline, of: str, row: Recorded | None, today: date) -> Duty:
    """A duty that is met when what a row tells of happened."""
    return Duty(found, of, None, today) if row is None else Duty(found, of, day_of(row.happened_at), today, (row.event_id,))


def _met_served(found: Deadline, of: str, served: Served, today: date) -> Duty:
    """A duty that is met when all of those prescribed were given a writing."""
    return Duty(found, of, served.complete_on, today, served.met_by)


def _notice(case: Case, today: date) -> Iterator[Duty]:
    if determination(case) is None:
        return
    start = planned_start(case)
    reading = setting(case.school, "notice_reading", today)
    found = _told(lambda: clock.notice(start, case.school.school_days, reading), "notice", "school days", start,
                  "SI 2010/1156 reg 3(2)")  # fmt: skip
    yield _met_served(found, case.ref, notice_served(case, found.breached_after or start), today)


def _reviews(case: Case, today: date) -> Iterator[Duty]:
    for review in reviews(case):
        if review.state != "cancelled":
            found = clock.invitations(review.meets_on)
            limit = found.breached_after or review.meets_on
            yield _met_served(found, review.name, invitations_served(case, review.name, limit), today)
        if review.held:
            held = review.held.held_on
            yield _met_by(clock.decision(held), review.name, next(iter(review.decisions), None), today)
            found = clock.outcome(held)
            limit = found.breached_after or held
            yield _met_served(found, review.name, outcome_served(case, review.name, limit), today)


def _requests(case: Case, today: date) -> Iterator[Duty]:
    meetings = sorted((r.held for r in reviews(case) if r.held), key=lambda row: row.held_on)
    held = [row.held_on for row in meetings]
    for request in requests(case):
        asked = request.asked_on
        found = _told(
            lambda asked=asked: clock.requested_review(asked, held, case.school.school_days),  # type: ignore[misc]
            "requested_review", "school days", asked, "SI 2010/1156 reg 4A(3)",
        )  # fmt: skip
        met = next((row for row in meetings if row.held_on >= asked), None)
        yield Duty(found, request.name, met.held_on if met else None, today, (met.event_id,) if met else ())


def _registration(case: Case, today: date) -> Iterator[Duty]:
    registered = case.newest(Registration)
    if registered is None:
        return
    taken = {row.kind: row for row in reversed(case.of(StatutoryStep))}
    entered = day_of(registered.happened_at)
    if entered >= ATTENDANCE_2024:
        yield _met_by(clock.new_pupil_return(entered), case.ref, taken.get("new_pupil"), today)
    learned = registered.learned_on
    found = _told(lambda: clock.transfer_file(learned, case.school.school_days), "transfer_file", "school days", learned,
                  "SI 2005/1437 reg 9(3B)")  # fmt: skip
    yield _met_by(found, case.ref, taken.get("transfer_file"), today)


def _codes(case: Case, today: date) -> Iterator[Duty]:
    since = max(case.watch_from, ATTENDANCE_2024)
    for slot in sorted(slot for slot, mark in case.home_marks.items() if mark.code == "N" and slot[0] >= since):
        day = slot[0]
        found = _told(
            lambda day=day: clock.code_n(day, case.school.school_days),  # type: ignore[misc]
            "code_n", "school days", day, "SI 2024/208 reg 10(7)-(9)",
        )  # fmt: skip
        yield Duty(found, subject_of(slot), None, today)


def _absence(case: Case, today: date) -> Iterator[Duty]:
    steps = [row for row in case.of(StatutoryStep) if row.kind == "absence"]
    ten = parameter("absence_return", ATTENDANCE_2024).value
    for spell in spells_watched(case, list(together(case, ATTENDANCE_2024, today)), UNAUTHORISED, ten):
        found = _told(
            lambda first=spell.first: clock.absence_return(first, case.school.school_days),  # type: ignore[misc]
            "absence_return", "school days", spell.first, "SI 2024/208 reg 13(7)(b)",
        )  # fmt: skip
        returned = next((row for row in steps if day_of(row.happened_at) >= spell.first), None)
        yield _met_by(found, spell.first.isoformat(), returned, today)


def _allegations(case: Case, today: date) -> Iterator[Duty]:
    for concern in concerns(case):
        if concern.raised.kind == "allegation":
            found = clock.lado_referral(day_of(concern.raised.recorded_at))
            yield _met_by(found, concern.name, concern.referral, today)
