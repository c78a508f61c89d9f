"""Setting up a placement: proposal, consultations, determination, notice, registration; and what changes on the way."""

from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field

from models.placement import (
    Consultation,
    Determination,
    Notice,
    Partnership,
    Placement,
    Registration,
    RiskAssessment,
    StatutoryStep,
    Terms,
)
from offsite.case.case import WEEKDAYS, Case
from offsite.case.direction import recipients
from offsite.case.direction.enforceable import is_school
from offsite.case.direction.terms import FULL_TIME, determination, started, terms
from offsite.case.loading import live_placements
from offsite.case.settings import setting
from offsite.casework.command import Command, NewRef, Ref, Text, Words, handles
from offsite.casework.commands.fields import (
    Day,
    Method,
    Recipients,
    SchoolDayCount,
    SessionTimes,
    Timetable,
    as_lists,
    times_stored,
)
from offsite.casework.issuing import Issue, keep_as_issued
from offsite.casework.refusals import NothingSaid, Refused, Senseless
from offsite.casework.work import Work
from offsite.law.clock import post_given
from offsite.letters.prescribed.notice import draft_notice

NoticeItem = Literal["address", "report_to", "days", "reasons", "objectives", "session_times"]


class ProposePlacement(Command):
    """Propose a placement: who, where, why, from when, for how many school days."""

    placement: Annotated[NewRef, Field(description="its reference; opaque, never a name")]
    pupil: Ref
    provider: Ref
    site: Ref | None = None
    purpose: Annotated[Literal["improve_behaviour", "sanction", "health", "other"], Field()]
    tried: Annotated[tuple[Text, ...], Field(description="what was tried in school")] = ()
    not_appropriate: Annotated[Text | None, Field(description="why nothing could be tried in school")] = None
    reasons: Text
    start: Annotated[Day, Field(description="first school day on which the pupil must attend")]
    days: Annotated[SchoolDayCount, Field(description="school days")]
    maximum_days: Annotated[SchoolDayCount | None, Field(description="school days; left out: the setting's weeks x 5")] = None
    sessions: Annotated[Timetable, Field(description='full_time, or {"mon": ["am", "pm"], ...} at the provider')]
    home_sessions: Annotated[Timetable | None, Field(description="left out: all the rest")] = None
    mode: Literal["on_site", "remote"] = "on_site"
    report_to: Words | None = None
    approved_by: Words | None = None
    supervised_by: Words | None = None
    reintegration_is_objective: bool = True
    census_reason: Words | None = None
    transport: Annotated[Text | None, Field(description="how the pupil travels, and who pays")] = None
    meals: Annotated[Text | None, Field(description="what the pupil eats at midday; free school meals")] = None


@handles(ProposePlacement)
def propose_placement(command: ProposePlacement, work: Work) -> None:
    """Refused where the start is no school day, or the pupil has another live placement at those sessions."""
    pupil, provider = work.pupil(command.pupil), work.provider(command.provider)
    work.touched.clear()
    days = work.school.school_days
    if days.covers(command.start) and not days.is_school_day(command.start):
        raise Senseless("start", command.start.isoformat(), f"a school day; it is: {days.why_closed(command.start)}")
    if command.site is not None and command.site not in provider.sites:
        raise Senseless("site", command.site, tuple(provider.sites) or "none is on record for this provider")
    placement = work.new(
        Placement(school_id=work.school_id, ref=command.placement, pupil_id=pupil.id, provider_id=provider.id),
        "placement",
    )
    if (placement.pupil_id, placement.provider_id) != (pupil.id, provider.id):
        raise Refused(
            f"placement {command.placement!r} keeps its pupil and provider; withdraw it and propose a new one.",
            field="placement",
        )
    sessions = as_lists(command.sessions)
    _refuse_overlap(work, pupil.id, placement.id, sessions)
    rest = {day: [s for s in FULL_TIME.get(day, []) if s not in sessions.get(day, [])] for day in WEEKDAYS}
    home = as_lists(command.home_sessions) if command.home_sessions is not None else {d: s for d, s in rest.items() if s}
    weeks = setting(work.school, "maximum_weeks", work.day)
    work.placement_id, work.pupil_id = placement.id, pupil.id
    work.touched.add(placement.id)
    work.add(
        Terms(
            placement_id=placement.id,
            purpose=command.purpose,
            tried=[work.seal(text) for text in command.tried],
            not_appropriate=work.seal(command.not_appropriate),
            reasons=work.seal(command.reasons),
            start=command.start,
            days=command.days,
            maximum_days=command.maximum_days or weeks * 5,
            sessions=sessions,
            home_sessions=home,
            mode=command.mode,
            site=command.site,
            report_to=command.report_to,
            approved_by=command.approved_by,
            supervised_by=command.supervised_by,
            reintegration_is_objective=command.reintegration_is_objective,
            census_reason=command.census_reason,
            transport=work.seal(command.transport),
            meals=work.seal(command.meals),
        )
    )
    work.start_flow("set-up-placement/set-up-placement", {"placement": command.placement, "school": work.school.urn})


