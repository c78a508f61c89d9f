"""Which law of off-site direction was in force when, and whom it bound (domain.md, 2).

Each event is judged by the regime in force on its own date. A school that a regime does not bind gets the same alerts as
good practice, never as law.
"""

from datetime import date
from typing import Literal, NamedTuple, get_args

SchoolKind = Literal["maintained", "academy", "ap_academy", "pru", "special", "special_academy"]
SCHOOL_KINDS: tuple[str, ...] = get_args(SchoolKind)
MAINTAINED = frozenset({"maintained", "special"})
ACADEMIES = frozenset({"academy", "ap_academy", "special_academy"})
Under = Literal["osd", "attendance", "other"]


class Regime(NamedTuple):
    """A law of off-site direction: from and to when, and which kinds of school it binds."""

    id: str
    first: date
    last: date | None
    binds: frozenset[str]
    source: str
    evidence: str


REGIMES = (
    Regime("osd-2010", date(2010, 9, 1), date(2012, 12, 31), MAINTAINED, "SI 2010/1156 as made", "read"),
    Regime("osd-2013", date(2013, 1, 1), date(2026, 7, 25), MAINTAINED, "SI 2010/1156 amended by SI 2012/2532", "read"),
    Regime(
        "osd-2026",
        date(2026, 7, 26),
        None,
        MAINTAINED | ACADEMIES | {"pru"},
        "Children's Wellbeing and Schools Act 2026 and regulations of 2026",
        "reported",
    ),
)
OSD_2026 = REGIMES[-1]
ATTENDANCE_2024 = date(2024, 8, 19)
"""SI 2024/208 came into force; it binds all schools."""


def regime(day: date) -> Regime | None:
    """The regime in force on a day; None before 1 September 2010."""
    return next((r for r in REGIMES if r.first <= day and (r.last is None or day <= r.last)), None)


def regime_on(day: date) -> str | None:
    """The id of the regime in force on a day."""
    found = regime(day)
    return found.id if found else None


def binds(kind: str, day: date) -> bool:
    """Whether the law of off-site direction in force on a day binds a kind of school."""
    found = regime(day)
    return found is not None and kind in found.binds


def authority_for(kind: str, day: date, under: Under) -> Literal["law", "good_practice"]:
    """What a duty of law is for this school on this day. Only the law of off-site direction leaves schools out."""
    return "good_practice" if under == "osd" and not binds(kind, day) else "law"


def transitional(kind: str, started: date, as_of: date, ended: date | None) -> bool:
    """Whether an academy's placement began before 26 July 2026 and runs on: its transitional terms are not known."""
    begins = OSD_2026.first
    return kind in ACADEMIES and started < begins <= as_of and (ended is None or ended >= begins)
