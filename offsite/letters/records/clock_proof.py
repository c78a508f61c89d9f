"""The statutory clock of a placement with its proof: each day counted, each left out and why, what met it, the verdict."""

from collections.abc import Iterable
from datetime import date, datetime

from offsite.case.case import Case
from offsite.case.statutory_clock import Duty
from offsite.letters.letter import Letter
from offsite.letters.records.record import Section, of_placement, words
from offsite.letters.words import day_in_words, weekday_days

DUTIES = {"lado_referral": "Referral to the LADO", "code_n": "Settling of code N"}
"""Duties whose stored word is no plain English."""


def clock_proof(case: Case, duties: Iterable[Duty], at: datetime, head: str = "") -> Letter:
    """The proof of each duty. `duties`: those that the reader may see."""
    sections = tuple(_proof(duty) for duty in duties)
    return of_placement("clock_proof", "The statutory clock, with its proof", case, at, sections, head)


def duty_in_words(duty: Duty) -> str:
    """Invitations of r1."""
    return f"{DUTIES.get(duty.duty, words(duty.duty))} of {duty.of}"


def verdict_in_words(duty: Duty) -> str:
    """Met, pending, breached, not owed or cannot tell."""
    return words(duty.verdict)


def _proof(duty: Duty) -> Section:
    found = duty.deadline
    left_out = tuple(f"{day_in_words(step.day)} ({step.why})" for step in found.skipped)
    return Section(
        duty_in_words(duty),
        facts=(
            ("Verdict", verdict_in_words(duty)),
            ("Due", _day(duty.due, "the law sets no day" if found.missing is None else f"cannot tell: {found.missing}")),
            ("Last lawful day", _day(found.breached_after, "the law sets none")),
            ("Met", _day(duty.met, "nothing on record meets it")),
            ("Counted from", f"{day_in_words(found.counted_from)}, in {found.calendar}"),
            ("Days counted", weekday_days(found.counted) or "none"),
            *((("Days left out", left_out),) if left_out else ()),
            ("Source", f"{found.source} (evidence: {found.evidence})"),
        ),
    )


def _day(day: date | None, otherwise: str) -> str:
    return day_in_words(day) if day else otherwise
