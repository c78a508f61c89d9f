"""Facts about what is planned with the pupil: purpose, readiness, curriculum, and who was consulted before the start."""

from collections.abc import Iterator
from datetime import date, datetime

from models.placement import Consultation
from offsite.case.case import Case
from offsite.case.direction.plans import agreed_plan
from offsite.case.direction.readiness import criteria_agreed
from offsite.case.direction.terms import determination, planned_start, started, terms
from offsite.case.reached import reached
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag, number


class PurposeFacts(FactKind):
    """One a placement: what it is for, and what was tried in school before."""

    kind = "purpose"
    determined = flag("the direction is determined")
    improving = flag("the recorded purpose is improving behaviour")
    tried = flag("something is recorded as tried in school, or as judged inappropriate")


class ReadinessFacts(FactKind):
    """One a placement: whether it is agreed how readiness to return is judged."""

    kind = "readiness"
    reintegration_is_objective = flag("reintegration is an objective")
    started = flag("the pupil has started")
    criteria_agreed = flag("readiness criteria are recorded")


class CurriculumFacts(FactKind):
    """One an agreed plan: what the pupil is taught in a week."""

    kind = "curriculum"
    english_and_maths = flag("the plan covers English and mathematics")
    sessions_a_week = number("sessions a week at home and at the provider together", unit="sessions")
    part_time_agreed = flag("a part-time timetable (code C2) is agreed")


class ConsultationFacts(FactKind):
    """One a placement: who was consulted about a pupil of whom more must be told."""

    kind = "consultation"
    ehc_plan = flag("the pupil has an EHC plan")
    looked_after = flag("the pupil is looked after")
    day_come = flag("the second school day before the start has come", may_be_unknown=True)
    authority_consulted = flag("a consultation with the local authority is recorded")
    virtual_school_consulted = flag("a consultation with the virtual school head is recorded")


def derive_purpose(case: Case, at: datetime) -> Iterator[Fact]:
    """The purpose as it now stands, judged on the day of the determination."""
    now, decided = terms(case), determination(case)
    yield Fact(
        PurposeFacts,
        PurposeFacts.values(
            determined=decided is not None,
            improving=now.purpose == "improve_behaviour",
            tried=bool(now.tried) or bool(now.not_appropriate),
        ),
        case.ref,
        day_of(decided.happened_at if decided else at),
        False,
        lambda: {"purpose": now.purpose.replace("_", " "), "tried": len(now.tried)},
    )


def derive_readiness(case: Case, at: datetime) -> Iterator[Fact]:
    """The criteria of the plan, once the pupil has started."""
    yield Fact(
        ReadinessFacts,
        ReadinessFacts.values(
            reintegration_is_objective=terms(case).reintegration_is_objective,
            started=started(case) is not None,
            criteria_agreed=criteria_agreed(case),
        ),
        case.ref,
        day_of(at),
        False,
        lambda: {"start": day_in_words(planned_start(case))},
    )


def derive_curriculum(case: Case, at: datetime) -> Iterator[Fact]:
    """The agreed plan; where there is none, there is nothing to judge (objectives-not-agreed speaks)."""
    plan = agreed_plan(case)
    if plan is None:
        return
    there, home = terms(case).sessions, terms(case).home_sessions
    week = sum(len(set(there.get(day, [])) | set(home.get(day, []))) for day in {*there, *home})
    covered = [name for name, taught in (("English", plan.english), ("mathematics", plan.maths)) if taught]
    yield Fact(
        CurriculumFacts,
        CurriculumFacts.values(
            english_and_maths=plan.english and plan.maths, sessions_a_week=week, part_time_agreed=plan.part_time_agreed
        ),
        case.ref,
        day_of(at),
        False,
        lambda: {"week": week, "covered": " and ".join(covered) or "neither English nor mathematics"},
    )


def derive_consultation(case: Case, at: datetime) -> Iterator[Fact]:
    """Consultations of pupils with an EHC plan or looked after, against the second school day before the start."""
    today, start = day_of(at), planned_start(case)
    ehc_plan, looked_after = case.pupil.has("ehc_plan", today), case.pupil.has("looked_after", today)
    if not ehc_plan and not looked_after:
        return
    days = parameter("consultation", max(start, date(2010, 9, 1))).value
    consulted = {row.consulted for row in case.of(Consultation)}
    yield Fact(
        ConsultationFacts,
        ConsultationFacts.values(
            ehc_plan=ehc_plan,
            looked_after=looked_after,
            day_come=reached(case, today, lambda: case.school.school_days.before(start, days)),
            authority_consulted="local_authority" in consulted,
            virtual_school_consulted="virtual_school" in consulted,
        ),
        case.ref,
        today,
        False,
        lambda: {"start": day_in_words(start)},
    )


SOURCES = (
    ((PurposeFacts,), derive_purpose, False),
    ((ReadinessFacts,), derive_readiness, False),
    ((CurriculumFacts,), derive_curriculum, False),
    ((ConsultationFacts,), derive_consultation, False),
)
