"""Facts about the registers: code N that is not settled, and absence over the school year."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from offsite.case.attendance.sessions import subject_of
from offsite.case.attendance.tally import combined
from offsite.case.case import Case
from offsite.case.direction.enforceable import is_school
from offsite.case.direction.terms import closed, planned_start
from offsite.case.reached import reached
from offsite.case.settings import setting
from offsite.law.calendars import school_year, school_year_name
from offsite.law.london import day_of
from offsite.law.parameters import parameter
from offsite.law.regimes import ATTENDANCE_2024
from rules.facts.words import session_in_words
from rules.judge import Fact
from rules.language import FactKind, flag, number

ONE_DAY = timedelta(days=1)


class CodeNFacts(FactKind):
    """One a session still marked N in the home register, or in a receiving school's."""

    kind = "code_n"
    third_day_come = flag("the third school day after the session has come", may_be_unknown=True)
    fifth_day_passed = flag("the fifth school day after the session has passed", may_be_unknown=True)


class SchoolYearFacts(FactKind):
    """One a placement: absence this school year, both registers together."""

    kind = "school_year"
    possible = number("possible sessions this school year", unit="sessions")
    persistent = flag("the share missed reaches the school's threshold of persistent absence")
    severe = flag("the share missed reaches the school's threshold of severe absence")


def derive_code_n(case: Case, at: datetime) -> Iterator[Fact]:
    """Marks N on sessions watched, while the placement ran."""
    today, days = day_of(at), case.school.school_days
    registers = [case.home_marks, *([case.provider_marks] if is_school(case, today) else [])]
    ended = closed(case)
    first = max(case.watch_from, planned_start(case), ATTENDANCE_2024)
    last = day_of(ended.happened_at) if ended else today
    slots = {slot for register in registers for slot, mark in register.items() if mark.code == "N"}
    third = parameter("code_n_reminder", ATTENDANCE_2024).value
    fifth = parameter("code_n", ATTENDANCE_2024).value
    for day, session in sorted(slots):
        if first <= day <= last:
            yield Fact(
                CodeNFacts,
                CodeNFacts.values(
                    third_day_come=reached(case, today, lambda day=day: days.after(day, third)),  # type: ignore[misc]
                    fifth_day_passed=reached(case, today, lambda day=day: days.after(day, fifth) + ONE_DAY),  # type: ignore[misc]
                ),
                subject_of((day, session)),
                day,
                False,
                lambda day=day, session=session: {  # type: ignore[misc]
                    "session": session_in_words((day, session))
                },
            )


def derive_school_year(case: Case, at: datetime) -> Iterator[Fact]:
    """Possible and missed sessions from 1 September to today."""
    today = day_of(at)
    first, _ = school_year(today)
    found = combined(case, first, today)
    share, half = setting(case.school, "persistent", today), setting(case.school, "severe", today)
    yield Fact(
        SchoolYearFacts,
        SchoolYearFacts.values(
            possible=found.possible,
            persistent=found.missed * 100 >= found.possible * share,
            severe=found.missed * 100 >= found.possible * half,
        ),
        school_year_name(today),
        today,
        False,
        lambda: {"possible": found.possible, "missed": found.missed, "share": share, "severe": half},
    )


SOURCES = (((CodeNFacts,), derive_code_n, True), ((SchoolYearFacts,), derive_school_year, False))
