"""One placement as somebody sees it: each part is there only where their sight reaches it."""

from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import chronology
from models.attendance import Contact, Visit
from models.chronology import Correction, Event
from models.encrypted_text import Texts
from models.placement import Placement
from models.plan import ObjectiveAssessment, ProgressReport
from offsite.access.sight import Attendance, Checks, Concerns, Facts, Health, Review, Sight
from offsite.access.viewer import Viewer
from offsite.case.attendance.tally import Tally, combined, in_register
from offsite.case.case import Case
from offsite.case.direction.enforceable import enforceable
from offsite.case.direction.plans import agreed_plan, objectives
from offsite.case.direction.terms import planned_start, start_day, terms
from offsite.case.governors.reviews import ReviewFile, requests, reviews
from offsite.case.loading import load_cases
from offsite.case.safeguarding.concerns import ConcernFile, concerns
from offsite.case.safeguarding.vulnerability import ATTRIBUTES, vulnerable
from offsite.case.statutory_clock import deadlines
from offsite.casework.replay.answer import placement_shown
from offsite.casework.tasks.gates import gates
from offsite.casework.tasks.open_tasks import open_tasks
from offsite.law.london import day_of


class Count(BaseModel):
    """Attendance in one register, as counts of sessions."""

    register_: str
    attended: int
    possible: int

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


class ConcernView(BaseModel):
    """One concern: how it stands; its text is on a page of its own, where each look is logged."""

    name: str
    kind: str
    raised: datetime
    triaged: bool
    closed: bool


class EventView(BaseModel):
    """One entry of the chronology."""

    number: int
    happened: datetime
    recorded: datetime
    late_entry: bool
    what: str
    by: str
    says: dict[str, Any]
    corrected: bool


class PlacementView(BaseModel):
    """A placement. A part that is None is not for the one who looks."""

    placement: str
    as_of: datetime
    stage: str
    held: bool
    transitional: bool
    start: date | None = None
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
    weeks: list[tuple[date, int, int]] | None = None
    """Monday, attended and possible sessions, both registers together."""
    contacts: list[tuple[datetime, str]] | None = None
    reviews: list[ReviewView] | None = None
    requests: list[dict[str, Any]] | None = None
    concerns: list[ConcernView] | None = None
    concern_flag: bool | None = None
    checks: dict[str, str] | None = None
    vulnerable: bool | None = None
    attributes: list[str] | None = None
    chronology: list[EventView] | None = None
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
        held=basic["held"],
        transitional=basic["transitional"],
        chronology_head=head,
        seen=number,
    )
    if sight.facts >= Facts.DATES:
        _dates(view, case, basic, day)
        view.tasks = [task._asdict() for task in open_tasks(session, case, at) if _concerns_me(task.role, viewer)]
        view.clock = [duty.shown() for duty in deadlines(case, at)]
    if sight.facts >= Facts.ALL:
        _facts(view, case, texts, day)
        view.contacts = _contacts(case)
    if sight.facts >= Facts.ALL or viewer.may("start"):
        view.gates = [gate._asdict() for gate in gates(case, day)] if view.stage in ("setup", "objectives") else []
    if sight.attendance >= Attendance.OWN:
        _attendance(view, case, sight.attendance, day)
    if sight.review >= Review.OWN_PART:
        view.reviews = [_review(found) for found in reviews(case)]
        view.requests = [{"name": r.name, "asked_by": r.asked_by, "asked_on": r.asked_on} for r in requests(case)]
    raised = [c for c in concerns(case) if not viewer.barred(c.raised)]
    if sight.concerns >= Concerns.FLAG:
        view.concern_flag = any(not c.closed for c in raised)
    if sight.concerns >= Concerns.RAISED:
        view.concerns = [_concern(c) for c in raised if sight.concerns >= Concerns.SUMMARY or raised_by(session, c, viewer)]
    if sight.checks >= Checks.OWN:
        view.checks = {item: check.status for item, check in sorted(case.provider.standing_checks.items())}
    if sight.health >= Health.VULNERABLE:
        view.vulnerable = vulnerable(case, day)
    if sight.health >= Health.RELEVANT:
        view.attributes = [name for name in ATTRIBUTES if case.pupil.has(name, day)]
    if (sight.facts >= Facts.ALL and sight.concerns >= Concerns.SUMMARY) or sight.facts is Facts.METADATA:
        view.chronology = _chronology(session, case, viewer, says=sight.facts is not Facts.METADATA)
    return view


