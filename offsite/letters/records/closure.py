"""The closure record: how a placement ended, what it came to, what was done about registers, census and file, what is kept."""

from datetime import datetime

from models.encrypted_text import Texts
from models.placement import Closure, ReturnCheck, StatutoryStep
from offsite.case.attendance.tally import combined
from offsite.case.case import Case
from offsite.case.direction.enforceable import is_school
from offsite.case.direction.plans import agreed_plan, objectives
from offsite.case.direction.terms import planned_start, start_day
from offsite.case.retention import kept_until
from offsite.case.return_checks import checks_due
from offsite.law.london import day_of
from offsite.letters.letter import Letter
from offsite.letters.packs.progress import progress
from offsite.letters.records.record import NOT_ON_RECORD, Section, of_placement, words
from offsite.letters.words import day_in_words

RECORDS = {"register": "Entries in the registers", "pupil": "The pupil's record", "safeguarding": "The safeguarding record"}


def closure_record(case: Case, texts: Texts, at: datetime, head: str = "") -> Letter:
    """How a placement ended; of one that goes on, what is on record so far. Raises TextUnreadable."""
    closure = case.newest(Closure)
    ended = day_of(closure.happened_at) if closure else day_of(at)
    report = texts.open(closure.report, case.pupil.id) if closure else None
    plan = agreed_plan(case)
    sections = (
        Section("How it ended", facts=_ending(case, closure)),
        Section("Final report", lines=tuple(report.splitlines()) if report else (NOT_ON_RECORD,)),
        Section(
            "Objectives",
            lines=() if plan and objectives(case, plan) else ("No plan is agreed.",),
            heads=("Objective", "Measured by", "Result") if plan else (),
            rows=tuple((each.text, each.measured, each.result) for each in progress(case, texts)),
        ),
        Section("Registers, census and file", facts=_papers(case, closure)),
        Section("Checks after the return", facts=_checks(case, closure), lines=_no_checks(case, closure)),
        Section(
            "Until when records are kept",
            facts=tuple(
                (RECORDS[kind], day_in_words(until) if until else "cannot tell: the birth date is not on record")
                for kind, until in kept_until(case, ended)
            ),
            lines=() if closure else ("As if it ended today.",),
        ),
    )
    return of_placement("closure_record", "Closure record", case, at, sections, head)


def _ending(case: Case, closure: Closure | None) -> tuple[tuple[str, str], ...]:
    begun, until = start_day(case), day_of(closure.happened_at) if closure else None
    first = begun or planned_start(case)
    tally = combined(case, first, until or max([first, *(day for day, _ in (*case.home_marks, *case.provider_marks))]))
    attended = f"{tally.possible - tally.missed} of {tally.possible} possible sessions"
    return (
        ("Ending", words(closure.outcome) if closure else "The placement is not closed."),
        ("Started", day_in_words(begun) if begun else "It never started."),
        ("Closed", day_in_words(until) if until else NOT_ON_RECORD),
        ("Attendance, both registers together", attended if tally.possible else "no possible session was marked"),
    )


def _papers(case: Case, closure: Closure | None) -> tuple[tuple[str, str], ...]:
    taken = {row.kind: day_in_words(day_of(row.happened_at)) for row in case.of(StatutoryStep)}
    school = is_school(case, day_of(closure.happened_at) if closure else planned_start(case))
    none = "Does not arise: the provider is no school."
    others = tuple((words(kind), day) for kind, day in taken.items() if kind not in (*ENDINGS, "absence", "sickness"))
    return (
        ("Census entry ended", taken.get("census_end", NOT_ON_RECORD)),
        ("Dual registration ended", taken.get("registration_end", NOT_ON_RECORD if school else none)),
        ("Pupil's file returned", taken.get("file_returned", NOT_ON_RECORD if school else none)),
        *others,
    )


ENDINGS = ("census_end", "registration_end", "file_returned")


def _checks(case: Case, closure: Closure | None) -> tuple[tuple[str, str], ...]:
    made = {row.weeks: day_in_words(day_of(row.happened_at)) for row in case.of(ReturnCheck)}
    due = dict(checks_due(case, closure)) if closure else {}
    return tuple(
        (f"After {weeks} weeks", made[weeks] if weeks in made else f"Not on record; due {day_in_words(due[weeks])}")
        for weeks in sorted({*made, *due})
    )


def _no_checks(case: Case, closure: Closure | None) -> tuple[str, ...]:
    return () if _checks(case, closure) else ("No return is on record, so no check is due.",)
