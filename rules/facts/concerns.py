"""Facts about safeguarding concerns."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from offsite.case.case import Case
from offsite.case.direction.terms import closed
from offsite.case.reached import reached
from offsite.case.safeguarding.concerns import ConcernFile, concerns, is_serious
from offsite.case.settings import setting
from offsite.law import clock
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag

ONE_DAY = timedelta(days=1)


class ConcernFacts(FactKind):
    """One a concern that bears on the placement."""

    kind = "concern"
    serious = flag("it is of any kind but low_level")
    closed = flag("the safeguarding lead has closed it, with a decision")
    triage_time_over = flag("the time within which a concern is triaged is over")
    triaged = flag("a triage decision is recorded")
    allegation = flag("it is an allegation against an adult")
    referral_decided = flag("a LADO referral, or a reasoned decision not to refer, is recorded")
    child_missing = flag("the pupil went missing")
    found = flag("the pupil is recorded as found")
    about_the_place = flag("it is about the placement or the provider")
    review_day_passed = flag("the school day after it has passed", may_be_unknown=True)
    safety_reviewed = flag("a safety review is recorded since")
    live = flag("the placement is not closed")


def derive(case: Case, at: datetime) -> Iterator[Fact]:
    """Each concern; one about a provider bears on each live placement there."""
    live = closed(case) is None
    for concern in concerns(case):
        if live or concern.raised.placement_id is not None:
            yield _fact(case, concern, at, live)


def _fact(case: Case, concern: ConcernFile, at: datetime, live: bool) -> Fact:
    raised, today, days = concern.raised, day_of(at), case.school.school_days
    raised_on = day_of(raised.happened_at)
    minutes = setting(case.school, "triage_minutes", day_of(raised.recorded_at))
    after = parameter("safety_review", max(raised_on, date(2010, 9, 1))).value
    due = clock.lado_referral(day_of(raised.recorded_at)).due if raised.kind == "allegation" else None
    return Fact(
        ConcernFacts,
        ConcernFacts.values(
            serious=is_serious(concern),
            closed=concern.closed,
            triage_time_over=at - raised.recorded_at >= timedelta(minutes=minutes),
            triaged=concern.triaged or concern.closed,
            allegation=raised.kind == "allegation",
            referral_decided=concern.referral is not None,
            child_missing=raised.kind == "missing",
            found=concern.found,
            about_the_place=raised.about in ("placement", "provider"),
            review_day_passed=reached(case, today, lambda: days.after(raised_on, after) + ONE_DAY),
            safety_reviewed=concern.safety_reviewed,
            live=live,
        ),
        concern.name,
        raised_on,
        False,
        lambda: {"raised": day_in_words(raised_on), "minutes": minutes, "due": due, "due_words": day_in_words(due)},
    )


SOURCES = (((ConcernFacts,), derive, True),)
