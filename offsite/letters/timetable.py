"""Session times as a notice must state them (reg 3(4)): for two sessions a day the morning's start, the break and the
afternoon's end; for one session its start and end."""

from collections.abc import Mapping, Sequence

from offsite.case.case import SESSIONS, WEEKDAYS, Case
from offsite.case.direction.terms import terms
from offsite.letters.words import time_in_words, weekdays_in_words


def session_times_in_words(case: Case) -> list[str] | None:
    """One line a group of weekdays with the same sessions; None where a time is not on record."""
    now = terms(case)
    day = now.start
    times = now.session_times or case.provider.details_on(day).sessions or case.school.details_on(day).sessions
    groups: dict[tuple[str, ...], list[str]] = {}
    for weekday in WEEKDAYS:
        sessions = tuple(s for s in SESSIONS if s in now.sessions.get(weekday, ()))
        if sessions:
            groups.setdefault(sessions, []).append(weekday)
    if not groups or not all(_known(times, s) for sessions in groups for s in sessions):
        return None
    return [f"{weekdays_in_words(days)}: {_hours(times, sessions)}" for sessions, days in groups.items()]


def _known(times: Mapping[str, Sequence[str]], session: str) -> bool:
    return len(times.get(session, ())) == 2


def _hours(times: Mapping[str, Sequence[str]], sessions: tuple[str, ...]) -> str:
    begins, ends = time_in_words(times[sessions[0]][0]), time_in_words(times[sessions[-1]][1])
    if len(sessions) == 1:
        return f"one session, from {begins} to {ends}"
    pause = f"{time_in_words(times['am'][1])} to {time_in_words(times['pm'][0])}"
    return f"two sessions, the morning starts at {begins}, the break is from {pause}, the afternoon ends at {ends}"


def timetabled(case: Case) -> list[str]:
    """Which sessions the pupil attends, weekday by weekday: "Monday: morning and afternoon"."""
    words = {"am": "morning", "pm": "afternoon"}
    groups: dict[str, list[str]] = {}
    for weekday in WEEKDAYS:
        sessions = " and ".join(words[s] for s in SESSIONS if s in terms(case).sessions.get(weekday, ()))
        if sessions:
            groups.setdefault(sessions, []).append(weekday)
    return [f"{weekdays_in_words(days)}: {sessions}" for sessions, days in groups.items()]
