"""The evidence on readiness to return, criterion by criterion: met, not met or cannot tell, with the figures.

Advice to people, never a decision. A criterion is met, or not met, only where what is unknown could not change the
answer. Ratios are decided on whole counts.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from models.placement import Consultation, ReturnPlan
from models.plan import ObjectiveAssessment, Plan, ProgressReport
from models.review import View
from offsite.case.attendance.sessions import expected_sessions
from offsite.case.attendance.tally import in_register
from offsite.case.case import Case
from offsite.case.direction.plans import agreed_plan, objectives
from offsite.case.direction.recipients import PARENT, PUPIL, relevant_person
from offsite.case.direction.terms import phases, start_day, started
from offsite.case.safeguarding.concerns import concerns, is_serious
from offsite.case.settings import setting
from offsite.law.london import day_of

Verdict = Literal["met", "not_met", "cannot_tell"]
THREE_QUARTERS = (3, 4)


class Evidence(NamedTuple):
    """What the record says about one criterion."""

    criterion: str
    """A default criterion's name, or the criterion itself as it stands in the plan, sealed."""
    verdict: Verdict
    figures: str
    """The counts behind it, without personal detail."""


def evidence(case: Case, at: datetime) -> list[Evidence]:
    """The evidence for each criterion of the plan at an instant; for the default ones where the plan has none."""
    return [
        Evidence(name, *CRITERIA[name](case, at)) if name in CRITERIA else Evidence(name, *FOR_PEOPLE)
        for name in criteria(case)
    ]


def criteria(case: Case) -> list[str]:
    """By what readiness is judged: the criteria of the plan; the default ones where it has none."""
    plan = agreed_plan(case) or case.newest(Plan)
    return list((plan.readiness if plan else None) or CRITERIA)


def criteria_agreed(case: Case) -> bool:
    """Whether the plan records how readiness is judged."""
    plan = agreed_plan(case) or case.newest(Plan)
    return plan is not None and bool(plan.readiness)


Found = tuple[Verdict, str]
FOR_PEOPLE: Found = ("cannot_tell", "this criterion is for people to judge; nothing on record measures it")


def attendance(case: Case, at: datetime) -> Found:
    """Attendance at the provider over the last whole weeks, up to yesterday. A missing mark counts both ways."""
    today, begun = day_of(at), start_day(case)
    weeks, wanted = setting(case.school, "readiness_weeks", today), setting(case.school, "readiness_attendance", today)
    first, last = today - timedelta(weeks=weeks), today - timedelta(days=1)
    if begun is None:
        return "cannot_tell", "the pupil has not started"
    if begun > first:
        return "cannot_tell", f"started {_days(begun, today)} ago, and {weeks} weeks are looked at"
    counted = in_register(case.provider_marks, first, last)
    unmarked = sum(slot not in case.provider_marks for slot in expected_sessions(case, first, last))
    attended = counted.possible - counted.missed
    figures = (
        f"attended {attended} of {counted.possible} possible sessions at the provider in {weeks} weeks, "
        f"{wanted} in 100 needed; {unmarked} expected sessions have no mark"
    )
    whole = counted.possible + unmarked
    if whole == 0 or counted.possible == 0:
        return "cannot_tell", figures
    if attended * 100 >= whole * wanted:
        return "met", figures
    return ("not_met" if (attended + unmarked) * 100 < whole * wanted else "cannot_tell"), figures


def objectives_met(case: Case, at: datetime) -> Found:
    """Three quarters of the plan's objectives are assessed as met."""
    plan = agreed_plan(case)
    if plan is None:
        return "cannot_tell", "no plan is agreed"
    newest = {row.objective: row.result for row in case.of(ObjectiveAssessment)}
    names = [objective.name for objective in objectives(case, plan)]
    met = sum(newest.get(name) == "met" for name in names)
    unknown = sum(name not in newest for name in names)
    part, whole = THREE_QUARTERS
    figures = f"{met} of {len(names)} objectives met, {unknown} not assessed; three quarters needed"
    if met * whole >= len(names) * part:
        return "met", figures
    return ("cannot_tell" if (met + unknown) * whole >= len(names) * part else "not_met"), figures


def no_critical_concern(case: Case, at: datetime) -> Found:
    """No safeguarding concern, of any kind but low-level, is open."""
    still_open = sum(is_serious(concern) and not concern.closed for concern in concerns(case))
    return ("not_met" if still_open else "met"), f"{still_open} concerns open"


def provider_recommends(case: Case, at: datetime) -> Found:
    """The provider recommends the return. Its reports are shown; whether they amount to that is for people to say."""
    report = case.newest(ProgressReport)
    if report is None:
        return "cannot_tell", "the provider has not reported"
    rated = ", ".join(f"{sum(r == colour for r in report.ratings.values())} {colour}" for colour in _COLOURS)
    return "cannot_tell", f"last report on {_in_words(day_of(report.happened_at))}: {rated}; ask the provider"


def views_recorded(case: Case, at: datetime) -> Found:
    """The views of pupil and parent are on record since the start; of a pupil of 18, the pupil's alone."""
    begun = started(case)
    if begun is None:
        return "cannot_tell", "the pupil has not started"
    adult = relevant_person(case.pupil, day_of(at)) == PUPIL
    heard = {row.consulted for row in case.of(Consultation) if row.happened_at >= begun.happened_at}
    for row in case.of(View):
        kind = row.sender.partition(":")[0]
        heard.add((PUPIL if adult else PARENT) if kind == "relevant_person" else kind)
    wanted = [PUPIL] if adult else [PUPIL, PARENT]
    missing = [who for who in wanted if who not in heard]
    if missing:
        return "not_met", f"no views since the start of: {', '.join(missing)}"
    return "met", f"views on record of: {', '.join(wanted)}"


def timetable_and_key_adult(case: Case, at: datetime) -> Found:
    """A return plan names a timetable (its phases, else full time from the return day) and a key adult."""
    plan = case.newest(ReturnPlan)
    if plan is None:
        return "not_met", "there is no return plan"
    steps = len(list(phases(plan)))
    timetable = f"{steps} phases" if steps else "full time at once"
    named = "named" if plan.key_adult else "not named"
    figures = f"return on {_in_words(plan.return_on)}, {timetable}; key adult {named}"
    return ("met" if plan.key_adult else "not_met"), figures


CRITERIA: dict[str, Callable[[Case, datetime], Found]] = {
    "attendance": attendance,
    "objectives": objectives_met,
    "no_critical_concern": no_critical_concern,
    "provider_recommends": provider_recommends,
    "views_recorded": views_recorded,
    "timetable_and_key_adult": timetable_and_key_adult,
}
"""The default criteria, in order."""

_COLOURS = ("green", "amber", "red")


def _in_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _days(first: date, last: date) -> str:
    count = (last - first).days
    return f"{count} day{'' if count == 1 else 's'}"
