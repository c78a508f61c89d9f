"""Rules about what the registers say of sessions at the provider, and where they took place."""

from offsite.law.regimes import ATTENDANCE_2024
from rules.facts.attendance.codes import HomeCodeFacts, SiteFacts
from rules.rule import Rule, Severity

RULES = (
    Rule(
        id="activity-not-recorded",
        title="Code B or K without the nature of the activity",
        looks_at=HomeCodeFacts,
        when=((HomeCodeFacts.code == "B") | (HomeCodeFacts.code == "K")) & HomeCodeFacts.activity.no,
        subject="session",
        severity=Severity.MEDIUM,
        tell=("attendance",),
        clears="the activity is recorded",
        authority="law",
        source="SI 2024/208 reg 10(5)",
        evidence="read",
        under="attendance",
        in_force_from=ATTENDANCE_2024,
        says="The home register has {code} for {session}, without the nature of the activity.",
    ),
    Rule(
        id="code-b-unsupervised",
        title="Code B for something that is not supervised",
        looks_at=HomeCodeFacts,
        when=(HomeCodeFacts.code == "B") & (HomeCodeFacts.remote.yes | HomeCodeFacts.approved.no | HomeCodeFacts.supervised.no),
        subject="session",
        severity=Severity.HIGH,
        tell=("attendance", "dsl"),
        clears="the mark is amended or the record completed",
        authority="law",
        source="SI 2024/208 reg 10(11)",
        evidence="read",
        under="attendance",
        in_force_from=ATTENDANCE_2024,
        says="The home register has B for {session}, which was remote or at home, or for which nobody is recorded as "
        "approving or supervising.",
    ),
    Rule(
        id="code-d-mismatch",
        title="Coded as at the other school, but that school says absent, or nothing",
        looks_at=HomeCodeFacts,
        when=(HomeCodeFacts.code == "D")
        & HomeCodeFacts.school.yes
        & (
            HomeCodeFacts.absent_there.yes
            | (HomeCodeFacts.provider_marked.no & HomeCodeFacts.day_over.yes)
            | HomeCodeFacts.due_there.no
        ),
        subject="session",
        severity=Severity.HIGH,
        raise_if_vulnerable=True,
        tell=("attendance", "dsl"),
        clears="the marks agree or the absence is explained",
        authority="statutory_guidance",
        source="seed guidance, Code D; SI 2024/208 reg 10(4)",
        evidence="read",
        in_force_from=ATTENDANCE_2024,
        says="The home register has D for {session}; the other school says absent without a reason, or nothing, or the pupil "
        "was not due there.",
    ),
    Rule(
        id="code-d-not-a-school",
        title="Code D for a place that is not a school",
        looks_at=HomeCodeFacts,
        when=(HomeCodeFacts.code == "D") & (HomeCodeFacts.school.no | HomeCodeFacts.registered.no),
        subject="session",
        severity=Severity.HIGH,
        tell=("attendance",),
        clears="the mark is amended or the registration recorded",
        authority="law",
        source="SI 2024/208 regs 9(1)(a)(iii), 10(4)",
        evidence="read",
        under="attendance",
        in_force_from=ATTENDANCE_2024,
        says="The home register has D for {session}, and the provider is no school, or no dual registration there is recorded.",
    ),
    Rule(
        id="code-b-at-a-school",
        title="Code B where the pupil is registered at the school attended",
        looks_at=HomeCodeFacts,
        when=(HomeCodeFacts.code == "B") & HomeCodeFacts.school.yes & HomeCodeFacts.registered.yes,
        subject="session",
        severity=Severity.MEDIUM,
        tell=("attendance",),
        clears="the mark is amended",
        authority="law",
        source="SI 2024/208 reg 10(11)(a)",
        evidence="read",
        under="attendance",
        in_force_from=ATTENDANCE_2024,
        says="The home register has B for {session}, and the provider is a school at which the pupil is registered too.",
    ),
    Rule(
        id="unapproved-site",
        title="Taught somewhere the school has not approved",
        looks_at=SiteFacts,
        when=SiteFacts.approved.no,
        subject="session",
        severity=Severity.CRITICAL,
        tell=("dsl", "head"),
        clears="a person closes it, with a reason",
        by_person=True,
        clock="quarter_hour",
        authority="statutory_guidance",
        source="Keeping children safe in education (2025), alternative provision",
        evidence="recalled",
        says="The site recorded for {session} was not among the provider's approved sites on that day.",
    ),
)
