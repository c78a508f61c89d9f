"""The statutory clock: what must be done by which day, and the proof of it.

One pure function a duty, days in and a Deadline out. Nothing here asks what day it is or opens a database. Who is told
stands in rules/book; what happens next, in flows.
"""

from calendar import isleap
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from offsite.law.calendars import SchoolDays, Step, WorkingDays, calendar_walk
from offsite.law.parameters import Parameter, parameter

Verdict = Literal["met", "pending", "breached", "not_owed", "cannot_tell"]
WORKING = WorkingDays()


@dataclass(frozen=True)
class Deadline:
    """One duty of one thing: the event it counts from, each day counted and skipped, the due day, what came of it."""

    duty: str
    calendar: str
    """school days, calendar days or working days."""
    counted_from: date
    due: date | None
    """The day shown as due; None where the law sets none."""
    breached_after: date | None
    """The last lawful day; None where the law sets none."""
    source: str
    evidence: str
    steps: tuple[Step, ...] = ()
    owed: bool = True
    missing: str | None = None
    """What is missing, where it cannot be told."""

    @property
    def counted(self) -> tuple[date, ...]:
        """The days counted, in counting order."""
        return tuple(step.day for step in self.steps if step.why is None)

    @property
    def skipped(self) -> tuple[Step, ...]:
        """The days skipped, each with why."""
        return tuple(step for step in self.steps if step.why is not None)

    def verdict(self, met_on: date | None, as_of: date) -> Verdict:
        """What came of it by a day: met on or before the last lawful day, breached past it, else pending."""
        if not self.owed:
            return "not_owed"
        if self.missing is not None:
            return "cannot_tell"
        if self.breached_after is None:
            return "met" if met_on else "pending"
        if met_on is not None:
            return "met" if met_on <= self.breached_after else "breached"
        return "breached" if as_of > self.breached_after else "pending"


def cannot_tell(duty: str, calendar: str, counted_from: date, missing: str, source: str, evidence: str) -> Deadline:
    """A deadline that cannot be worked out, because of what is missing."""
    return Deadline(duty, calendar, counted_from, None, None, source, evidence, missing=missing)


def notice(start: date, school_days: SchoolDays, reading: str = "careful") -> Deadline:
    """Last day to give the notice: "not less than two school days before" `start` (SI 2010/1156 reg 3(2)).

    Due by the careful reading (two clear school days between) unless the school chose the plain one; breached only past
    the plain one: warn early, accuse late. Counts the home school's school days, leaving out `start`.
    Raises CalendarTooShort where no term dates reach back that far.
    """
    plain, careful = parameter("notice_plain", start), parameter("notice_careful", start)
    shown = careful if reading == "careful" else plain
    return Deadline(
        duty="notice",
        calendar="school days",
        counted_from=start,
        due=school_days.before(start, shown.value),
        breached_after=school_days.before(start, plain.value),
        source=plain.source,
        evidence=plain.evidence,
        steps=school_days.walk_before(start, shown.value),
    )


def post_given(sent_on: date) -> date:
    """The day a posted notice is given: its deemed delivery, two working days after posting (first class)."""
    return WORKING.after(sent_on, parameter("post_delivery", max(sent_on, date(2010, 9, 1))).value)


def invitations(meets: date) -> Deadline:
    """Last day to invite: "not later than six days before" the meeting (reg 5(1)). Calendar days; nothing stops them."""
    return _calendar("invitations", meets, -1, parameter("invitations", max(meets, date(2010, 9, 1))))


def decision(held: date) -> Deadline:
    """Day by which a review's decision should be recorded: three calendar days after it; the number is ours."""
    return _calendar("decision", held, 1, parameter("decision", max(held, date(2010, 9, 1))))


def outcome(held: date) -> Deadline:
    """Last day to notify the outcome: "not later than six days after" the meeting (reg 6). Calendar days."""
    return _calendar("outcome", held, 1, parameter("outcome", max(held, date(2010, 9, 1))))


def in_window(requested: date, held: date) -> bool:
    """Whether a review held on a day lies in the ten weeks preceding a request: r - 70 <= m < r (reg 4A(4))."""
    window = timedelta(parameter("request_window", max(requested, date(2013, 1, 1))).value)
    return requested - window <= held < requested


