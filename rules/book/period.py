"""Rules about the authorised period and its end."""

from rules.facts.period import PeriodFacts
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
)