def _refuse_overlap(work: Work, pupil_id: int, placement_id: int, sessions: dict[str, list[str]]) -> None:
    others = work.session.scalars(
        live_placements(work.school_id).where(Placement.pupil_id == pupil_id, Placement.id != placement_id)
    ).all()
    for other in others:
        case = work.look_at(other)
        theirs = terms(case).sessions
        both = [f"{day} {s}" for day, found in sessions.items() for s in found if s in theirs.get(day, [])]
        if both:
            raise Refused(
                f"sessions {', '.join(both[:4])}: the pupil has a live placement, {case.ref}, at them. "
                "Close or withdraw that one, or choose other sessions.",
                field="sessions",
            )


class RecordConsultation(Command):
    """Record that somebody was consulted about the placement."""

    placement: Ref
    consulted: Annotated[
        Literal["pupil", "parent", "provider", "local_authority", "social_worker", "virtual_school", "senco"],
        Field(alias="with"),
    ]
    said: Annotated[Text | None, Field(description="what they said, in their own words")] = None


@handles(RecordConsultation)
def record_consultation(command: RecordConsultation, work: Work) -> None:
    """Any number of times."""
    case = work.case(command.placement)
    work.add(Consultation(placement_id=case.id, consulted=command.consulted, said=work.seal(command.said)))


class AssessRisk(Command):
    """Record that the risk assessment was made or renewed."""

    placement: Ref


@handles(AssessRisk)
def assess_risk(command: AssessRisk, work: Work) -> None:
    """Any number of times."""
    work.add(RiskAssessment(placement_id=work.case(command.placement).id))


class Determine(Command):
    """Record that the governing body requires the pupil to attend off-site (Education Act 2002 s.29A)."""

    placement: Ref
    days: Annotated[SchoolDayCount | None, Field(description="school days; left out: as proposed")] = None
    minute: Words | None = None

    def edits(self) -> str:
        """The direction."""
        return f"determination {self.placement}"


@handles(Determine)
def determine(command: Determine, work: Work) -> None:
    """Refused where it is determined already. A wrong purpose is recorded, and alerted."""
    case = work.case(command.placement)
    if determination(case) is not None:
        raise Refused(f"placement {case.ref} is determined already; to change its terms use change_placement.")
    work.add(Determination(placement_id=case.id, days=command.days or terms(case).days, minute=command.minute))
    work.start_flow("set-up-placement/set-up-placement", {"placement": case.ref, "school": work.school.urn})


class ServeNotice(Command):
    """Record that recipients were given the notice of the direction; post counts two working days later."""

    placement: Ref
    to: Annotated[Recipients, Field(description="parent (all with responsibility), a parent's id, pupil, local_authority")]
    method: Method
    omit: Annotated[tuple[NoticeItem, ...], Field(description="prescribed items it leaves out")] = ()


@handles(ServeNotice)
def serve_notice(command: ServeNotice, work: Work) -> None:
    """An incomplete one is recorded too; the rules will say so. Refused where nothing is determined."""
    case = work.case(command.placement)
    decided = determination(case)
    if decided is None:
        raise Refused(f"placement {case.ref}: nothing is determined yet, so there is nothing to give notice of.")
    given_on = post_given(work.day) if command.method == "post" else work.day
    stood = terms(case)
    changed = stood.event_id != case.of(Terms)[0].event_id
    named = _named(case, command.to)
    letter = partial(draft_notice, case, work.texts, work.happened_at, omitted=command.omit)
    keep_as_issued(work, case, [Issue("notice", case.ref, named, letter)])
    for recipient in named:
        work.add(
            Notice(
                placement_id=case.id,
                recipient=recipient,
                method=command.method,
                sent_on=work.day,
                given_on=given_on,
                omitted=sorted(command.omit),
                start=stood.start,
                days=stood.days if changed else decided.days,
            )
        )
    work.start_flow("agree-objectives/agree-objectives", {"placement": case.ref, "school": work.school.urn})


