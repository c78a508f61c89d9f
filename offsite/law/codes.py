"""The attendance codes (SI 2024/208 from 19 August 2024; before, the codes then in use).

Class: P present, A approved educational activity, AA authorised absence, UA unauthorised absence, X not a possible session.
"""

from datetime import date
from typing import Literal, NamedTuple

from offsite.law.regimes import ATTENDANCE_2024

Klass = Literal["P", "A", "AA", "UA", "X"]


class AttendanceCode(NamedTuple):
    """A code, what it means and how its session counts."""

    code: str
    meaning: str
    klass: Klass


class CodeNotInForce(Exception):
    """An attendance code that no regulation knew on the day of the session."""

    def __init__(self, code: str, day: date, allowed: str) -> None:
        """`allowed`: the codes in force on the day."""
        self.code, self.day = code, day
        super().__init__(
            f"code is {code!r}, which was not in force on {day:%-d %B %Y}; allowed then: {allowed} "
            "(SI 2024/208 reg 10 from 19 August 2024). Choose one and enter the mark again"
        )


def _codes(rows: str) -> dict[str, AttendanceCode]:
    found = (line.split("|") for line in rows.strip().splitlines())
    return {code: AttendanceCode(code, meaning, klass) for code, klass, meaning in found}  # type: ignore[arg-type]


FROM_2024 = _codes(
    """/|P|present, morning
\\|P|present, afternoon
L|P|late, before the register closed
K|A|provision arranged by the authority
V|A|educational visit
P|A|approved sport
W|A|work experience
B|A|other approved and supervised educational activity
D|X|attending another school where registered
C1|AA|regulated performance abroad
M|AA|medical or dental
J1|AA|interview
S|AA|study leave
Z|X|not yet on roll
X|X|not of compulsory age, not timetabled
C2|AA|agreed temporary part-time timetable
C|AA|leave, other exceptional purpose
T|AA|parent travelling for trade
R|AA|religious observance
I|AA|illness
E|AA|suspended or excluded
Q|X|no access arrangements by the authority
Y1|X|unable to attend: transport
Y2|X|unable to attend: travel disruption
Y3|X|unable to attend: part of the premises closed
Y4|X|unable to attend: whole session cancelled
Y5|X|unable to attend: custody
Y6|X|unable to attend: public health
Y7|X|unable to attend: other
G|UA|holiday without leave
N|UA|circumstances not yet established
O|UA|no other code fits
U|UA|after the register closed
#|X|whole-school closure"""
)
BEFORE_2024 = _codes(
    """/|P|present, morning
\\|P|present, afternoon
L|P|late, before the register closed
B|A|educated off site, not dual registered
D|X|dual registered at another school
J|A|interview
P|A|approved sport
V|A|educational visit
W|A|work experience
C|AA|other authorised circumstances
E|AA|excluded
H|AA|agreed family holiday
I|AA|illness
M|AA|medical or dental
R|AA|religious observance
S|AA|study leave
T|AA|traveller absence
G|UA|family holiday not agreed
N|UA|no reason yet provided
O|UA|unauthorised, no other code
U|UA|late, after the register closed
X|X|untimetabled session
Y|X|partial or forced closure
Z|X|not yet on roll
#|X|school closed to all pupils"""
)


def codes_on(day: date) -> dict[str, AttendanceCode]:
    """The codes in force on a day, by code."""
    return FROM_2024 if day >= ATTENDANCE_2024 else BEFORE_2024


def code_on(code: str, day: date) -> AttendanceCode:
    """A code as in force on the day of a session; raises CodeNotInForce."""
    in_force = codes_on(day)
    if code not in in_force:
        raise CodeNotInForce(code, day, " ".join(in_force))
    return in_force[code]


def possible(code: str, day: date) -> bool:
    """Whether a session so marked is a possible one."""
    return code_on(code, day).klass != "X"


def missed(code: str, day: date) -> bool:
    """Whether a session so marked was missed."""
    return code_on(code, day).klass in ("AA", "UA")
