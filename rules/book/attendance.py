"""Rules about attendance: the first day, each session, absence."""

from datetime import date

from rules.facts.marks import CodeNFacts, SchoolYearFacts
from rules.facts.sessions import AbsenceFacts, SessionFacts
from rules.facts.setting_up import StartFacts
from rules.language import Threshold
from rules.rule import Rule, Severity

RULES = (
    Rule(
        id="start-not-recorded",
        title="The first day has come and nobody has recorded a start",
        looks_at=StartFacts,
        when=StartFacts.determined.yes
        & StartFacts.started.no
        & (StartFacts.minutes_since_first_session.asked >= Threshold(60, "start_not_recorded")),
        subject="placement",
        severity=Severity.HIGH,
        raise_if_vulnerable=True,
        tell=("attendance", "dsl", "head"),
        clears="a start, a moved start or a withdrawal is recorded",
        clock="quarter_hour",
        authority="statutory_guidance",
        source="seed guidance, Recording attendance (first day procedures)",
        evidence="read",
        says="The planned start was {start}; neither a start, nor a moved start, nor a withdrawal is recorded.",
    ),
    Rule(
        id="register-not-received",
        title="The provider has not said whether the pupil arrived",
        looks_at=SessionFacts,
        when=SessionFacts.expected.yes & SessionFacts.provider_marked.no & SessionFacts.cutoff_passed.asked.yes,
        subject="session",
        severity=Severity.HIGH,
        raise_if_vulnerable=True,
        tell=("attendance", "provider"),
        clears="a mark arrives",
        clock="quarter_hour",
        authority="statutory_guidance",
        source="seed guidance, Recording attendance (first day procedures)",
        evidence="read",
        says="No mark from the provider for {session}, {cutoff} minutes after it started or more.",
    ),
    Rule(
        id="location-unknown",
        title="Nobody knows where the pupil is",
        looks_at=SessionFacts,
        when=SessionFacts.expected.yes
        & SessionFacts.provider_marked.no
        & SessionFacts.absence_explained.no
        & SessionFacts.contact_since.no
        & (SessionFacts.minutes_since_start.asked >= Threshold(120, "location_unknown")),
        subject="session",
        severity=Severity.CRITICAL,
        tell=("dsl", "attendance", "head"),
        clears="a mark or a contact is recorded",
        clock="quarter_hour",
        authority="statutory_guidance",
        source="Keeping children safe in education, alternative provision",
        evidence="recalled",
        says="For {session} there is no mark from the provider, no explained absence and no contact with provider or "
        "parent, two hours or more after it started.",
    ),
    Rule(
        id="absence-not-followed-up",
        title="An absence has not been followed up",
        looks_at=AbsenceFacts,
        when=AbsenceFacts.day_over.asked.yes & AbsenceFacts.parent_contacted.no,
        subject="day",
        severity=Severity.HIGH,
        raise_if_vulnerable=True,
        tell=("attendance", "dsl"),
        clears="a contact is recorded or the reason is established",
        clock="quarter_hour",
        authority="statutory_guidance",
        source="seed guidance, Recording attendance; Working together to improve school attendance",
        evidence="read",
        says="The provider reported an absence without a reason on {day}; no contact with the parent since is recorded.",
    ),
    Rule(
        id="unexplained-code-unresolved",
        title="Code N must be settled within five school days",
        duty="code_n",
        looks_at=CodeNFacts,
        when=CodeNFacts.third_day_come.asked.yes,
        subject="session",
        severity=Severity.MEDIUM,
        steps={Severity.HIGH: CodeNFacts.fifth_day_passed.asked.yes},
        tell=("attendance",),
        clears="the mark is amended",
        authority="law",
        source="SI 2024/208 reg 10(7)-(9)",
        evidence="read",
        under="attendance",
        in_force_from=date(2024, 8, 19),
        says="The mark for {session} is still N; it must be settled within five school days.",
    ),
    Rule(
        id="code-b-but-absent",
        title="Coded as educated off-site, but the provider says absent",
        looks_at=SessionFacts,
        when=SessionFacts.coded_there_but_absent.yes,
        subject="session",
        severity=Severity.CRITICAL,
        tell=("attendance", "dsl"),
        clears="either mark is amended so that they agree",
        clock="quarter_hour",
        authority="statutory_guidance",
        source="seed guidance, Code B",
        evidence="read",
        says="For {session} the home register has {home_code}, and the provider's mark is an absence.",
    ),
    Rule(
        id="persistent-absence",
        title="Persistent absence",
        looks_at=SchoolYearFacts,
        when=(SchoolYearFacts.possible >= Threshold(20, "persistent_possible")) & SchoolYearFacts.persistent.yes,
        subject="school year",
        severity=Severity.MEDIUM,
        tell=("attendance", "dsl", "senco"),
        clears="back under 10%",
        authority="statutory_guidance",
        source="Working together to improve school attendance",
        evidence="reported",
        says="{missed} of {possible} possible sessions this school year were missed, over both registers together: "
        "{share} per cent or more.",
    ),
)
