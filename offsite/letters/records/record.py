"""Records: documents that set out what is on record, section by section. The clock's proof, the chronology, a visit, the
reintegration plan, the closure, the inspection sheet. One shape, one template.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.attendance import Visit
from models.encrypted_text import Texts
from models.placement import Closure, ReturnCheck, ReturnPlan, StatutoryStep
from models.provider import ProviderDetails
from offsite.case.attendance.hours import minutes_a_week
from offsite.case.attendance.tally import combined
from offsite.case.case import Case
from offsite.case.direction.terms import phases, planned_start, start_day, terms
from offsite.case.statutory_clock import Duty
from offsite.law.london import day_of
from offsite.letters.letter import Blanks, Foot, Letter, compose
from offsite.letters.words import day_in_words, listed

BLANK = "______________________"
VISIT = ("Sites seen", "Pupil seen and heard", "Staff met", "Single central record sampled", "Premises", "Teaching seen",
         "Behaviour seen", "Registers looked at", "Actions, by whom and when")  # fmt: skip


@dataclass(frozen=True)
class Section:
    """One part of a record: lines, or a table with its heads."""

    heading: str
    lines: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class RecordFields:
    """What a record says, in words."""

    title: str
    about: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Entry:
    """One entry of the chronology, as it may be printed."""

    number: int
    happened: str
    what: str
    by: str
    note: str


def clock_proof(case: Case, duties: Iterable[Duty], at: datetime, head: str = "") -> Letter:
    """The statutory clock, each duty with its count of days: counted, left out and why, due, evidence, verdict.

    `duties`: those the reader may see.
    """
    sections = tuple(
        Section(
            f"{_words(duty.duty)} of {duty.of}",
            (
                f"Counted in {duty.deadline.calendar} from {day_in_words(duty.deadline.counted_from)}.",
                f"Days counted: {listed(day_in_words(day) for day in duty.deadline.counted) or 'none'}.",
                *(f"Left out: {day_in_words(step.day)} ({step.why})." for step in duty.deadline.skipped),
                f"Due: {day_in_words(duty.due) if duty.due else 'cannot tell'}.",
                f"Met: {day_in_words(duty.met) if duty.met else 'nothing on record meets it'}.",
                f"Verdict: {duty.verdict.replace('_', ' ')}.",
                f"Source: {duty.deadline.source} (evidence: {duty.deadline.evidence}).",
            ),
        )
        for duty in duties
    )
    return _record("clock_proof", case.ref, "The statutory clock, with its proof", case, at, sections, head)


def chronology_record(case: Case, entries: Iterable[Entry], at: datetime, head: str = "") -> Letter:
    """The chronology of a placement, entry by entry."""
    rows = tuple((str(e.number), e.happened, e.what, e.by, e.note) for e in entries)
    table = Section("Entries", heads=("Entry", "Happened", "What", "By", "Note"), rows=rows)
    return _record("chronology", case.ref, "Chronology", case, at, (table,), head)


def visit_record(case: Case, texts: Texts, at: datetime, head: str = "") -> Letter:
    """The visits on record, and a sheet for the next."""
    made = tuple(
        Section(f"Visit on {day_in_words(day_of(row.happened_at))}", (texts.open(row.note, case.pupil.id) or "No note.",))
        for row in case.of(Visit)
    )
    sheet = Section("The next visit", heads=("What", "Seen and said"), rows=tuple((what, BLANK) for what in VISIT))
    return _record("visit_record", case.ref, "Visits to the provider", case, at, (*made, sheet), head)


def reintegration_plan(case: Case, texts: Texts, at: datetime, head: str = "") -> Letter:
    """The plan of the return, and what it must say that is not on record."""
    plan, blanks = case.newest(ReturnPlan), Blanks()
    support = [texts.open(text, case.pupil.id) or "" for text in plan.support] if plan else []
    sections = (
        Section("Day of return", (day_in_words(plan.return_on) if plan else blanks.wanted(None, "day of the return"),)),
        Section(
            "Phased timetable (a part-time timetable needs the parent's agreement)",
            tuple(
                f"{day_in_words(p.first)} to {day_in_words(p.last)}: still at the provider "
                + (listed(f"{day} {' and '.join(sessions)}" for day, sessions in p.sessions.items()) or "never")
                for p in phases(plan)
            )
            or ("No phase: full-time from the day of return.",),
        ),
        Section("Key adult", (blanks.wanted(plan.key_adult if plan else None, "key adult"),)),
        Section("Support package", tuple(support) or (blanks.wanted(None, "support package"),)),
        Section("What worked off-site", (blanks.wanted(None, "what worked off-site"),)),
        Section("Risk plan", (blanks.wanted(None, "risk plan"),)),
        Section("Review points", (blanks.wanted(None, "days on which the return is looked at"),)),
        Section("Step-back rule", (blanks.wanted(None, "when and how the pupil steps back"),)),
    )
    return _record("reintegration_plan", case.ref, "Reintegration plan", case, at, sections, head, blanks)


def closure_record(case: Case, texts: Texts, at: datetime, head: str = "") -> Letter:
    """How a placement ended, its final report, and what was done afterwards."""
    closure = case.newest(Closure)
    first = start_day(case) or planned_start(case)
    tally = combined(case, first, day_of(closure.happened_at) if closure else day_of(at))
    ended = "The placement is not closed."
    if closure is not None:
        ended = f"{_words(closure.outcome)}, on {day_in_words(day_of(closure.happened_at))}"
    report = texts.open(closure.report, case.pupil.id) if closure else None
    checks = tuple(f"after {row.weeks} weeks: {day_in_words(day_of(row.happened_at))}" for row in case.of(ReturnCheck))
    steps = tuple(f"{_words(row.kind)}: {day_in_words(day_of(row.happened_at))}" for row in case.of(StatutoryStep))
    sections = (
        Section("How it ended", (ended,)),
        Section("Final report", (report or "None on record.",)),
        Section(
            "Attendance, both registers together", (f"{tally.possible - tally.missed} of {tally.possible} possible sessions",)
        ),
        Section("Steps taken", steps or ("None on record.",)),
        Section("Checks after the return", checks or ("None on record.",)),
    )
    return _record("closure_record", case.ref, "Closure record", case, at, sections, head)


def inspection_sheet(cases: Sequence[Case], school: str, at: datetime, head: str = "") -> Letter:
    """Every provider in use: name, address, registration, URN, its pupils with reasons for the placement, start, hours."""
    day, by_provider = day_of(at), dict[int, list[Case]]()
    for case in cases:
        by_provider.setdefault(case.provider.id, []).append(case)
    sections = []
    for placed in by_provider.values():
        details: ProviderDetails = placed[0].provider.details_on(day)
        numbers = (details.urn and f"URN {details.urn}", details.ukprn and f"UKPRN {details.ukprn}", details.setting_type)
        number = next((each for each in numbers if each), "none")
        lines = (f"Kind: {_words(details.kind)}. Registration: {number}.",
                 *(f"Site: {site.address}" for site in placed[0].provider.sites.values()))  # fmt: skip
        rows = tuple(
            (
                case.ref,
                case.pupil.details.name,
                _words(terms(case).purpose),
                day_in_words(planned_start(case)),
                weekly_hours_said(case, at),
            )
            for case in placed
        )
        sections.append(Section(details.name, lines, ("Placement", "Pupil", "Reason", "Start", "Hours a week"), rows))
    fields = RecordFields(
        "Inspection sheet: alternative provision in use", f"{school}, on {day_in_words(day)}", tuple(sections)
    )
    return compose("record", "school", fields, Foot(school, day_in_words(day), head), Blanks())


def weekly_hours_said(case: Case, at: datetime) -> str:
    """Hours a week at the provider by the timetable, or that they cannot be told."""
    minutes = minutes_a_week(case, day_of(at))
    return "cannot tell" if minutes is None else f"{minutes // 60} h {minutes % 60:02d} min"


def _record(
    kind: str, subject: str, title: str, case: Case, at: datetime, sections: tuple[Section, ...], head: str,
    blanks: Blanks | None = None,
) -> Letter:  # fmt: skip
    day = day_of(at)
    about = f"{case.pupil.details.name}, {case.school.details_on(day).name}, at {case.provider.details_on(day).name}"
    fields = RecordFields(title, about, sections)
    return compose("record", f"{kind} {subject}", fields, Foot(case.ref, day_in_words(day), head), blanks or Blanks())


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
