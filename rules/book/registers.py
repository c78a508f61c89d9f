"""Rules about admission registers and the school's own records."""

from datetime import timedelta

from offsite.law.regimes import ATTENDANCE_2024
from rules.facts.direction.registers import CensusFacts, SecondRegistrationFacts, TransferFacts
from rules.facts.direction.setting_up import RegistrationFacts
from rules.facts.records import RetentionFacts
from rules.facts.school import CalendarFacts
from rules.language import Threshold
from rules.rule import EarlierLaw, Rule, Severity

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
        earlier_law=(EarlierLaw(ATTENDANCE_2024 - timedelta(1), "SI 2006/1751", "recalled"),),
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
    Rule(
        id="home-register-incomplete",
        title="The home admission register must name the other school",
        looks_at=SecondRegistrationFacts,
        when=SecondRegistrationFacts.home_entered.no,
        subject="placement",
        severity=Severity.MEDIUM,
        tell=("attendance",),
        clears="both are entered",
        authority="law",
        source="SI 2024/208 reg 8(4)-(5)",
        evidence="read",
        under="attendance",
        in_force_from=ATTENDANCE_2024,
        says="The pupil was registered at the provider on {entered}; the home admission register does not name the other "
        "school and the start date.",
    ),
    Rule(
        id="transfer-file-due",
        title="The second school must get the common transfer file",
        duty="transfer_file",
        looks_at=TransferFacts,
        when=TransferFacts.tenth_day_come.asked.yes & TransferFacts.transferred.no,
        subject="placement",
        severity=Severity.MEDIUM,
        steps={Severity.HIGH: TransferFacts.fifteenth_day_passed.asked.yes},
        tell=("attendance", "head"),
        clears="the transfer is recorded",
        authority="law",
        source="SI 2005/1437 reg 9(3B)",
        evidence="read",
        runs_on_after_close=True,
        says="The school learned of the second registration on {learned}; the common transfer file is due within fifteen "
        "school days, and no transfer is recorded.",
    ),
    Rule(
        id="new-pupil-return-due",
        title="The receiving school owes a new-pupil return",
        duty="new_pupil_return",
        looks_at=SecondRegistrationFacts,
        when=(SecondRegistrationFacts.days_since_entry >= Threshold(3, "new_pupil_reminder"))
        & SecondRegistrationFacts.new_pupil_returned.no,
        subject="placement",
        severity=Severity.LOW,
        steps={Severity.HIGH: SecondRegistrationFacts.days_since_entry > Threshold(5, "new_pupil_return")},
        tell=("attendance",),
        clears="the return is recorded",
        authority="law",
        source="SI 2024/208 reg 13(1)",
        evidence="read",
        under="attendance",
        in_force_from=ATTENDANCE_2024,
        runs_on_after_close=True,
        says="The pupil was entered on the receiving register on {entered}; the return is due within five days, and none is "
        "recorded.",
    ),
    Rule(
        id="census-row-incomplete",
        title="The census entry would be rejected",
        looks_at=CensusFacts,
        when=CensusFacts.running.yes
        & ((CensusFacts.settings != 1) | CensusFacts.reason.no | CensusFacts.entered.no | (CensusFacts.sessions == 0)),
        subject="placement",
        severity=Severity.LOW,
        tell=("attendance",),
        clears="complete",
        authority="law",
        source="school census, alternative provision placements",
        evidence="reported",
        says="The census row lacks: {lacks}.",
    ),
    Rule(
        id="retention-due",
        title="A record has reached the end of its retention",
        looks_at=RetentionFacts,
        when=RetentionFacts.day_passed.asked.yes & RetentionFacts.held.no & RetentionFacts.erased.no,
        subject="record class",
        severity=Severity.LOW,
        tell=("data_protection",),
        clears="it is erased, or a hold is set",
        authority="guidance",
        source="SI 2024/208 reg 7 (six years); local retention schedules (25th birthday)",
        evidence="read",
        runs_on_after_close=True,
        says="The {record} record was kept until {until}; it is neither erased nor held.",
    ),
)
