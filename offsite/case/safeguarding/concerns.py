"""Concerns, each put together from its rows."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from models.concern import Concern, ConcernClosure, Found, Referral, SafetyReview, Triage
from offsite.case.case import Case


@dataclass(frozen=True)
class ConcernFile:
    """One concern and what became of it."""

    raised: Concern
    triaged: bool
    found: bool
    referral: Referral | None
    closed: bool
    safety_reviewed: bool
    """Whether the placement was reviewed for safety since it was raised."""

    @property
    def name(self) -> str:
        """The concern's name."""
        return self.raised.concern


def concerns(case: Case) -> list[ConcernFile]:
    """The concerns that bear on the placement: raised in it, or about its provider."""

    def about(table: type[Triage] | type[Found] | type[Referral] | type[ConcernClosure], name: str) -> list[object]:
        return [row for row in case.of(table) if row.concern == name]

    return [
        ConcernFile(
            raised=raised,
            triaged=bool(about(Triage, raised.concern)),
            found=bool(about(Found, raised.concern)),
            referral=next(reversed([r for r in case.of(Referral) if r.concern == raised.concern]), None),
            closed=bool(about(ConcernClosure, raised.concern)),
            safety_reviewed=any(row.happened_at >= raised.happened_at for row in case.of(SafetyReview)),
        )
        for raised in case.of(Concern)
    ]


def without(case: Case, names: Collection[str]) -> Case:
    """The case as if these concerns had never been raised: for a reader whom they are kept from."""
    return replace(case, rows=case.rows.instead(Concern, [row for row in case.of(Concern) if row.concern not in names]))


def is_serious(concern: ConcernFile) -> bool:
    """Any kind but low_level."""
    return concern.raised.kind != "low_level"
