"""How a writing that must reach several recipients was served: a notice, an invitation, an outcome.

For each recipient the first counts for lateness and the latest for content. Whom the law prescribes is judged on the
day the first one was given; if none was, on the limit day.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from models.placement import Notice
from models.review import Invitation, Outcome
from offsite.case.case import Case
from offsite.case.direction import recipients


@dataclass(frozen=True)
class Served:
    """How far a writing was served on its prescribed recipients."""

    prescribed: frozenset[str]
    first_given: dict[str, date]
    """The first day on which each kind of recipient was given it."""
    first_event: dict[str, int]
    """The event (its id) of that."""

    @property
    def missing(self) -> list[str]:
        """Prescribed recipients who were not given it."""
        return sorted(self.prescribed - self.first_given.keys())

    @property
    def complete_on(self) -> date | None:
        """The day the last of those prescribed was given it; None while one is missing."""
        return None if self.missing else max(self.first_given[kind] for kind in self.prescribed)

    @property
    def met_by(self) -> tuple[int, ...]:
        """The events by which all of those prescribed were given it; none while one is missing."""
        return () if self.missing else tuple(sorted({self.first_event[kind] for kind in self.prescribed}))

    def latest_of(self, as_of: date) -> date | None:
        """The day to judge lateness by: the last prescribed recipient's, or `as_of` while one is missing."""
        return self.complete_on or as_of


def _serve(
    case: Case,
    given: Iterable[tuple[str, date, int]],
    limit: date,
    prescribed: Callable[[Case, date], frozenset[str]],
) -> Served:
    first: dict[str, tuple[date, int]] = {}
    for recipient, day, event in given:
        kind = recipients.kind_of(recipient)
        first[kind] = min((day, event), first.get(kind, (day, event)))
    days = {kind: day for kind, (day, _) in first.items()}
    return Served(
        prescribed(case, min(days.values(), default=limit)), days, {kind: event for kind, (_, event) in first.items()}
    )


def notice_served(case: Case, limit: date) -> Served:
    """The notice, as given; `limit` is the last lawful day."""
    given = ((row.recipient, row.given_on, row.event_id) for row in case.of(Notice))
    return _serve(case, given, limit, recipients.prescribed_for_notice)


def invitations_served(case: Case, review: str, limit: date) -> Served:
    """A review's invitations, as sent."""
    sent = ((row.recipient, row.sent_on, row.event_id) for row in case.of(Invitation) if row.review == review)
    return _serve(case, sent, limit, recipients.prescribed_invitees)


def outcome_served(case: Case, review: str, limit: date) -> Served:
    """A review's outcome, as given."""
    given = ((row.recipient, row.given_on, row.event_id) for row in case.of(Outcome) if row.review == review)
    return _serve(case, given, limit, recipients.prescribed_for_outcome)
