"""Reviews and requests for one, each put together from its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal, TypeVar

from models.review import (
    Decision,
    Invitation,
    Nomination,
    Outcome,
    RequestReply,
    Review,
    ReviewHeld,
    ReviewRequest,
    View,
)
from offsite.case.case import Case

Row = TypeVar("Row", Nomination, Invitation, View, ReviewHeld, Decision, Outcome)
TABLES = (Review, Nomination, Invitation, View, ReviewHeld, Decision, Outcome, ReviewRequest, RequestReply)
"""What reviews and requests are put together from: all a case must hold to be asked for them."""


@dataclass(frozen=True)
class ReviewFile:
    """One review meeting and all that belongs to it."""

    name: str
    meets_on: date
    meets_at: time | None
    place: str | None
    booked_at: datetime
    """When it was first set."""
    cancelled: bool
    nomination: Nomination | None
    invitations: Sequence[Invitation]
    views: Sequence[View]
    held: ReviewHeld | None
    decisions: Sequence[Decision]
    outcomes: Sequence[Outcome]

    @property
    def state(self) -> Literal["scheduled", "held", "cancelled"]:
        """Held, else cancelled, else scheduled."""
        return "held" if self.held else "cancelled" if self.cancelled else "scheduled"

    @property
    def decision(self) -> Decision | None:
        """What was decided, as last amended."""
        return self.decisions[-1] if self.decisions else None

    @property
    def met_on(self) -> date:
        """The day it was held; until then the day it is set for."""
        return self.held.held_on if self.held else self.meets_on


def reviews(case: Case) -> list[ReviewFile]:
    """The placement's reviews, in the order in which they were set."""
    newest: dict[str, Review] = {}
    first: dict[str, Review] = {}
    for row in case.of(Review):
        newest[row.name] = row
        first.setdefault(row.name, row)

    def of(table: type[Row], name: str) -> list[Row]:
        return [row for row in case.of(table) if row.review == name]

    return [
        ReviewFile(
            name=name,
            meets_on=row.meets_on,
            meets_at=row.meets_at,
            place=row.place,
            booked_at=first[name].happened_at,
            cancelled=row.change == "cancelled",
            nomination=next(reversed(of(Nomination, name)), None),
            invitations=of(Invitation, name),
            views=of(View, name),
            held=next(reversed(of(ReviewHeld, name)), None),
            decisions=of(Decision, name),
            outcomes=of(Outcome, name),
        )
        for name, row in newest.items()
    ]


def review(case: Case, name: str) -> ReviewFile:
    """One review by name; raises KeyError where the placement has none of that name."""
    for found in reviews(case):
        if found.name == name:
            return found
    raise KeyError(name)


def held_on(case: Case) -> list[date]:
    """The days on which reviews were held, in order."""
    return sorted(found.held.held_on for found in reviews(case) if found.held)


@dataclass(frozen=True)
class RequestFile:
    """One written request for a review."""

    name: str
    asked_by: str
    asked_on: date
    replied: bool


def requests(case: Case) -> list[RequestFile]:
    """The placement's requests for review, in order."""
    answered = {row.request for row in case.of(RequestReply)}
    return [RequestFile(r.name, r.asked_by, r.asked_on, r.name in answered) for r in case.of(ReviewRequest)]


def awaiting_decision(case: Case, day: date) -> list[date]:
    """The days, from `day` on and in order, of the meetings at which the governors have a review to decide: it is set, or was
    held that day and not decided yet."""
    found = (r.met_on for r in reviews(case) if r.state != "cancelled" and r.decision is None)
    return sorted(on for on in found if on >= day)


def held_or_set_since(case: Case, day: date) -> bool:
    """Whether a review was held, or is set to meet, on or after a day, whenever it was booked."""
    return any(found.state != "cancelled" and found.met_on >= day for found in reviews(case))
