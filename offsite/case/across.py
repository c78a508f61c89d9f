"""What one school knows of a provider across all of its placements there, closed ones too."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.concern import Concern
from offsite.case.case import Case, ProviderFile, SchoolFile


@dataclass(frozen=True)
class Across:
    """A school with some of its providers."""

    school: SchoolFile
    providers: Collection[ProviderFile] = ()
    cases: Collection[Case] = ()
    """The placements there that are not closed, with their terms and determination alone."""
    concerns: Mapping[int, Collection[Concern]] = field(default_factory=dict)
    """By provider: the concerns about it, or raised in any placement there, closed ones too."""
    settled: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    """When a person last closed an alert about a provider, by rule and provider: what was recorded until then has been
    dealt with."""

    def at_provider(self, provider: ProviderFile) -> list[Case]:
        """The placements at a provider."""
        return [case for case in self.cases if case.provider.id == provider.id]

    def since(self, rule: str, provider: ProviderFile) -> datetime | None:
        """What was recorded after this counts for a rule; None where all does."""
        return self.settled.get((rule, provider.ref))
