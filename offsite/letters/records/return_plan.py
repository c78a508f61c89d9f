"""The reintegration plan: the return and all that carries it; what is not on record is left to be completed."""

from datetime import date, datetime

from models.encrypted_text import Texts
from models.placement import ReturnPlan
from offsite.case.case import WEEKDAYS, Case
from offsite.case.direction.terms import Phase, phases
from offsite.letters.letter import Blanks, Letter
from offsite.letters.records.record import Said, Section, of_placement
from offsite.letters.words import WEEKDAY_WORDS, day_in_words

SESSION_WORDS = {"am": "morning", "pm": "afternoon"}


def reintegration_plan(case: Case, texts: Texts, at: datetime, head: str = "") -> Letter:
    """The plan of the return as last recorded. Raises TextUnreadable where the key is lost."""
    plan, blanks = case.newest(ReturnPlan), Blanks()

    def opened(sealed: str | None, what: str) -> Said:
        return tuple(blanks.wanted(texts.open(sealed, case.pupil.id), what).splitlines())

    support = tuple(texts.open(text, case.pupil.id) or "" for text in plan.support) if plan else ()
    steps = tuple(phases(plan))
    points = tuple(day_in_words(date.fromisoformat(day)) for day in (plan.review_on or ()) if day) if plan else ()
    sections = (
        Section(
            "The return",
            facts=(
                ("Day of return", blanks.wanted(day_in_words(plan.return_on) if plan else None, "day of the return")),
                ("Key adult", blanks.wanted(_key_adult(case, plan, at), "key adult")),
                ("Part-time timetable", _part_time(plan, steps, blanks)),
                ("Review points", points or blanks.wanted(None, "days on which the return is looked at")),
            ),
        ),
        Section(
            "Phased timetable",
            lines=() if steps else ("Full-time from the day of return: no phase is planned.",),
            heads=("From", "To", "Sessions still at the provider") if steps else (),
            rows=tuple((day_in_words(p.first), day_in_words(p.last), _sessions(p)) for p in steps),
        ),
        Section("Support package", lines=support or (blanks.wanted(None, "support package"),)),
        Section("What worked off-site", lines=_lines(opened(plan.worked if plan else None, "what worked off-site"))),
        Section("Risk plan", lines=_lines(opened(plan.risk if plan else None, "risk plan"))),
        Section("Step-back rule", lines=_lines(opened(plan.step_back if plan else None, "when and how the pupil steps back"))),
    )
    return of_placement("reintegration_plan", "Reintegration plan", case, at, sections, head, blanks)


def _part_time(plan: ReturnPlan | None, steps: tuple[Phase, ...], blanks: Blanks) -> str:
    """Code C2 is for a timetable that the parent agreed to."""
    if plan is None or not steps:
        return "None planned."
    agreed = day_in_words(plan.part_time_agreed_on) if plan.part_time_agreed_on else None
    return f"Agreed by the parent on {agreed} (code C2)." if agreed else blanks.wanted(
        None, "the parent's agreement, without which there is no part-time timetable (code C2)"
    )  # fmt: skip


def _key_adult(case: Case, plan: ReturnPlan | None, at: datetime) -> str | None:
    """By name, where what was recorded is the reference of somebody at the school."""
    if plan is None or plan.key_adult is None:
        return None
    people = {case.school.person_refs.get(p.person_id): p.name for p, _ in case.school.people_on(at.date())}
    return people.get(plan.key_adult, plan.key_adult)


def _sessions(phase: Phase) -> str:
    days = [day for day in WEEKDAYS if phase.sessions.get(day)]
    return "; ".join(
        f"{WEEKDAY_WORDS[day]} {' and '.join(SESSION_WORDS[s] for s in phase.sessions[day])}" for day in days
    ) or "none"  # fmt: skip


def _lines(said: Said) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else said
