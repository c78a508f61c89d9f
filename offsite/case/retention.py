"""Until when records are kept: register entries six years (SI 2024/208 reg 7), pupil and safeguarding records until a
birthday of local schedules."""

from datetime import date

from offsite.case.case import Case
from offsite.case.settings import setting


def kept_until(case: Case, ended: date) -> list[tuple[str, date | None]]:
    """Until which day each class of record is kept: register entries by years, the others until a birthday; None where the
    birth date is not known."""
    age, years = setting(case.school, "retention_age", ended), setting(case.school, "register_years", ended)
    last_mark = max((day for day, _ in (*case.home_marks, *case.provider_marks)), default=ended)
    born = case.pupil.details.born
    birthday = years_on(born, age) if born else None
    return [("register", years_on(last_mark, years)), ("pupil", birthday), ("safeguarding", birthday)]


def years_on(day: date, years: int) -> date:
    """The same day so many years later; 1 March for 29 February where the year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