def requested_review(requested: date, reviews_held: Collection[date], school_days: SchoolDays) -> Deadline:
    """A review on written request: as soon as reasonably practicable, unless one was held in the ten weeks before.

    No due day in law; breached from SD(r,+10), shown as ours. Raises CalendarTooShort.
    """
    critical = parameter("request_critical", max(requested, date(2013, 1, 1)))
    owed = not any(in_window(requested, held) for held in reviews_held)
    last = school_days.after(requested, critical.value) if owed else None
    return Deadline(
        duty="requested_review",
        calendar="school days",
        counted_from=requested,
        due=None,
        breached_after=last - timedelta(1) if last else None,
        source="SI 2010/1156 reg 4A(3); breached from the tenth school day, which is ours",
        evidence="read",
        steps=school_days.walk_after(requested, critical.value) if owed else (),
        owed=owed,
    )


def code_n(session_day: date, school_days: SchoolDays) -> Deadline:
    """Day by which code N must be settled: five school days after the session (SI 2024/208 reg 10(7)-(9))."""
    return _school("code_n", session_day, parameter("code_n", session_day), school_days)


def absence_return(spell_begins: date, school_days: SchoolDays) -> Deadline:
    """The tenth school day of a spell of continuous absence, when the return falls due (reg 13(7)(b))."""
    ten = parameter("absence_return", spell_begins)
    steps = school_days.walk_after(spell_begins - timedelta(1), ten.value)
    return Deadline(
        "absence_return", "school days", spell_begins, steps[-1].day, steps[-1].day, ten.source, ten.evidence, steps
    )


def transfer_file(learned: date, school_days: SchoolDays) -> Deadline:
    """Day by which the copy of the common transfer file is due: 15 school days (SI 2005/1437 reg 9(3B))."""
    return _school("transfer_file", learned, parameter("transfer_file", max(learned, date(2010, 9, 1))), school_days)


def new_pupil_return(entered: date) -> Deadline:
    """Day by which the receiving school's new-pupil return is due: 5 calendar days (SI 2024/208 reg 13(1))."""
    return _calendar("new_pupil_return", entered, 1, parameter("new_pupil_return", entered))


def lado_referral(recorded: date) -> Deadline:
    """Day by which an allegation goes to the LADO: one working day after it was recorded."""
    one = parameter("lado_referral", max(recorded, date(2010, 9, 1)))
    steps = WORKING.walk_after(recorded, one.value)
    day = steps[-1].day
    return Deadline("lado_referral", "working days", recorded, day, day, one.source, one.evidence, steps)


def eighteenth_birthday(born: date) -> date:
    """The day a pupil becomes 18; for one born on 29 February, 1 March where the year has none."""
    year = born.year + 18
    if (born.month, born.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return born.replace(year=year)


def relevant_person(born: date, on: date) -> Literal["parent", "pupil"]:
    """Who the relevant person is on a day: a parent, and from the 18th birthday the pupil (reg 2)."""
    return "pupil" if on >= eighteenth_birthday(born) else "parent"


def barred_until(was_head_until: date) -> date:
    """The last day on which a former head may not be the board's representative: within the 5 years before (reg 5(3))."""
    years = parameter("representative_bar", date(2010, 9, 1)).value
    year = was_head_until.year + years
    try:
        return was_head_until.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def next_review_by(after: date, weeks: int, school_days: SchoolDays) -> date:
    """The day by which to meet next: so many school weeks (Monday to Sunday with at least one school day) after a day,
    never past the end of the half term. A proposal: a review is set by a person. Raises CalendarTooShort."""
    half = school_days.half_term_of(after) or school_days.next_half_term(after)
    monday, seen = after - timedelta(after.weekday()), 0
    last = after
    while seen < weeks:
        monday += timedelta(7)
        week = school_days.days_between(monday, monday + timedelta(6))
        if week:
            seen, last = seen + 1, week[min(after.weekday(), len(week) - 1)]
        elif not school_days.covers(monday):
            school_days.is_school_day(monday)
    return min(last, school_days.days_between(half.first, half.last)[-1]) if half else last


def _school(duty: str, origin: date, limit: Parameter, school_days: SchoolDays) -> Deadline:
    steps = school_days.walk_after(origin, limit.value)
    day = steps[-1].day
    return Deadline(duty, "school days", origin, day, day, limit.source, limit.evidence, steps)


def _calendar(duty: str, origin: date, way: Literal[1, -1], limit: Parameter) -> Deadline:
    steps = calendar_walk(origin, way * limit.value)
    day = steps[-1].day
    return Deadline(duty, "calendar days", origin, day, day, limit.source, limit.evidence, steps)
