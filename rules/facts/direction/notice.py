"""Facts about the notice of a direction (SI 2010/1156 reg 3)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from models.placement import Notice
from offsite.case.case import Case
from offsite.case.direction import recipients
from offsite.case.direction.particulars import particulars
from offsite.case.direction.served import notice_served
from offsite.case.direction.terms import determination, planned_start
from offsite.case.reached import reached
from offsite.law.calendars import CalendarTooShort
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from rules.facts.words import day_in_words, people
from rules.judge import Fact
from rules.language import FactKind, flag, number


class NoticeFacts(FactKind):
    """One a placement: whether the notice is due, and how late it is."""

    kind = "notice"
    determined = flag("the direction is determined")
    unserved = flag("some prescribed recipient was not sent the notice")
    reminder_day_come = flag("the fifth school day before the start has come", may_be_unknown=True)
    days_past_limit = number("today past the last lawful day", unit="calendar days", may_be_unknown=True)
    days_late = number("the notice past its last lawful day", unit="calendar days", may_be_unknown=True)


class NoticeContentFacts(FactKind):
    """One a placement of which a notice was given: what it lacks, and whom it missed."""

    kind = "notice_content"
    lacks = number("prescribed items the latest notice lacks", unit="items")
    authority_missed = flag("the pupil had an EHC plan and the authority was not given the notice")
    wrong_addressee = flag(
        "the relevant person on the day it was given was not given it", may_be_unknown=True, known_by="attendance"
    )
    out_of_date = number("particulars of the notice that changed since the last was given", unit="items")


def derive(case: Case, at: datetime) -> Iterator[Fact]:
    """The notice against its limit."""
    today, start, days = day_of(at), planned_start(case), case.school.school_days
    on = max(start, date(2010, 9, 1))
    limit: date | None
    try:
        limit = days.before(start, parameter("notice_plain", on).value)
        careful: date | None = days.before(start, parameter("notice_careful", on).value)
    except CalendarTooShort:
        limit = careful = None
    served = notice_served(case, limit or start)
    late = None
    if limit is not None:
        given = [(day - limit).days for kind, day in served.first_given.items() if kind in served.prescribed]
        late = max([*given, *([(today - limit).days] if served.missing else [])])
    reminder = parameter("notice_reminder", on).value

    def context() -> dict[str, Any]:
        return {
            "due": careful,
            "limit": day_in_words(limit),
            "careful": day_in_words(careful),
            "start": day_in_words(start),
            "missing": people(served.missing),
            "given": day_in_words(served.complete_on) if served.complete_on else f"not yet, to {people(served.missing)}",
        }

    yield Fact(
        NoticeFacts,
        NoticeFacts.values(
            determined=determination(case) is not None,
            unserved=bool(served.missing),
            reminder_day_come=reached(case, today, lambda: days.before(start, reminder)),
            days_past_limit=None if limit is None else (today - limit).days,
            days_late=late,
        ),
        case.ref,
        min(served.first_given.values(), default=limit or start),
        False,
        context,
    )


def derive_content(case: Case, at: datetime) -> Iterator[Fact]:
    """What the notice says and to whom it went; the latest to each recipient counts."""
    notices = case.of(Notice)
    if not notices:
        return
    latest = {row.recipient: row for row in notices}
    lacks = sorted({item for row in latest.values() for item in row.omitted})
    first_day = min(row.given_on for row in notices)
    reached_kinds = {recipients.kind_of(row.recipient) for row in notices}
    person = recipients.relevant_person(case.pupil, first_day)
    then, now = particulars(case, notices[-1].happened_at), particulars(case, at)
    changed = [name for name, value in now.items() if value != then[name]]
    yield Fact(
        NoticeContentFacts,
        NoticeContentFacts.values(
            lacks=len(lacks),
            authority_missed=case.pupil.has("ehc_plan", first_day) and recipients.AUTHORITY not in reached_kinds,
            wrong_addressee=None if person is None else person not in reached_kinds,
            out_of_date=len(changed),
        ),
        case.ref,
        first_day,
        False,
        lambda: {
            "lacks": ", ".join(item.replace("_", " ") for item in lacks) or "nothing",
            "given": day_in_words(first_day),
            "person": people([person]) if person else "not known",
            "changed": ", ".join(changed) or "nothing",
            "last": day_in_words(notices[-1].given_on),
        },
    )


SOURCES = (((NoticeFacts,), derive, False), ((NoticeContentFacts,), derive_content, False))
