"""Rules about the provider's checks."""

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
)
