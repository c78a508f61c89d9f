"""Facts about the authorised period and the return at its end."""

from collections.abc import Iterator
from datetime import date, datetime

from models.placement import ReturnPlan
from models.review import Decision
from offsite.case.case import Case
from offsite.case.direction.period import period_end
from offsite.case.direction.terms import determination
from offsite.case.reached import reached
from offsite.case.stage import returning
from offsite.law.calendars import CalendarTooShort
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag, number


class PeriodFacts(FactKind):
    """One a placement whose direction is determined: its authorised period."""

    kind = "period"
    days_past_end = number("days past the last day of the authorised period", unit="calendar days")
    returning = flag("a reintegration is decided, planned or begun")
    plan_day_come = flag("the fifteenth school day before the end has come", may_be_unknown=True)
    ending_decided = flag("another ending is decided")
    return_planned = flag("a return plan is recorded")


def derive(case: Case, at: datetime) -> Iterator[Fact]:
    """The period on the day. One whose end lies past the calendar has not lapsed."""
    if determination(case) is None:
        return
    today, days = day_of(at), case.school.school_days
    end: date | None
    try:
        end = period_end(case)
    except CalendarTooShort:
        end = None
    before = parameter("return_plan", date(2010, 9, 1)).value
    decisions = {row.review: row for row in case.of(Decision)}
    yield Fact(
        PeriodFacts,
        PeriodFacts.values(
            days_past_end=-1 if end is None else (today - end).days,
            returning=returning(case),
            plan_day_come=None if end is None else reached(case, today, lambda: days.before(end, before)),
            ending_decided=any(row.decision == "end" for row in decisions.values()),
            return_planned=bool(case.of(ReturnPlan)),
        ),
        end.isoformat() if end else "unknown",
        today,
        False,
        lambda: {"end": day_in_words(end), "due": None},
    )


SOURCES = (((PeriodFacts,), derive, False),)
