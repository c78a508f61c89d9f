"""One placement as somebody sees it: each part is there only where their sight reaches it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import chronology
from models.chronology import Event
from models.encrypted_text import Texts
from models.placement import Placement
from models.plan import ObjectiveAssessment, ProgressReport
from offsite.access.sight import Attendance, Checks, Concerns, Facts, Health, Review, Sight
from offsite.access.viewer import Viewer
from offsite.case.attendance.tally import alone, together
from offsite.case.attendance.weeks import by_week
from offsite.case.case import Case, MarkRow, Slot
from offsite.case.direction.enforceable import enforceable
from offsite.case.direction.plans import agreed_plan, objectives
from offsite.case.direction.terms import planned_start, start_day, terms
from offsite.case.governors.reviews import ReviewFile, requests, reviews
from offsite.case.loading import load_cases
from offsite.case.safeguarding.concerns import ConcernFile, concerns
from offsite.case.safeguarding.vulnerability import ATTRIBUTES, vulnerable
from offsite.case.stage import passed
from offsite.case.statutory_clock import Duty
from offsite.casework.replay.answer import placement_shown
from offsite.casework.tasks.gates import gates
from offsite.casework.tasks.open_tasks import open_tasks
from offsite.law.london import day_of
from offsite.views.placements.chronology import Verified, verified
from offsite.views.placements.contacts import ContactView, contacts_and_visits
from offsite.views.placements.timeline import timeline
from offsite.views.safeguarding.concerns import raised_by, speak_to


class Count(BaseModel):
    """Attendance in one register, as counts of sessions."""

    register_: str
    attended: int
    possible: int
    weeks: list[tuple[date, int, int]] = []
    """Week by week: its Monday, sessions attended, sessions possible."""

    @property
    def percent(self) -> int | None:
        """For show only, rounded down."""
        return self.attended * 100 // self.possible if self.possible else None


class ObjectiveView(BaseModel):
    """One objective and how it goes."""

    name: str
    text: str | None
    measure: str | None
    by: date | None
    result: str | None
    ratings: list[tuple[date, str]]


class ReviewView(BaseModel):
    """One review meeting."""

    name: str
    meets_on: date
    state: str
    invited: list[str]
    views_from: list[str]
    decision: str | None
    notified: list[str]


class ConcernLine(BaseModel):
    """One concern: how it stands; its text is on a page of its own, where each look is logged."""

    name: str
    kind: str
    raised: datetime
    triaged: bool
    closed: bool

    @property
    def state(self) -> str:
        """In words."""
        return "closed" if self.closed else "triaged, open" if self.triaged else "not triaged"


class PlacementView(BaseModel):
    """A placement. A part that is None is not for the one who looks."""

    placement: str
    as_of: datetime
    stage: str
    passed: list[str] | None = None
    """The stages that lie behind it. Of a closed placement they tell how it went, so they are for those who see its dates."""
    held: bool
    transitional: bool
    start: date | None = None
    """As planned."""
    begun: date | None = None
    """The day the pupil started, once it was recorded."""
    period_ends: date | None = None
    week: tuple[int, int] | None = None
    """Week n of m, in weeks from the start."""
    pupil: str | None = None
    """Reference."""
    pupil_name: str | None = None
    provider: str | None = None
    provider_name: str | None = None
    provider_phone: str | None = None
    purpose: str | None = None
    reasons: str | None = None
    enforceable: bool | None = None
    enforceable_because: str | None = None
    tasks: list[dict[str, Any]] | None = None
    gates: list[dict[str, Any]] | None = None
    clock: list[dict[str, Any]] | None = None
    objectives: list[ObjectiveView] | None = None
    attendance: list[Count] | None = None
    contacts: list[ContactView] | None = None
    reviews: list[ReviewView] | None = None
    requests: list[dict[str, Any]] | None = None
    concerns: list[ConcernLine] | None = None
    concern_flag: bool | None = None
    speak_to: str | None = None
    """Whom somebody asks about the open concerns."""
    checks: dict[str, str] | None = None
    vulnerable: bool | None = None
    attributes: list[str] | None = None
    timeline: list[tuple[date, str, bool]] | None = None
    """Day, what, and whether it is still to come: what a reader needs of the placement's course."""
    verified: Verified | None = None
    chronology_head: str
    seen: int


