"""Rules about safeguarding."""

from rules.facts.concerns import ConcernFacts
from rules.facts.setting_up import ProviderFacts
from rules.rule import Rule, Severity

RULES = (
    Rule(
        id="concern-raised",
        title="A safeguarding concern has been raised",
        looks_at=ConcernFacts,
        when=ConcernFacts.serious.yes & ConcernFacts.closed.no,
        subject="concern",
        severity=Severity.CRITICAL,
        tell=("dsl", "deputy_dsl"),
        clears="the DSL closes the concern, with a decision",
        clock="quarter_hour",
        authority="statutory_guidance",
        source="Keeping children safe in education; seed guidance, governing body reviews",
        evidence="recalled",
        says="A concern was raised on {raised} and is not closed. An alert never replaces a referral.",
    ),
    Rule(
        id="concern-not-triaged",
        title="Nobody has triaged a concern",
        looks_at=ConcernFacts,
        when=ConcernFacts.serious.yes & ConcernFacts.triage_time_over.yes & ConcernFacts.triaged.no,
        subject="concern",
        severity=Severity.CRITICAL,
        tell=("deputy_dsl", "head"),
        clears="it is triaged",
        clock="quarter_hour",
        authority="design",
        source="Keeping children safe in education says act at once; the 120 minutes are ours",
        evidence="recalled",
        says="{minutes} minutes or more after a concern was recorded on {raised} there is no triage decision.",
    ),
    Rule(
        id="allegation-not-referred",
        title="An allegation against an adult must go to the LADO",
        duty="lado_referral",
        looks_at=ConcernFacts,
        when=ConcernFacts.allegation.yes & ConcernFacts.referral_decided.no,
        subject="concern",
        severity=Severity.CRITICAL,
        tell=("head", "dsl"),
        clears="a LADO referral, or a reasoned decision not to refer, is recorded",
        clock="quarter_hour",
        authority="statutory_guidance",
        source="Keeping children safe in education, part four; local safeguarding procedures",
        evidence="reported",
        says="An allegation was recorded on {raised}; neither a LADO referral nor a reasoned decision not to refer is "
        "recorded. It is due by {due_words}.",
    ),
    Rule(
        id="child-missing",
        title="The pupil has gone missing from the provider",
        looks_at=ConcernFacts,
        when=ConcernFacts.child_missing.yes & ConcernFacts.found.no,
        subject="concern",
        severity=Severity.CRITICAL,
        tell=("dsl", "head", "attendance"),
        clears="the pupil is found",
        clock="quarter_hour",
        authority="statutory_guidance",
        source="Keeping children safe in education",
        evidence="recalled",
        says="The pupil was reported missing on {raised} and is not recorded as found.",
    ),
    Rule(
        id="placement-not-reviewed-after-concern",
        title="A concern about the placement calls for an immediate review of it",
        looks_at=ConcernFacts,
        when=ConcernFacts.live.yes
        & ConcernFacts.serious.yes
        & ConcernFacts.about_the_place.yes
        & ConcernFacts.closed.no
        & ConcernFacts.safety_reviewed.no
        & ConcernFacts.review_day_passed.asked.yes,
        subject="concern",
        severity=Severity.CRITICAL,
        tell=("dsl", "head"),
        clears="the safety review is recorded, or the concern is closed",
        authority="statutory_guidance",
        source="Keeping children safe in education, alternative provision",
        evidence="recalled",
        says="A concern about the placement or provider of {raised} is open, and no safety review is recorded since.",
    ),
    Rule(
        id="safeguarding-confirmation-missing",
        title="No written confirmation of the provider's safeguarding checks",
        looks_at=ProviderFacts,
        when=ProviderFacts.day_come.asked.yes & ProviderFacts.confirmed.no,
        subject="provider",
        severity=Severity.HIGH,
        steps={Severity.CRITICAL: ProviderFacts.started.yes},
        tell=("dsl", "head"),
        clears="it is verified",
        authority="statutory_guidance",
        source="Keeping children safe in education, alternative provision",
        evidence="recalled",
        says="The start is on {start}, and no verified, unexpired written safeguarding confirmation is on record.",
    ),
)
