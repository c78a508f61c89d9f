"""The kinds of task: who does each, what it says, and how the record shows that it is done."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from models.placement import (
    Consultation,
    Notice,
    ReadinessAssessment,
    Registration,
    ReturnCheck,
    ReturnPlan,
    ReturnStep,
    RiskAssessment,
    StatutoryStep,
)
from models.plan import Plan
from models.pupil import RecordErased, RecordHold
from offsite.case.case import Case
from offsite.case.direction.plans import agreed_plan
from offsite.case.direction.served import invitations_served, notice_served, outcome_served
from offsite.case.direction.terms import closed, determination, planned_start, started
from offsite.case.governors.next_review import review_set_after
from offsite.case.governors.reviews import ReviewFile, reviews
from offsite.case.safeguarding.checks import confirmed, not_in_order
from offsite.law import clock


class Opened(NamedTuple):
    """A task being looked at: about what, since when, and the day it is looked at."""

    subject: str
    since: datetime
    day: date


class TaskKind(NamedTuple):
    """One kind of task."""

    role: str
    says: str
    """`{subject}` is what it is about; no personal detail."""
    done: Callable[[Case, Opened], bool]
    about_closing: bool = False


def _review(case: Case, name: str) -> ReviewFile | None:
    return next((found for found in reviews(case) if found.name == name), None)


def _held_or_moot(case: Case, name: str) -> bool:
    found = _review(case, name)
    return found is None or found.state != "scheduled"


def _nominated(case: Case, task: Opened) -> bool:
    found = _review(case, task.subject)
    return found is None or found.nomination is not None or found.state != "scheduled"


def _invited(case: Case, task: Opened) -> bool:
    name, _, kind = task.subject.partition(" ")
    found = _review(case, name)
    if found is None or found.state != "scheduled":
        return True
    served = invitations_served(case, name, clock.invitations(found.meets_on).due or found.meets_on)
    return kind in served.first_given if kind else not served.missing


def _decided(case: Case, task: Opened) -> bool:
    found = _review(case, task.subject)
    return found is None or found.decision is not None or found.cancelled


def _told(case: Case, task: Opened) -> bool:
    found = _review(case, task.subject)
    if found is None or found.cancelled:
        return True
    return not outcome_served(case, task.subject, clock.outcome(found.met_on).due or found.met_on).missing


def _next_review_set(case: Case, task: Opened) -> bool:
    before = _review(case, task.subject)
    return review_set_after(case, before.met_on if before else date.min) is not None


def _recorded(table: type) -> Callable[[Case, Opened], bool]:
    return lambda case, task: bool(case.of(table))


def _assessed(case: Case, task: Opened) -> bool:
    return any(row.recorded_at >= task.since for row in case.of(ReadinessAssessment))


def _step(kind: str) -> Callable[[Case, Opened], bool]:
    return lambda case, task: any(row.kind == kind for row in case.of(StatutoryStep))


def _notice_given(case: Case, task: Opened) -> bool:
    return bool(case.of(Notice)) and not notice_served(case, planned_start(case)).missing


def _return_planned(case: Case, task: Opened) -> bool:
    back = [row.happened_at for row in case.of(ReturnStep) if not row.begun]
    return any(not back or row.happened_at > back[-1] for row in case.of(ReturnPlan))


def _return_plan_whole(case: Case, task: Opened) -> bool:
    plan = case.newest(ReturnPlan)
    return plan is not None and bool(plan.support) and bool(plan.key_adult)


def _report_filed(case: Case, task: Opened) -> bool:
    closure = closed(case)
    return closure is not None and closure.report is not None


def _ended_or_kept(case: Case, task: Opened) -> bool:
    erased = {row.record_class for row in case.pupil.rows.of(RecordErased)}
    return task.subject in erased | {row.record_class for row in case.pupil.rows.of(RecordHold)}


TASKS: dict[str, TaskKind] = {
    # setup
    "consult": TaskKind(
        "head",
        "Consult about the placement, and record it: {subject}.",
        lambda case, task: any(row.consulted == task.subject for row in case.of(Consultation)),
    ),
    "check_provider": TaskKind(
        "head",
        "Verify every item (a to m) of the school's own checks of the provider.",
        lambda case, task: not not_in_order(case.provider, task.day),
    ),
    "confirm_safeguarding": TaskKind(
        "dsl",
        "Get and verify the provider's written confirmation of its safeguarding checks (item n).",
        lambda case, task: confirmed(case.provider, task.day),
    ),
    "assess_risk": TaskKind("dsl", "Make the risk assessment of the placement.", _recorded(RiskAssessment)),
    "determine": TaskKind(
        "clerk",
        "Have the governing body decide on the direction, and record its minute.",
        lambda case, task: determination(case) is not None,
    ),
    "give_notice": TaskKind(
        "clerk",
        "Complete the drafted notice, give it to everybody it must reach, and record that it was given.",
        _notice_given,
    ),
    "register_at_provider": TaskKind(
        "attendance", "Have the pupil registered at the receiving school as well.", _recorded(Registration)
    ),
    # objectives
    "agree_plan": TaskKind(
        "head",
        "Agree the plan in writing with the provider: at least one objective, each with measure and date.",
        lambda case, task: agreed_plan(case) is not None,
    ),
    "agree_readiness": TaskKind(
        "senco",
        "Agree how it will be judged that the pupil is ready to return.",
        lambda case, task: any(row.readiness is not None for row in case.of(Plan)),
    ),
    "record_start": TaskKind(
        "attendance",
        "Record on the first day that the pupil has started, or move the start.",
        lambda case, task: started(case) is not None,
    ),
    # review
    "schedule_review": TaskKind("clerk", "Set the next governor review, on this day or earlier.", _next_review_set),
    "nominate": TaskKind("clerk", "Name the board's representative at review {subject}.", _nominated),
    "invite": TaskKind(
        "clerk",
        "Send the drafted invitations to review {subject}, and record that they were sent.",
        _invited,
    ),
    "chase_invitation": TaskKind("clerk", "Still without an invitation: {subject}.", _invited),
    "hold_review": TaskKind(
        "clerk",
        "Hold and minute review {subject}, and record who came; or move it.",
        lambda case, task: _held_or_moot(case, task.subject),
    ),
    "decide": TaskKind("governors", "Record the decision of review {subject}, with its reasons and period.", _decided),
    "notify_outcome": TaskKind(
        "clerk",
        "Complete the drafted outcome of review {subject}, give it to everybody it must reach, and record it.",
        _told,
    ),
    "close_placement": TaskKind(
        "head",
        "Review {subject} decided that the direction ends: close the placement with its outcome.",
        lambda case, task: closed(case) is not None,
    ),
    # reintegration
    "assess_readiness": TaskKind(
        "head",
        "Look at the evidence on readiness to return that was filed, and record your assessment.",
        _assessed,
    ),
    "plan_return": TaskKind(
        "senco", "Plan the return: day, timetable, key adult, support package.", _return_planned
    ),
    "complete_return_plan": TaskKind(
        "senco", "Complete the return plan: it lacks a support package or a key adult.", _return_plan_whole
    ),
    # closure
    "final_report": TaskKind("head", "File the final report of the placement.", _report_filed, True),
    "end_census": TaskKind(
        "attendance", "Enter the leaving day in the census entry of the placement.", _step("census_end"), True
    ),
    "end_registration": TaskKind(
        "attendance", "End the dual registration with the receiving school.", _step("registration_end"), True
    ),
    "return_file": TaskKind(
        "attendance", "Get the pupil's file back from the receiving school.", _step("file_returned"), True
    ),
    "check_return": TaskKind(
        "senco",
        "Check how the return is going, {subject} after it began.",
        lambda case, task: any(f"{row.weeks} weeks" == task.subject for row in case.of(ReturnCheck)),
        True,
    ),
    "retain": TaskKind(
        "data_protection",
        "Keep the {subject} record until this day; then erase it, or record why it is kept.",
        _ended_or_kept,
        True,
    ),
}  # fmt: skip
"""Every kind of task, in the order in which a placement meets them."""