def placement_view(session: Session, viewer: Viewer, ref: str, texts: Texts) -> tuple[PlacementView, Case] | None:
    """A placement as `viewer` sees it, and its case; None where it is not theirs to see, or there is none."""
    wanted = select(Placement.id).where(Placement.school_id == viewer.school_id, Placement.ref == ref)
    found = session.scalars(wanted).first()
    if found is None:
        return None
    case = load_cases(session, viewer.school, [found])[0]
    sight = viewer.sight(case)
    if sight.facts is Facts.NOTHING:
        return None
    return _view(session, viewer, case, sight, texts), case


def _view(session: Session, viewer: Viewer, case: Case, sight: Sight, texts: Texts) -> PlacementView:
    at, day = viewer.at, viewer.today
    number, head = chronology.head(session, case.school.id)
    basic = placement_shown(case, at)
    view = PlacementView(
        placement=case.ref,
        as_of=at,
        stage=basic["stage"],
        passed=None if basic["stage"] == "closed" and sight.facts < Facts.DATES else list(passed(case, at)),
        held=basic["held"],
        transitional=basic["transitional"],
        chronology_head=head,
        seen=number,
    )
    if sight.facts >= Facts.DATES:
        _dates(view, case, basic, day)
        barred = viewer.barred_in(case)
        tasks = (task for task in open_tasks(session, case, at) if barred.isdisjoint(task.subject.split()))
        view.tasks = [task._asdict() for task in tasks if _concerns_me(task.role, viewer)]
        view.clock = _clock(session, viewer.duties(case))
    if sight.facts >= Facts.OBJECTIVES:
        view.objectives = _objectives(case, texts)
    if sight.facts >= Facts.ALL:
        _facts(view, case, texts, day)
    if sight.facts >= Facts.ALL or sight.attendance >= Attendance.ALL:
        view.contacts = contacts_and_visits(session, viewer, case, texts)
    if sight.facts >= Facts.ALL or viewer.may("start"):
        view.gates = [gate._asdict() for gate in gates(case, day)] if view.stage in ("setup", "objectives") else []
    if sight.attendance >= Attendance.OWN:
        _attendance(view, case, sight.attendance, day)
    if sight.review >= Review.OWN_PART:
        view.reviews = [_review(found) for found in reviews(case)]
        view.requests = [{"name": r.name, "asked_by": r.asked_by, "asked_on": r.asked_on} for r in requests(case)]
    raised = [c for c in concerns(case) if not viewer.barred(c.raised)]
    if sight.concerns >= Concerns.FLAG:
        still_open = [c.raised for c in raised if not c.closed]
        view.concern_flag, view.speak_to = bool(still_open), speak_to(viewer, still_open) if still_open else None
    if sight.concerns >= Concerns.RAISED:
        if sight.concerns < Concerns.SUMMARY:
            own = raised_by(session, viewer, [c.raised for c in raised])
            raised = [c for c in raised if c.raised.event_id in own]
        view.concerns = [_concern(c) for c in raised]
    if sight.checks >= Checks.OWN:
        view.checks = {item: check.status for item, check in sorted(case.provider.standing_checks.items())}
    if sight.facts >= Facts.DATES:
        view.timeline = timeline(case, day)
    if sight.health >= Health.VULNERABLE:
        view.vulnerable = vulnerable(case, day)
    if sight.health >= Health.RELEVANT:
        view.attributes = [name for name in ATTRIBUTES if case.pupil.has(name, day)]
    if (sight.facts >= Facts.ALL and sight.concerns >= Concerns.SUMMARY) or sight.facts is Facts.METADATA:
        view.verified = verified(session, viewer, case)
    return view


def _concerns_me(role: str, viewer: Viewer) -> bool:
    return viewer.holds(role, "dsl", "deputy_dsl", "head")


