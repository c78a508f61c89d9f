"""Facts about changes the provider told of that may put a child at risk."""

from collections.abc import Iterator
from datetime import datetime

from models.provider import ProviderChange, ProviderChangeDecision
from offsite.case.case import Case
from offsite.law.london import day_of
from rules.facts.words import day_in_words
from rules.judge import Fact
from rules.language import FactKind, flag


class ChangeFacts(FactKind):
    """One a change at the provider, for each placement there that is not closed."""

    kind = "change"
    decided = flag("the safeguarding lead recorded a decision on it")


def derive(case: Case, at: datetime) -> Iterator[Fact]:
    """Each change on record."""
    rows = case.provider.rows
    decided = {row.change for row in rows.of(ProviderChangeDecision)}
    for change in rows.of(ProviderChange):
        yield Fact(
            ChangeFacts,
            ChangeFacts.values(decided=change.name in decided),
            change.name,
            day_of(change.happened_at),
            False,
            lambda change=change: {  # type: ignore[misc]
                "kind": change.kind,
                "told": day_in_words(day_of(change.happened_at)),
            },
        )


SOURCES = (((ChangeFacts,), derive, False),)