def _concerns_me(role: str, viewer: Viewer) -> bool:
    return viewer.holds(role, "dsl", "deputy_dsl", "head")


def _dates(view: PlacementView, case: Case, basic: dict[str, Any], day: date) -> None:
    start, ends = planned_start(case), basic["period_ends"]
    view.start = start
    view.period_ends = date.fromisoformat(ends) if ends else None
    view.pupil, view.provider = case.pupil.ref, case.provider.ref
    view.pupil_name = case.pupil.details.name
    details = case.provider.details_on(day)
    view.provider_name, view.provider_phone = details.name, details.contact_phone
    if view.period_ends is not None:
        whole = (view.period_ends - start).days // 7 + 1
        view.week = (min(max((day - start).days // 7 + 1, 0), whole), whole)


def _facts(view: PlacementView, case: Case, texts: Texts, day: date) -> None:
    stood, legal = terms(case), enforceable(case, day)
    view.purpose = stood.purpose
    view.reasons = texts.open(stood.reasons, case.pupil.id)
    view.enforceable, view.enforceable_because = legal.yes, legal.because
    plan = agreed_plan(case)
    results = {row.objective: row.result for row in case.of(ObjectiveAssessment)}
    rated = [(day_of(r.happened_at), r.ratings) for r in case.of(ProgressReport)]
    view.objectives = [
        ObjectiveView(
            name=o.name,
            text=texts.open(o.text, case.pupil.id),
            measure=texts.open(o.measure, case.pupil.id),
            by=o.by,
            result=results.get(o.name),
            ratings=[(on, ratings[o.name]) for on, ratings in rated if o.name in ratings],
        )
        for o in (objectives(case, plan) if plan else ())
    ]


def _contacts(case: Case) -> list[tuple[datetime, str]]:
    made = [(row.happened_at, f"contact with the {row.contacted}") for row in case.of(Contact)]
    return sorted([*made, *((row.happened_at, "visit to the provider") for row in case.of(Visit))])


def _attendance(view: PlacementView, case: Case, sight: Attendance, day: date) -> None:
    first = start_day(case) or planned_start(case)
    there = in_register(case.provider_marks, first, day)
    counts = {"provider's register": there}
    if sight >= Attendance.SUMMARY:
        counts = {
            "home register": in_register(case.home_marks, first, day),
            **counts,
            "both together": combined(case, first, day),
        }
    view.attendance = [Count(register_=name, attended=t.possible - t.missed, possible=t.possible) for name, t in counts.items()]
    if sight >= Attendance.SUMMARY:
        view.weeks = weeks_of(case, first, day)


def weeks_of(case: Case, first: date, last: date) -> list[tuple[date, int, int]]:
    """Week by week from `first` to `last`: its Monday, sessions attended, sessions possible; both registers together."""
    monday, found = first - timedelta(first.weekday()), []
    while monday <= last:
        tally: Tally = combined(case, max(monday, first), min(monday + timedelta(6), last))
        found.append((monday, tally.possible - tally.missed, tally.possible))
        monday += timedelta(7)
    return found


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


def _concern(found: ConcernFile) -> ConcernView:
    return ConcernView(
        name=found.name, kind=found.raised.kind, raised=found.raised.happened_at, triaged=found.triaged, closed=found.closed
    )


def raised_by(session: Session, concern: ConcernFile, viewer: Viewer) -> bool:
    """Whether it was the viewer who raised a concern."""
    return session.scalar(select(Event.by).where(Event.id == concern.raised.event_id)) == viewer.ref


def _chronology(session: Session, case: Case, viewer: Viewer, *, says: bool) -> list[EventView]:
    hidden = {c.raised.event_id for c in concerns(case) if viewer.barred(c.raised)}
    wanted = select(Event).where(Event.placement_id == case.id, Event.school_id == viewer.school_id).order_by(Event.number)
    events = session.scalars(wanted).all()
    corrected = set(
        session.scalars(select(Correction.corrected_event_id).where(Correction.corrected_event_id.in_([e.id for e in events])))
    )
    return [
        EventView(
            number=e.number,
            happened=e.happened_at,
            recorded=e.recorded_at,
            late_entry=day_of(e.happened_at) < day_of(e.recorded_at),
            what=e.kind,
            by=e.by,
            says={k: v for k, v in e.payload.items() if says and not str(v).startswith("sealed:")},
            corrected=e.id in corrected,
        )
        for e in events
        if e.id not in hidden
    ]
