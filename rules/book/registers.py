"""Rules about admission registers and the school's own records."""

from rules.facts.school import CalendarFacts
from rules.facts.setting_up import RegistrationFacts
from rules.language import Threshold
from rules.rule import Rule, Severity

RULES = (
    Rule(
        id="dual-registration-missing",
        title="The pupil must be dual registered",
        looks_at=RegistrationFacts,
        when=RegistrationFacts.determined.yes
        & RegistrationFacts.school.yes
        & RegistrationFacts.start_come.yes
        & RegistrationFacts.registered.no,
        subject="placement",
        severity=Severity.HIGH,
        tell=("attendance", "head"),
        clears="it is recorded",
        authority="law",
        source="seed guidance, opening section; SI 2024/208 reg 8",
        evidence="read",
        under="attendance",
        says="The provider is a school, the start day, {start}, has come, and no dual registration there is recorded.",
    ),
    Rule(
        id="calendar-ending",
        title="The school calendar is about to run out",
        looks_at=CalendarFacts,
        when=CalendarFacts.days_left <= Threshold(60, "calendar_ending"),
        subject="school",
        severity=Severity.MEDIUM,
        tell=("clerk", "attendance"),
        clears="later terms are entered",
        authority="design",
        source="every deadline in school days depends on it; the 60 days are ours",
        evidence="read",
        says="The last half term on file ends on {last}; deadlines after it cannot be told until later terms are entered.",
    ),
)
