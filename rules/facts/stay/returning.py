"""Facts about the return to school: what the plan lacks, and the checks afterwards."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from models.placement import ReturnCheck, ReturnPlan
from offsite.case.case import Case
from offsite.case.direction.terms import return_begun
from offsite.case.reached import reached
from offsite.case.return_checks import CHECKS_IN_WEEKS
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag


class ReturnPlanFacts(FactKind):
    """One a return plan: what it lacks as the day comes near."""

    kind = "return_plan"
    day_come = flag("the fifth school day before the return has come", may_be_unknown=True)
    support = flag("a support package is recorded")
    key_adult = flag("a key adult is named")


class ReturnCheckFacts(FactKind):
    """One a check after the return."""

    kind = "return_check"
    day_come = flag("the fifth school day after its day has come", may_be_unknown=True)
    recorded = flag("the check is recorded")


def derive_plan(case: Case, at: datetime) -> Iterator[Fact]:
    """The newest return plan."""
    plan = case.newest(ReturnPlan)
    if plan is None:
        return
    before = parameter("support_package", max(plan.return_on, date(2010, 9, 1))).value
    yield Fact(
        ReturnPlanFacts,
        ReturnPlanFacts.values(
            day_come=reached(case, day_of(at), lambda: case.school.school_days.before(plan.return_on, before)),
            support=bool(plan.support),
            key_adult=bool(plan.key_adult),
        ),
        case.ref,
        plan.return_on,
        False,
        lambda: {"back": day_in_words(plan.return_on)},
    )


def derive_checks(case: Case, at: datetime) -> Iterator[Fact]:
    """The checks of a return that was begun and not stepped back from, also after closing."""
    begun = return_begun(case, at)
    if begun is None:
        return
    first, today = day_of(begun.happened_at), day_of(at)
    done = {row.weeks for row in case.of(ReturnCheck) if row.happened_at >= begun.happened_at}
    more = parameter("return_check", max(first, date(2010, 9, 1))).value
    for weeks in CHECKS_IN_WEEKS:
        day = first + timedelta(weeks=weeks)
        yield Fact(
            ReturnCheckFacts,
            ReturnCheckFacts.values(
                day_come=False
                if today < day
                else reached(case, today, lambda day=day: case.school.school_days.after(day, more)),  # type: ignore[misc]
                recorded=weeks in done,
            ),
            f"{weeks} weeks",
            day,
            False,
            lambda weeks=weeks, day=day: {"weeks": weeks, "day": day_in_words(day)},  # type: ignore[misc]
        )


SOURCES = (((ReturnPlanFacts,), derive_plan, False), ((ReturnCheckFacts,), derive_checks, True))
