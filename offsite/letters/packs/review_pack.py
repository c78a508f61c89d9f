"""The review pack: what a governor reads before a review. Progress, attendance three ways, contacts, voices, the clock.

Of concerns a governor sees how many there are, not what they say. Attendance runs from the start to the day before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.attendance import Contact, Visit
from models.encrypted_text import Texts
from models.placement import Consultation
from models.plan import ObjectiveAssessment, ProgressReport
from offsite.case.attendance.tally import Tally, combined, in_register
from offsite.case.case import Case
from offsite.case.direction.plans import agreed_plan, objectives
from offsite.case.direction.readiness import evidence
from offsite.case.direction.terms import planned_start, start_day
from offsite.case.governors.reviews import ReviewFile
from offsite.case.governors.reviews import review as review_of
from offsite.case.safeguarding.concerns import concerns
from offsite.case.statutory_clock import deadlines
from offsite.law.london import day_of
from offsite.letters.letter import Blanks, Foot, Letter, compose
from offsite.letters.packs.readiness import VERDICTS
from offsite.letters.parties import in_words
from offsite.letters.words import counted, day_in_words

BAR = 20
"""Width of the chart of attendance, in signs."""
RESULTS: Mapping[str, str] = {"met": "met", "partly": "partly met", "not_met": "not met"}


@dataclass(frozen=True)
class PackFields:
    """What the pack says, in words."""

    school: str
    pupil: str
    provider: str
    review: str
    meets: str
    since: str
    objectives: tuple[str, ...]
    attendance: tuple[tuple[str, str, str], ...]
    """Register, figures, bar."""
    concerns: str
    visits_and_contacts: tuple[str, ...]
    report: str
    voices: tuple[str, ...]
    readiness: tuple[tuple[str, str, str], ...]
    clock: tuple[str, ...]


def draft_review_pack(case: Case, review: str, texts: Texts, at: datetime, head: str = "") -> Letter:
    """Draft the pack of a review. Raises KeyError for no such review, TextUnreadable where a key is lost."""
    day = day_of(at)
    meeting = review_of(case, review)
    begun = start_day(case) or planned_start(case)
    fields = PackFields(
        school=case.school.details_on(day).name,
        pupil=case.pupil.details.name,
        provider=case.provider.details_on(day).name,
        review=review,
        meets=day_in_words(meeting.meets_on),
        since=day_in_words(begun),
        objectives=_objectives(case, texts) or ("No plan is agreed.",),
        attendance=_attendance(case, begun, day - timedelta(days=1)),
        concerns=_concerns(case),
        visits_and_contacts=_visits_and_contacts(case, begun),
        report=_report(case, texts),
        voices=_voices(case, meeting, begun) or ("No views are on record since the start.",),
        readiness=tuple(
            ((texts.open(e.criterion, case.pupil.id) or "").replace("_", " "), VERDICTS[e.verdict], e.figures)
            for e in evidence(case, at)
        ),
        clock=tuple(
            f"{duty.deadline.duty.replace('_', ' ')} of {duty.of}: "
            f"due {day_in_words(duty.deadline.due) if duty.deadline.due else 'cannot tell'}, {duty.verdict}"
            for duty in deadlines(case, at)
        ),
    )
    return compose("review_pack", review, fields, Foot(case.ref, day_in_words(day), head), Blanks())


def _objectives(case: Case, texts: Texts) -> tuple[str, ...]:
    plan = agreed_plan(case)
    results = {row.objective: row.result for row in case.of(ObjectiveAssessment)}
    report = case.newest(ProgressReport)
    lines = []
    for objective in objectives(case, plan) if plan else ():
        said = texts.open(objective.text, case.pupil.id) or objective.name
        result = RESULTS.get(results.get(objective.name, ""), "not assessed")
        rated = report.ratings.get(objective.name) if report else None
        lines.append(f"{said}: {result}; provider's last rating {rated or 'none'}")
    return tuple(lines)


def _attendance(case: Case, first: date, last: date) -> tuple[tuple[str, str, str], ...]:
    counted_in = {
        "home register": in_register(case.home_marks, first, last),
        "provider's register": in_register(case.provider_marks, first, last),
        "both together": combined(case, first, last),
    }
    return tuple((register, _figures(tally), _bar(tally)) for register, tally in counted_in.items())


def _figures(tally: Tally) -> str:
    if not tally.possible:
        return "no possible session marked"
    share = (tally.possible - tally.missed) * 100 // tally.possible
    return f"{tally.possible - tally.missed} of {tally.possible} possible sessions ({share}%)"


def _bar(tally: Tally) -> str:
    full = (tally.possible - tally.missed) * BAR // tally.possible if tally.possible else 0
    return "#" * full + "." * (BAR - full)


def _concerns(case: Case) -> str:
    raised = concerns(case)
    still_open = sum(not concern.closed for concern in raised)
    return f"{counted(len(raised), 'concern')} raised, {still_open} open. The safeguarding lead speaks to them."


def _visits_and_contacts(case: Case, first: date) -> tuple[str, ...]:
    visits = [day_of(row.happened_at) for row in case.of(Visit) if day_of(row.happened_at) >= first]
    lines = [f"{counted(len(visits), 'visit')}" + (f", the last on {day_in_words(visits[-1])}" if visits else "")]
    for who in ("provider", "parent", "pupil"):
        made = [day_of(r.happened_at) for r in case.of(Contact) if r.contacted == who and day_of(r.happened_at) >= first]
        last = f", the last on {day_in_words(made[-1])}" if made else ""
        lines.append(f"{counted(len(made), 'contact')} with the {who}{last}")
    return tuple(lines)


def _report(case: Case, texts: Texts) -> str:
    report = case.newest(ProgressReport)
    if report is None:
        return "The provider has not reported."
    note = texts.open(report.note, case.pupil.id)
    return f"Reported on {day_in_words(day_of(report.happened_at))}. {note or 'No words were added to the ratings.'}"


def _voices(case: Case, meeting: ReviewFile, first: date) -> tuple[str, ...]:
    heard = [
        f"{row.consulted.replace('_', ' ')} consulted on {day_in_words(day_of(row.happened_at))}"
        for row in case.of(Consultation)
        if row.consulted in ("pupil", "parent") and day_of(row.happened_at) >= first
    ]
    sent = [
        f"views in writing from {in_words(case, view.sender, meeting.meets_on)}, "
        f"received on {day_in_words(day_of(view.happened_at))}"
        for view in meeting.views
    ]
    return (*heard, *sent)
