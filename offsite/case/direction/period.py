"""The authorised period: the last day on which the direction has effect (regs 3(4)(c), 4(1)(b))."""

from datetime import date

from models.placement import Notice
from offsite.case.case import Case
from offsite.case.direction.terms import determination, planned_start, terms
from offsite.case.governors.reviews import reviews
from offsite.law.calendars import CalendarTooShort, school_year
from offsite.law.regimes import regime_on


def noticed_days(case: Case) -> int:
    """The number of school days in the latest notice; before one, of the determination, else of the proposal."""
    notice, decided = case.newest(Notice), determination(case)
    return notice.days if notice else decided.days if decided else terms(case).days


def last_day(case: Case) -> date | None:
    """The last day of the authorised period; None where the calendar on file does not reach it."""
    try:
        return period_end(case)
    except CalendarTooShort:
        return None


def period_end(case: Case) -> date:
    """The last day of the authorised period; raises CalendarTooShort where the calendar does not reach it.

    From the start, counted, the notice's number of school days, attended or not. After a decision, its `until`, or its
    days counted from the first school day after the meeting; one that continues the period never ends it earlier.
    A direction under osd-2010 ends with the school year.
    """
    days = case.school.school_days
    start = planned_start(case)
    end: date | None = None
    for review in sorted((r for r in reviews(case) if r.held and r.decision), key=lambda r: r.met_on):
        decision = review.decision
        if decision is None or (decision.until is None and decision.days is None):
            continue
        said = decision.until or days.after(review.met_on, decision.days or 0)
        end = max(said, end or days.nth_from(start, noticed_days(case))) if decision.decision == "continue" else said
    end = end or days.nth_from(start, noticed_days(case))
    notice = case.newest(Notice)
    if regime_on(notice.given_on if notice else start) == "osd-2010":
        last = [d for d in days.days_between(start, min(school_year(start)[1], days.last_on_file or start))]
        end = min(end, last[-1] if last else end)
    return end
