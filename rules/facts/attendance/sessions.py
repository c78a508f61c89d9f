"""Facts about sessions at the provider: did anybody say whether the pupil arrived, and was an absence followed up?

A session that the provider marked, and on which the two registers do not contradict each other, is passed over: no rule
on sessions can fire on it (a test holds that), and the absence of a fact clears what was open.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from offsite.case.attendance.contacts import contacts
from offsite.case.attendance.sessions import expected, session_times, subject_of
from offsite.case.attendance.tally import absent, without_reason
from offsite.case.case import SESSIONS, Case, Slot
from offsite.case.direction.terms import planned_start
from offsite.case.safeguarding.vulnerability import vulnerable
from offsite.case.settings import setting
from offsite.law.london import day_of, instant_of
from rules.facts.words import day_in_words, session_in_words
from rules.judge import Fact
from rules.language import FactKind, flag, number

AT_THE_PROVIDER = frozenset({"B", "K"})
ONE_DAY = timedelta(days=1)


class SessionFacts(FactKind):
    """One an expected session that has begun and is not marked by the provider, or on which the registers differ."""

    kind = "session"
    expected = flag("a session at the provider is expected")
    provider_marked = flag("the provider entered a mark")
    cutoff_passed = flag("the provider's cut-off has come", may_be_unknown=True, known_by="attendance")
    minutes_since_start = number(
        "minutes since the session started", unit="minutes", may_be_unknown=True, known_by="attendance"
    )
    absence_explained = flag("the home register has an absence with a reason")
    contact_since = flag("a contact with provider or parent since the start of that day is recorded")
    coded_there_but_absent = flag("the home register has B or K and the provider's mark is an absence")


class AbsenceFacts(FactKind):
    """One a day with an expected session from which the provider reports the pupil absent without a reason."""

    kind = "absence"
    day_over = flag("the school day's last session has ended", may_be_unknown=True, known_by="attendance")
    parent_contacted = flag("a contact with the parent since the start of that day is recorded")


def derive_sessions(case: Case, at: datetime) -> Iterator[Fact]:
    """Sessions from the first day watched to now."""
    today = day_of(at)
    fragile: bool | None = None
    day = max(case.watch_from, planned_start(case))
    while day <= today:
        for session in SESSIONS:
            slot: Slot = (day, session)
            theirs, ours = case.provider_marks.get(slot), case.home_marks.get(slot)
            contradicts = theirs is not None and ours is not None and ours.code in AT_THE_PROVIDER and absent(theirs, day)
            if theirs is not None and not contradicts:
                continue
            is_expected = expected(case, slot)
            if not (contradicts or is_expected):
                continue
            times = session_times(case, slot)
            if times is not None and times[0] > at:
                continue
            if fragile is None:
                fragile = vulnerable(case, today)
            yield _session(case, slot, at, times, is_expected, contradicts, fragile)
        day += ONE_DAY


def _session(
    case: Case,
    slot: Slot,
    at: datetime,
    times: tuple[datetime, datetime] | None,
    is_expected: bool,
    contradicts: bool,
    fragile: bool,
) -> Fact:
    day, session = slot
    minutes = None if times is None else int((at - times[0]).total_seconds() // 60)
    cutoff = case.provider.details_on(day).cutoff_minutes or setting(case.school, "cutoff_minutes", day)
    ours = case.home_marks.get(slot)
    return Fact(
        SessionFacts,
        SessionFacts.values(
            expected=is_expected,
            provider_marked=slot in case.provider_marks,
            cutoff_passed=None if minutes is None else minutes >= cutoff,
            minutes_since_start=minutes if minutes is None else min(minutes, 24 * 60),
            absence_explained=ours is not None and absent(ours, day) and not without_reason(ours),
            contact_since=_contacted(case, day, "provider", "parent"),
            coded_there_but_absent=contradicts,
        ),
        subject_of((day, session)),
        day,
        fragile,
        lambda: {
            "session": session_in_words((day, session)),
            "minutes": minutes,
            "cutoff": cutoff,
            "home_code": ours.code if ours else "no mark",
        },
    )


def derive_absences(case: Case, at: datetime) -> Iterator[Fact]:
    """Days on which the provider reported an absence without a reason, from the first day watched."""
    first = max(case.watch_from, planned_start(case))
    days = sorted({slot[0] for slot in case.provider_marks if slot[0] >= first and _unexplained(case, slot)})
    for day in days:
        ends = [times[1] for s in SESSIONS if (times := session_times(case, (day, s))) is not None]
        yield Fact(
            AbsenceFacts,
            AbsenceFacts.values(day_over=at >= max(ends) if ends else None, parent_contacted=_contacted(case, day, "parent")),
            day.isoformat(),
            day,
            vulnerable(case, day_of(at)),
            lambda day=day: {"day": day_in_words(day)},  # type: ignore[misc]
        )


def _unexplained(case: Case, slot: Slot) -> bool:
    theirs, ours = case.provider_marks[slot], case.home_marks.get(slot)
    if not absent(theirs, slot[0]) or not without_reason(theirs) or not expected(case, slot):
        return False
    return ours is None or not absent(ours, slot[0]) or without_reason(ours)


def _contacted(case: Case, day: date, *who: str) -> bool:
    since = instant_of(day)
    return any(row.happened_at >= since for row in contacts(case, *who))


SOURCES = (((SessionFacts,), derive_sessions, False), ((AbsenceFacts,), derive_absences, False))
