"""Rules about the plan: readiness, curriculum, consultation, objectives."""

from rules.facts.direction.planning import ConsultationFacts, CurriculumFacts, ReadinessFacts
from rules.facts.stay.progress import ObjectiveFacts
from rules.language import Threshold
from rules.rule import Rule, Severity

RULES = (
    Rule(
        id="readiness-criteria-not-agreed",
        title="Nobody has agreed how readiness to return will be assessed",
        looks_at=ReadinessFacts,
        when=ReadinessFacts.reintegration_is_objective.yes & ReadinessFacts.started.yes & ReadinessFacts.criteria_agreed.no,
        subject="placement",
        severity=Severity.MEDIUM,
        tell=(
            "head",
            "senco",
        ),
        clears="criteria are recorded",
        authority="statutory_guidance",
        source="seed guidance, Responsibilities",
        evidence="read",
        says="The pupil has started (planned for {start}), reintegration is an objective, and no readiness criteria are "
        "recorded.",
    ),
    Rule(
        id="curriculum-gap",
        title="The plan leaves the pupil behind mainstream peers",
        looks_at=CurriculumFacts,
        when=CurriculumFacts.english_and_maths.no
        | ((CurriculumFacts.sessions_a_week < Threshold(10, "full_week")) & CurriculumFacts.part_time_agreed.no),
        subject="placement",
        severity=Severity.MEDIUM,
        tell=(
            "head",
            "senco",
        ),
        clears="the plan is amended",
        authority="statutory_guidance",
        source="seed guidance, opening section",
        evidence="read",
        says="The plan covers {covered}, with {week} sessions a week at home and at the provider together.",
    ),
    Rule(
        id="ehc-caseworker-not-told",
        title="The authority's caseworker was not told before the start",
        looks_at=ConsultationFacts,
        when=ConsultationFacts.ehc_plan.yes & ConsultationFacts.day_come.asked.yes & ConsultationFacts.authority_consulted.no,
        subject="placement",
        severity=Severity.HIGH,
        tell=("senco",),
        clears="it is recorded",
        authority="local",
        source="local authority practice; the plan's provision must still be secured",
        evidence="reported",
        says="The start is on {start}, the pupil has an EHC plan, and no consultation with the local authority is recorded.",
    ),
    Rule(
        id="looked-after-not-consulted",
        title="The virtual school was not consulted",
        looks_at=ConsultationFacts,
        when=ConsultationFacts.looked_after.yes
        & ConsultationFacts.day_come.asked.yes
        & ConsultationFacts.virtual_school_consulted.no,
        subject="placement",
        severity=Severity.HIGH,
        tell=(
            "designated_teacher",
            "dsl",
        ),
        clears="it is recorded",
        authority="statutory_guidance",
        source="exclusions guidance; local authority practice",
        evidence="reported",
        says="The start is on {start}, the pupil is looked after, and no consultation with the virtual school head is "
        "recorded.",
    ),
    Rule(
        id="objective-off-track",
        title="An objective is off track",
        looks_at=ObjectiveFacts,
        when=((ObjectiveFacts.days_past_date >= 1) & ObjectiveFacts.assessed.no & ObjectiveFacts.rated_well_since.no)
        | ObjectiveFacts.two_red.yes,
        subject="objective",
        severity=Severity.MEDIUM,
        tell=(
            "senco",
            "head",
            "provider",
        ),
        clears="it is assessed, or a note rates it amber or green",
        authority="statutory_guidance",
        source="seed guidance, Responsibilities (objectives regularly monitored)",
        evidence="read",
        says="The objective was to be met by {by}; it is neither assessed nor rated amber or green since, or its last two "
        "notes rate it red ({notes} notes in all).",
    ),
)
