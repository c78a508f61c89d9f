"""The review pack: what is read before a review. Progress, attendance three ways, concerns as far as the reader may see them,
visits and contacts, the provider's report, voices, readiness, the clock. Attendance runs from the start to the day before.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.attendance import Visit
from models.encrypted_text import Texts
from models.placement import Consultation
from models.plan import ProgressReport
from offsite.access.sight import Concerns
from offsite.case.attendance.contacts import contacts
from offsite.case.attendance.tally import Tally, combined, in_register
from offsite.case.attendance.weeks import three_ways
from offsite.case.case import Case
from offsite.case.direction.period import period_end
from offsite.case.direction.readiness import evidence
from offsite.case.direction.terms import planned_start, start_day, terms
from offsite.case.governors.reviews import ReviewFile
from offsite.case.governors.reviews import review as review_of
from offsite.case.safeguarding.concerns import concerns, without
from offsite.case.statutory_clock import LADO, Duty, deadlines
from offsite.law.calendars import CalendarTooShort
from offsite.law.london import day_of
from offsite.letters.charts import attendance_figure, in_figures
from offsite.letters.common import frame
from offsite.letters.letter import Blanks, Letter, compose
from offsite.letters.packs.concerns import ConcernWords, against_nobody, concerns_in_words
from offsite.letters.packs.progress import Progress, progress
from offsite.letters.packs.readiness import evidence_in_words
from offsite.letters.parties import in_words
from offsite.letters.records.clock_proof import duty_in_words, verdict_in_words
from offsite.letters.words import counted, day_in_words, time_in_words

REPORTS = 3
"""Of the provider's reports the newest so many are printed."""


@dataclass(frozen=True)
class PackFields:
    """What the pack says, in words."""

    title: str
    about: str
    placement: tuple[tuple[str, str], ...]
    objectives: tuple[Progress, ...]
    attendance: tuple[tuple[str, str], ...]
    """Register and figures."""
    weeks: tuple[tuple[str, str, str, str], ...]
    """Week, home register, provider's register, both together."""
    concerns: ConcernWords
    visits: tuple[tuple[str, str, str], ...]
    """Day, what was seen and heard of the pupil, actions."""
    contacts: tuple[str, ...]
    reports: tuple[tuple[str, str], ...]
    """Day and words, the newest first."""
    voices: tuple[tuple[str, str, str], ...]
    """Who, when and how, what they said."""
    readiness: tuple[tuple[str, str, str], ...]
    clock: tuple[tuple[str, str, str, str], ...]
    """Duty, due, met, verdict."""


def draft_review_pack(
    case: Case,
    review: str,
    texts: Texts,
    at: datetime,
    head: str = "",
    level: Concerns = Concerns.SUMMARY,
    told: Collection[str] | None = None,
    duties: Iterable[Duty] | None = None,
) -> Letter:
    """Draft the pack of a review, for a reader who sees concerns as far as `level`, of them those named in `told`, and these
    duties; left out, the concerns that are against nobody, and the duties that tell of none, since several read it. Raises
    KeyError for no such review, TextUnreadable where a key is lost."""
    day, meeting = day_of(at), review_of(case, review)
    names = against_nobody(case) if told is None else told
    untold = {concern.name for concern in concerns(case)}.difference(names)
    begun = start_day(case) or planned_start(case)
    last = max(day - timedelta(days=1), begun)
    weeks = three_ways(case, begun, last)
    whose = ": the safeguarding lead's copy, not for the meeting" if level >= Concerns.ALL else ""
    fields = PackFields(
        title=f"Review pack{whose}",
        about=f"{case.pupil.details.name}, for the review on {_meets(meeting)}",
        placement=_placement(case, texts, meeting, begun),
        objectives=tuple(progress(case, texts)),
        attendance=_attendance(case, begun, last),
        weeks=tuple(
            (day_in_words(w.monday), in_figures(w.home), in_figures(w.provider), in_figures(w.together)) for w in weeks
        ),
        concerns=concerns_in_words(case, texts, level, names),
        visits=tuple(_visits(case, texts, begun)),
        contacts=_contacts(case, begun),
        reports=tuple(_reports(case, texts)),
        voices=tuple(_voices(case, texts, meeting)),
        readiness=evidence_in_words(case, evidence(without(case, untold), at), texts, level),
        clock=tuple(
            (
                duty_in_words(duty),
                day_in_words(duty.due) if duty.due else "the law sets no day",
                day_in_words(duty.met) if duty.met else "not yet",
                verdict_in_words(duty),
            )
            for duty in ((d for d in deadlines(case, at) if d.duty != LADO) if duties is None else duties)
        ),
    )
    chart = attendance_figure(weeks)
    return compose("review_pack", review, fields, frame(case.school, case.ref, day, head), Blanks(), chart=chart)