def _named(case: Case, to: tuple[str, ...]) -> list[str]:
    """Recipients as they are recorded; raises Senseless for one that is none."""
    parents = {parent.ref for parent in case.pupil.parents}
    found: list[str] = []
    for name in to:
        if name == recipients.PARENT:
            if not parents:
                raise Senseless("to", name, "a parent with responsibility and contact; none is on record")
            found.extend(f"{recipients.PARENT}:{ref}" for ref in sorted(parents))
        elif name in parents:
            found.append(f"{recipients.PARENT}:{name}")
        elif name in (recipients.PUPIL, recipients.AUTHORITY):
            found.append(name)
        else:
            raise Senseless("to", name, ("parent", *sorted(parents), "pupil", "local_authority"))
    return list(dict.fromkeys(found))


class RegisterAtProvider(Command):
    """Record that the pupil was registered at the receiving school too (SI 2024/208 regs 8, 9)."""

    placement: Ref
    learned_on: Annotated[Day | None, Field(description="day the home school learned of it")] = None
    home_register_entered: bool = True


@handles(RegisterAtProvider)
def register_at_provider(command: RegisterAtProvider, work: Work) -> None:
    """Refused where the provider is no school."""
    case = work.case(command.placement)
    if not is_school(case, work.day):
        kind = case.provider.details_on(work.day).kind
        raise Refused(f"placement {case.ref}: the provider is no school (it is {kind}); a pupil is registered at schools only.")
    work.add(
        Registration(
            placement_id=case.id,
            learned_on=command.learned_on or work.day,
            home_register_entered=command.home_register_entered,
        )
    )


class RecordStatutoryStep(Command):
    """Record a return or step the law asks for."""

    after_close = True

    placement: Ref
    kind: Literal[
        "new_pupil", "transfer_file", "absence", "sickness", "enquiries", "penalty_notice_considered",
        "census_end", "registration_end", "file_returned",
    ]  # fmt: skip


@handles(RecordStatutoryStep)
def record_statutory_step(command: RecordStatutoryStep, work: Work) -> None:
    """Any number of times."""
    work.add(StatutoryStep(placement_id=work.case(command.placement).id, kind=command.kind))


class ChangePlacement(Command):
    """Change where, when or for how long; a fresh notice is then needed."""

    placement: Ref
    site: Ref | None = None
    address: Words | None = None
    report_to: Words | None = None
    session_times: SessionTimes | None = None
    sessions: Timetable | None = None
    start: Day | None = None
    days: SchoolDayCount | None = None
    transport: Annotated[Text | None, Field(description="how the pupil travels, and who pays")] = None
    meals: Annotated[Text | None, Field(description="what the pupil eats at midday; free school meals")] = None

    def edits(self) -> str:
        """The terms."""
        return f"terms {self.placement}"


@handles(ChangePlacement)
def change_placement(command: ChangePlacement, work: Work) -> None:
    """Refused where the start is moved though the pupil has started, or to a day that is no school day."""
    case = work.case(command.placement)
    now = terms(case)
    if command.model_fields_set <= {"placement"}:
        raise NothingSaid("change_placement", (name for name in ChangePlacement.model_fields if name != "placement"))
    days = work.school.school_days
    if command.start is not None:
        if started(case):
            raise Refused(f"placement {case.ref} has started; its start cannot be moved any more.", field="start")
        if days.covers(command.start) and not days.is_school_day(command.start):
            raise Senseless("start", command.start.isoformat(), f"a school day; it is: {days.why_closed(command.start)}")
    if command.site is not None and command.site not in case.provider.sites:
        raise Senseless("site", command.site, tuple(case.provider.sites))
    changed: dict[str, Any] = {
        "site": command.site,
        "address": command.address,
        "report_to": command.report_to,
        "session_times": times_stored(command.session_times),
        "sessions": as_lists(command.sessions) if command.sessions else None,
        "start": command.start,
        "days": command.days,
        "transport": work.seal(command.transport),
        "meals": work.seal(command.meals),
    }
    columns = (
        "purpose", "tried", "not_appropriate", "reasons", "start", "days", "maximum_days", "sessions", "home_sessions",
        "mode", "site", "address", "session_times", "report_to", "approved_by", "supervised_by",
        "reintegration_is_objective", "census_reason", "transport", "meals",
    )  # fmt: skip
    kept = {column: getattr(now, column) for column in columns}
    kept.update({name: value for name, value in changed.items() if value is not None})
    work.add(Terms(placement_id=case.id, **kept))
    work.start_flow("set-up-placement/set-up-placement", {"placement": case.ref, "school": work.school.urn})


class RecordPartnership(Command):
    """Record the working partnership of a long stay: exam centre, PE, equipment, pastoral, curriculum."""

    placement: Ref


@handles(RecordPartnership)
def record_partnership(command: RecordPartnership, work: Work) -> None:
    """Any number of times."""
    work.add(Partnership(placement_id=work.case(command.placement).id))
