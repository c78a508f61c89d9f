"""By which day the governing body should next meet about a placement: a proposal, since a person sets a review."""

from datetime import date

from offsite.case.case import Case
from offsite.case.direction.terms import planned_start
from offsite.case.governors.reviews import reviews
from offsite.case.settings import setting
from offsite.law.clock import next_review_by


def first_review_by(case: Case) -> date:
    """The day by which the first review should be held, counted from the start. Raises CalendarTooShort."""
    start = planned_start(case)
    return _by(case, start, setting(case.school, "first_review_weeks", start))


def review_by_after(case: Case, met_on: date) -> date:
    """The day by which the review after one held on `met_on` should be held. Raises CalendarTooShort."""
    return _by(case, met_on, setting(case.school, "review_weeks", met_on))


def review_set_after(case: Case, day: date) -> date | None:
    """The day of the first review set, or held, after `day`; None where none is."""
    return min((r.meets_on for r in reviews(case) if r.state != "cancelled" and r.meets_on > day), default=None)


def _by(case: Case, after: date, weeks: int) -> date:
    days = case.school.school_days
    by = next_review_by(after, weeks, days)
    following = days.next_half_term(after)
    if by <= after and following is not None:  # after the last school day of a half term, count in the next one
        return next_review_by(following.first, weeks, days)
    return by
