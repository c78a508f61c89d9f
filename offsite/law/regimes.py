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
    """A law: from and to when, which kinds of school it binds, and in one sentence what was new in it."""

    id: str
    first: date
    last: date | None
    binds: frozenset[str]
    source: str
    evidence: str
    says: str


REGIMES = (
    Regime(
        "osd-2010",
        date(2010, 9, 1),
        date(2012, 12, 31),
        MAINTAINED,
        "SI 2010/1156 as made",
        "read",
        "Reviews at most 30 days apart; a direction ends with the school year; notices go by post. "
        "Maintained schools only: academies and PRUs are not bound.",
    ),
    Regime(
        "osd-2013",
        date(2013, 1, 1),
        date(2026, 7, 25),
        MAINTAINED,
        "SI 2010/1156 amended by SI 2012/2532",
        "read",
        "Reviews at intervals that fit the pupil's needs, no longer every 30 days; a review on written request unless one "
        "was held in the 10 weeks before. Maintained schools only: good practice for academies; PRUs have no such power.",
    ),
    Regime(
        "osd-2026",
        date(2026, 7, 26),
        None,
        MAINTAINED | ACADEMIES | {"pru"},
        "Children's Wellbeing and Schools Act 2026 and regulations of 2026",
        "reported",
        "Academies, AP academies and PRUs are bound like maintained schools. The regulations' text was not seen: the numbers "
        "are taken as unchanged, an academy's representative is a nominee of the board who is not the head, and the terms "
        "for placements that ran across the day are not known.",
    ),
)
OSD_2026 = REGIMES[-1]
ATTENDANCE = Regime(
    "attendance-2024",
    date(2024, 8, 19),
    None,
    frozenset(SCHOOL_KINDS),
    "SI 2024/208",
    "read",
    "New attendance codes, returns to the local authority and registers; for all schools.",
)
ATTENDANCE_2024 = ATTENDANCE.first
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
