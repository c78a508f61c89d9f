"""Rules about the authorised period and its end."""

from rules.facts.stay.length import LengthFacts, WeekFacts
from rules.facts.stay.period import PeriodFacts
from rules.facts.stay.returning import ReturnCheckFacts, ReturnPlanFacts
from rules.language import Threshold
from rules.rule import Rule, Severity

RULES = (
    Rule(
        id="requirement-lapsed",
        title="The direction has run out and the pupil is still off-site",
        looks_at=PeriodFacts,
        when=(PeriodFacts.days_past_end >= 1) & PeriodFacts.returning.no,
        subject="period",
        severity=Severity.CRITICAL,
        tell=("head", "governors", "dsl"),
        clears="a decision extends it, or the placement ends",
        authority="law",
        source="SI 2010/1156 regs 3(4)(c), 4(1)(b)",
        evidence="read",
        under="osd",
        says="The authorised period ended on {end}; nothing extends it, and the placement has neither ended nor is a "
        "reintegration planned.",
    ),
    Rule(
        id="reintegration-plan-due",
        title="The end is near and there is no plan for the return",
        looks_at=PeriodFacts,
        when=PeriodFacts.plan_day_come.asked.yes & PeriodFacts.ending_decided.no & PeriodFacts.return_planned.no,
        subject="period",
        severity=Severity.MEDIUM,
        tell=("head", "senco"),
        clears="a plan is recorded, or another ending decided",
        authority="statutory_guidance",
        source="seed guidance, Responsibilities",
        evidence="read",
        says="The authorised period ends on {end}, fifteen school days away or fewer, and no return is planned.",
    ),
    Rule(
        id="longer-than-agreed",
        title="The placement is longer than the agreed maximum",
        looks_at=LengthFacts,
        when=LengthFacts.days_over_maximum.asked >= 1,
        subject="placement",
        severity=Severity.HIGH,
        tell=(
            "governors",
            "head",
        ),
        clears="a person closes it, with a reason",
        by_person=True,
        authority="statutory_guidance",
        source="exclusions guidance, pupil movement part",
        evidence="recalled",
        says="Today is school day {run} since the start on {start}; the agreed maximum is {maximum}.",
    ),
    Rule(
        id="non-school-cap-proposed",
        title="Longer or heavier than the announced limit for non-school provision",
        looks_at=WeekFacts,
        when=WeekFacts.school.no
        & (
            (WeekFacts.days_since_start > Threshold(84, "proposed_cap_weeks"))
            | (WeekFacts.sessions > Threshold(4, "proposed_cap_sessions"))
        ),
        subject="placement",
        severity=Severity.LOW,
        tell=(
            "head",
            "senco",
        ),
        clears="no longer true",
        authority="proposed",
        source="government response on non-school alternative provision, August 2025 - announced, not law; off unless a "
        "school or a what-if run switches it on",
        evidence="reported",
        says="Started {start}, {sessions} sessions a week with a non-school provider. The limit is announced, not law.",
    ),
    Rule(
        id="support-package-missing",
        title="The pupil is about to return without a support package",
        looks_at=ReturnPlanFacts,
        when=ReturnPlanFacts.day_come.asked.yes & (ReturnPlanFacts.support.no | ReturnPlanFacts.key_adult.no),
        subject="placement",
        severity=Severity.HIGH,
        tell=(
            "head",
            "senco",
        ),
        clears="both are recorded",
        authority="statutory_guidance",
        source="seed guidance, Responsibilities",
        evidence="read",
        says="The return is planned for {back}; the plan lacks a support package or a key adult.",
    ),
    Rule(
        id="return-check-due",
        title="A check after the return is due",
        looks_at=ReturnCheckFacts,
        when=ReturnCheckFacts.day_come.asked.yes & ReturnCheckFacts.recorded.no,
        subject="check",
        severity=Severity.LOW,
        tell=(
            "senco",
            "head",
        ),
        clears="the check is recorded",
        authority="design",
        source="practice; the intervals are ours and can be set",
        evidence="reported",
        runs_on_after_close=True,
        says="The check {weeks} weeks after the return fell on {day}, and is not recorded.",
    ),
)
