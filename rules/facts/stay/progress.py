"""Facts about progress: objectives, the provider's reports, contact with it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from models.attendance import Visit
from models.plan import Objective, ObjectiveAssessment, Plan, ProgressReport
from offsite.case.attendance.contacts import contacts
from offsite.case.case import Case
from offsite.case.direction.plans import agreed_plan, objectives
from offsite.case.direction.terms import attending, start_day
from offsite.case.reached import reached
from offsite.case.settings import setting
from offsite.law.london import day_of
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag, number

GOOD = ("green", "amber")
ONE_DAY = timedelta(days=1)


class ObjectiveFacts(FactKind):
    """One an objective of the plan."""

    kind = "objective"
    days_past_date = number("days past its date", unit="calendar days")
    assessed = flag("it has been assessed")
    rated_well_since = flag("a note on or after its date rates it amber or green")
    two_red = flag("the last two notes since any assessment both rate it red")


class OversightFacts(FactKind):
    """One a pupil attending off-site: how long since the provider was heard of."""

    kind = "oversight"
    report_interval_passed = flag("more than the agreed interval since the start or the last report", may_be_unknown=True)
    contact_days_over = number("days of half terms without contact, past the school's limit", unit="calendar days")


def derive_objectives(case: Case, at: datetime) -> Iterator[Fact]:
    """Each objective of the plan as agreed."""
    plan = agreed_plan(case) or case.newest(Plan)
    for objective in objectives(case, plan) if plan else ():
        if objective.by is not None:
            yield _objective(case, objective, objective.by, day_of(at))


def _objective(case: Case, objective: Objective, by: date, today: date) -> Fact:
    assessments = [row for row in case.of(ObjectiveAssessment) if row.objective == objective.name]
    notes = [(row, row.ratings[objective.name]) for row in case.of(ProgressReport) if objective.name in row.ratings]
    last = max((row.happened_at for row in assessments), default=None)
    since = [rating for row, rating in notes if last is None or row.happened_at > last]
    return Fact(
        ObjectiveFacts,
        ObjectiveFacts.values(
            days_past_date=(today - by).days,
            assessed=bool(assessments),
            rated_well_since=any(rating in GOOD and day_of(row.happened_at) >= by for row, rating in notes),
            two_red=since[-2:] == ["red", "red"],
        ),
        objective.name,
        today,
        False,
        lambda: {"by": day_in_words(by), "notes": len(notes)},
    )


def derive_oversight(case: Case, at: datetime) -> Iterator[Fact]:
    """Reports by the plan's interval in school days; contact, visit or report by days inside half terms."""
    today, begun = day_of(at), start_day(case)
    if begun is None or not attending(case, at):
        return
    days, plan = case.school.school_days, agreed_plan(case) or case.newest(Plan)
    every = (plan.report_every_days if plan else None) or setting(case.school, "report_every_days", today)
    limit = setting(case.school, "contact_days", today)
    reports = [day_of(row.happened_at) for row in case.of(ProgressReport)]
    heard = [day_of(row.happened_at) for row in contacts(case, "provider")]
    heard += [*reports, *(day_of(row.happened_at) for row in case.of(Visit))]
    reported, contacted = max([begun, *reports]), max([begun, *heard])
    silent = sum(_in_a_half_term(case, contacted + timedelta(n)) for n in range(1, (today - contacted).days + 1))
    yield Fact(
        OversightFacts,
        OversightFacts.values(
            report_interval_passed=reached(case, today, lambda: days.after(reported, every) + ONE_DAY),
            contact_days_over=silent - limit,
        ),
        case.ref,
        today,
        False,
        lambda: {
            "reported": day_in_words(reported),
            "every": every,
            "contacted": day_in_words(contacted),
            "silent": silent,
            "limit": limit,
        },
    )


def _in_a_half_term(case: Case, day: date) -> bool:
    return case.school.school_days.half_term_of(day) is not None


SOURCES = (((ObjectiveFacts,), derive_objectives, False), ((OversightFacts,), derive_oversight, False))