def _dates(view: PlacementView, case: Case, basic: dict[str, Any], day: date) -> None:
    start, ends = planned_start(case), basic["period_ends"]
    view.start, view.begun = start, start_day(case)
    view.period_ends = date.fromisoformat(ends) if ends else None
    view.pupil, view.provider = case.pupil.ref, case.provider.ref
    view.pupil_name = case.pupil.details.name
    details = case.provider.details_on(day)
    view.provider_name, view.provider_phone = details.name, details.contact_phone
    if view.period_ends is not None:
        whole = (view.period_ends - start).days // 7 + 1
        view.week = (min(max((day - start).days // 7 + 1, 0), whole), whole)


def _clock(session: Session, duties: Sequence[Duty]) -> list[dict[str, Any]]:
    """Each duty with its proof; `met_by`: the numbers of the entries of the chronology that met it."""
    met_by = [id_ for duty in duties for id_ in duty.met_by]
    found = session.execute(select(Event.id, Event.number).where(Event.id.in_(met_by))) if met_by else ()
    numbers = {id_: number for id_, number in found}
    return [duty.shown() | {"met_by": sorted(numbers[id_] for id_ in duty.met_by)} for duty in duties]


def _facts(view: PlacementView, case: Case, texts: Texts, day: date) -> None:
    stood, legal = terms(case), enforceable(case, day)
    view.purpose = stood.purpose
    view.reasons = texts.shown(stood.reasons, case.pupil.id)
    view.enforceable, view.enforceable_because = legal.yes, legal.because


def _objectives(case: Case, texts: Texts) -> list[ObjectiveView]:
    plan = agreed_plan(case)
    results = {row.objective: row.result for row in case.of(ObjectiveAssessment)}
    rated = [(day_of(r.happened_at), r.ratings) for r in case.of(ProgressReport)]
    return [
        ObjectiveView(
            name=o.name,
            text=texts.shown(o.text, case.pupil.id),
            measure=texts.shown(o.measure, case.pupil.id),
            by=o.by,
            result=results.get(o.name),
            ratings=[(on, ratings[o.name]) for on, ratings in rated if o.name in ratings],
        )
        for o in (objectives(case, plan) if plan else ())
    ]


def _attendance(view: PlacementView, case: Case, sight: Attendance, day: date) -> None:
    """Three ways, for those who see both registers: home register, provider's register, both together (domain.md, 6)."""
    first = start_day(case) or planned_start(case)
    view.attendance = [counted("provider's register", alone(case.provider_marks, first, day), first, day)]
    if sight >= Attendance.SUMMARY:
        home = counted("home register", alone(case.home_marks, first, day), first, day)
        view.attendance = [home, *view.attendance, counted_together(case, first, day)]


def counted_together(case: Case, first: date, last: date) -> Count:
    """Attendance of both registers together, first to last day inclusive."""
    return counted("both together", together(case, first, last), first, last)


def counted(register: str, marks: Iterable[tuple[Slot, MarkRow]], first: date, last: date) -> Count:
    """The attendance that marks from the first to the last day tell of, in all and week by week."""
    weeks = [(monday, n.possible - n.missed, n.possible) for monday, n in by_week(marks, first, last).items()]
    attended, possible = sum(here for _, here, _ in weeks), sum(whole for _, _, whole in weeks)
    return Count(register_=register, attended=attended, possible=possible, weeks=weeks)


def _review(found: ReviewFile) -> ReviewView:
    return ReviewView(
        name=found.name,
        meets_on=found.met_on,
        state=found.state,
        invited=[row.recipient for row in found.invitations],
        views_from=[row.sender for row in found.views],
        decision=found.decision.decision if found.decision else None,
        notified=[row.recipient for row in found.outcomes],
    )


def _concern(found: ConcernFile) -> ConcernLine:
    return ConcernLine(
        name=found.name, kind=found.raised.kind, raised=found.raised.happened_at, triaged=found.triaged, closed=found.closed
    )
