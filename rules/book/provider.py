"""Rules about the provider's checks."""

from rules.facts.half_terms import VisitFacts
from rules.facts.length import LengthFacts, WeekFacts
from rules.facts.progress import OversightFacts
from rules.facts.setting_up import ProviderFacts
from rules.rule import Rule, Severity

RULES = (
    Rule(
        id="provider-check-missing",
        title="The school's own checks of the provider are incomplete",
        looks_at=ProviderFacts,
        when=ProviderFacts.day_come.asked.yes & (ProviderFacts.never_verified >= 1),
        subject="provider",
        severity=Severity.HIGH,
        tell=("head", "dsl"),
        clears="all are verified",
        authority="guidance",
        source="seed guidance, checklist and opening section",
        evidence="read",
        says="The start is on {start}; items of the school's own checks never verified: {lacking}.",
    ),
    Rule(
        id="partnership-not-recorded",
        title="A long stay with a non-school provider needs a working partnership",
        looks_at=LengthFacts,
        when=LengthFacts.school.no & LengthFacts.sixtieth_day_passed.asked.yes & LengthFacts.partnership.no,
        subject="placement",
        severity=Severity.MEDIUM,
        tell=("head",),
        clears="the partnership is recorded",
        authority="guidance",
        source="seed guidance, unregistered provision",
        evidence="read",
        says="The pupil started on {start}, more than 60 school days ago, with a non-school provider, and no partnership is "
        "recorded.",
    ),
    Rule(
        id="hours-near-full-time",
        title="Hours at a non-school provider are close to full-time",
        looks_at=WeekFacts,
        when=WeekFacts.school.no & WeekFacts.over_threshold.asked.yes,
        subject="placement",
        severity=Severity.HIGH,
        tell=("head",),
        clears="the timetable changes",
        authority="guidance",
        source="registration guidance; local thresholds differ",
        evidence="reported",
        says="{minutes} minutes a week are planned with a non-school provider; the threshold is {hours} hours.",
    ),
    Rule(
        id="progress-report-overdue",
        title="The provider has not reported progress",
        looks_at=OversightFacts,
        when=OversightFacts.report_interval_passed.asked.yes,
        subject="placement",
        severity=Severity.MEDIUM,
        tell=(
            "senco",
            "provider",
        ),
        clears="a report is recorded",
        authority="statutory_guidance",
        source="seed guidance, checklist h, l",
        evidence="read",
        says="The provider was last heard of in a report, or the pupil started, on {reported}; a report is agreed every "
        "{every} school days.",
    ),
    Rule(
        id="visit-overdue",
        title="Nobody has visited",
        looks_at=VisitFacts,
        when=(VisitFacts.visited_since_start.no & VisitFacts.tenth_day_passed.asked.yes)
        | (VisitFacts.started_before.yes & VisitFacts.visited_in_it.no & VisitFacts.near_its_end.asked.yes)
        | VisitFacts.interval_passed.yes,
        subject="half term",
        severity=Severity.MEDIUM,
        tell=(
            "head",
            "dsl",
        ),
        clears="a visit is recorded",
        authority="statutory_guidance",
        source="seed guidance, Responsibilities (frequent visits); the intervals are ours",
        evidence="read",
        says="The last visit recorded since the start: {last}. The half term began on {first}.",
    ),
    Rule(
        id="contact-gap",
        title="No contact with the provider for over a week",
        looks_at=OversightFacts,
        when=OversightFacts.contact_days_over >= 1,
        subject="placement",
        severity=Severity.LOW,
        tell=("attendance",),
        clears="a contact is recorded",
        authority="local",
        source="local authority practice",
        evidence="reported",
        says="The provider was last in contact on {contacted}, {silent} days of half terms ago; the limit is {limit}.",
    ),
)