def _meets(meeting: ReviewFile) -> str:
    at = f", {time_in_words(meeting.meets_at)}" if meeting.meets_at else ""
    return f"{day_in_words(meeting.meets_on)}{at}"


def _placement(case: Case, texts: Texts, meeting: ReviewFile, begun: date) -> tuple[tuple[str, str], ...]:
    try:
        ends = day_in_words(period_end(case))
    except CalendarTooShort:
        ends = "cannot tell: the calendar on file does not reach it"
    nominated = texts.open(meeting.nomination.name, case.pupil.id) if meeting.nomination else None
    return (
        ("School", case.school.details_on(meeting.meets_on).name),
        ("Provider", case.provider.details_on(meeting.meets_on).name),
        ("Attends since", day_in_words(begun)),
        ("Last day of the period", ends),
        ("Reasons", texts.open(terms(case).reasons, case.pupil.id) or "not on record"),
        ("Review", f"{meeting.name}{f', {meeting.place}' if meeting.place else ''}"),
        ("For the board", nominated or "not named yet"),
    )


def _attendance(case: Case, first: date, last: date) -> tuple[tuple[str, str], ...]:
    counted_in = {
        "Home register": in_register(case.home_marks, first, last),
        "Provider's register": in_register(case.provider_marks, first, last),
        "Both together": combined(case, first, last),
    }
    return tuple((register, _figures(tally)) for register, tally in counted_in.items())


def _figures(tally: Tally) -> str:
    if not tally.possible:
        return "no possible session marked"
    share = (tally.possible - tally.missed) * 100 // tally.possible
    return f"{tally.possible - tally.missed} of {tally.possible} possible sessions ({share} %)"


def _visits(case: Case, texts: Texts, first: date) -> Iterator[tuple[str, str, str]]:
    for row in reversed(case.of(Visit)):
        if day_of(row.happened_at) >= first:
            seen, actions = (texts.open(part, case.pupil.id) for part in (row.pupil_seen, row.actions))
            yield day_in_words(day_of(row.happened_at)), seen or "not recorded", actions or "none recorded"


def _contacts(case: Case, first: date) -> tuple[str, ...]:
    lines = []
    for who in ("provider", "parent", "pupil"):
        made = [on for row in contacts(case, who) if (on := day_of(row.happened_at)) >= first]
        last = f", the last on {day_in_words(made[-1])}" if made else ""
        lines.append(f"With the {who}: {counted(len(made), 'contact')}{last}.")
    return tuple(lines)


def _reports(case: Case, texts: Texts) -> Iterator[tuple[str, str]]:
    for report in reversed(case.of(ProgressReport)[-REPORTS:]):
        note = texts.open(report.note, case.pupil.id)
        yield day_in_words(day_of(report.happened_at)), note or "No words were added to the ratings."


def _voices(case: Case, texts: Texts, meeting: ReviewFile) -> Iterator[tuple[str, str, str]]:
    """What pupil and parent said when they were consulted, and whose views came for this review."""
    for row in case.of(Consultation):
        if row.consulted in ("pupil", "parent"):
            said = texts.open(row.said, case.pupil.id) or "What was said is not on record."
            yield in_words(case, row.consulted, meeting.meets_on), f"consulted on {_on(row.happened_at)}", said
    for view in meeting.views:
        said = texts.open(view.said, case.pupil.id) or "Their words are not on record."
        yield in_words(case, view.sender, meeting.meets_on), f"wrote, received on {_on(view.happened_at)}", said


def _on(at: datetime) -> str:
    return day_in_words(day_of(at))
