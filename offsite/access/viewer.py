"""The viewer: somebody of one school, with the roles they hold or cover today, and what of it they may see.

Everything that shows something asks a viewer: pages, JSON, documents, exports, search.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session

from models.concern import Concern
from models.look import BrokenGlass
from models.people import Person
from models.standing import Standing
from offsite.access.deeds import may
from offsite.access.sight import EVERYTHING, ROLE_SIGHT, Concerns, Reach, Sight, shows_names, sight_within
from offsite.case.case import Case, SchoolFile
from offsite.case.governors.reviews import awaiting_decision
from offsite.case.loading import load_school
from offsite.case.safeguarding.against import names_against
from offsite.case.statutory_clock import LADO, Duty, deadlines
from offsite.law.london import day_of

OPEN_FOR = timedelta(hours=1)
"""How long a placement stays open to somebody who broke the glass."""


@dataclass(frozen=True)
class Viewer:
    """Somebody looking."""

    school: SchoolFile
    person_id: int
    ref: str
    name: str
    roles: tuple[str, ...]
    provider_id: int | None
    at: datetime
    """UTC: when they look."""
    next_meeting: date | None
    """The day of the next review meeting at the school, for those who see its papers."""
    glass: frozenset[int] = frozenset()
    """Placements they broke the glass for within the hour."""
    concerns_against: frozenset[str] = frozenset()
    """Names of the concerns against them: nothing of these is ever listed for them."""
    coded: bool = True
    """Whether they gave a one-time code when they signed in: without one nobody is shown the text of a concern."""

    @property
    def school_id(self) -> int:
        """The one school whose rows they may see."""
        return self.school.id

    @cached_property
    def today(self) -> date:
        """The London day."""
        return day_of(self.at)

    @property
    def everywhere(self) -> Sight:
        """What they see of every placement of the school, whichever it is."""
        return sight_within(self.roles, lambda reach: reach is Reach.EVERY)

    @property
    def sees_names(self) -> bool:
        """Whether they see more of every placement of the school than that it is there: for lists of the whole school."""
        return shows_names(self.everywhere)

    def seeing(self, enough: Callable[[Sight], bool]) -> "Viewer":
        """They in those of their roles alone that see so much of one aspect: what these reach is where they see it."""
        return replace(self, roles=tuple(r for r in self.roles if r in ROLE_SIGHT and enough(ROLE_SIGHT[r].sight)))

    def may(self, command: str) -> bool:
        """Whether they may say a command."""
        return may(self.roles, command)

    def holds(self, *roles: str) -> bool:
        """Whether they hold one of these roles."""
        return bool(set(roles) & set(self.roles))

    def sight(self, case: Case) -> Sight:
        """What they see of a placement; NOTHING of one that is not theirs to see, or another school's."""
        if case.school.id != self.school_id:
            return Sight()
        if case.id in self.glass:
            return EVERYTHING
        return self._sight(case)

    def _sight(self, case: Case) -> Sight:
        return sight_within(self.roles, lambda reach: self._lies_within(case, reach))

    def _lies_within(self, case: Case, reach: Reach) -> bool:
        match reach:
            case Reach.EVERY:
                return True
            case Reach.OWN_PROVIDER:
                return self.provider_id is not None and case.provider.id == self.provider_id
            case Reach.WITH_PLAN:
                return case.pupil.has("ehc_plan", self.today)
            case Reach.NEXT_MEETING:
                return self.next_meeting is not None and self.next_meeting in awaiting_decision(case, self.today)
            case Reach.NONE:
                return False

    def barred(self, concern: Concern) -> bool:
        """Whether a concern is against them: then they are never told of it, nor shown it."""
        return concern.concern in self.concerns_against

    def barred_in(self, case: Case) -> frozenset[str]:
        """Names of the concerns of a placement that are against them."""
        return frozenset(raised.concern for raised in case.of(Concern) if self.barred(raised))

    def duties(self, case: Case) -> list[Duty]:
        """The statutory clock of a placement as they may see it: a referral to the LADO shows that there is an allegation."""
        sees, barred = self.sight(case).concerns >= Concerns.SUMMARY, self.barred_in(case)
        return [d for d in deadlines(case, self.at) if d.duty != LADO or (sees and d.of not in barred)]

    def in_reach(self) -> ColumnElement[bool]:
        """The same as a condition on standings, for lists."""
        wide: list[ColumnElement[bool]] = []
        for reach in {ROLE_SIGHT[role].reach for role in self.roles if role in ROLE_SIGHT}:
            if reach is Reach.EVERY:
                wide.append(Standing.school_id == self.school_id)
            elif reach is Reach.OWN_PROVIDER and self.provider_id is not None:
                wide.append(Standing.provider_id == self.provider_id)
            elif reach is Reach.WITH_PLAN:
                wide.append(Standing.with_plan.is_(True))
            elif reach is Reach.NEXT_MEETING and self.next_meeting is not None:
                wide.append(Standing.meets_on == self.next_meeting)
        if self.glass:
            wide.append(Standing.placement_id.in_(self.glass))
        return (Standing.school_id == self.school_id) & or_(false(), *wide)

    def standings(self, *columns: Any) -> Select[Any]:
        """A query for standings they may see."""
        return select(*(columns or (Standing,))).where(self.in_reach())


def viewer_for(session: Session, person_id: int, at: datetime, *, coded: bool = True) -> Viewer | None:
    """The viewer a person is at an instant; None where there is no such person."""
    person = session.get(Person, person_id)
    if person is None:
        return None
    school = load_school(session, person.school_id)
    today = day_of(at)
    found = next(((d, roles) for d, roles in school.people_on(today) if d.person_id == person_id), None)
    if found is None:
        return None
    details, roles = found
    return Viewer(
        school=school,
        person_id=person_id,
        ref=person.ref,
        name=details.name,
        roles=tuple(dict.fromkeys(roles)),
        provider_id=details.provider_id,
        at=at,
        next_meeting=_next_meeting(session, school.id, today),
        glass=_glass(session, school.id, person.ref, at),
        concerns_against=_against(session, school.id, {person.ref, *roles}),
        coded=coded,
    )


def _next_meeting(session: Session, school_id: int, today: date) -> date | None:
    wanted = select(func.min(Standing.meets_on)).where(Standing.school_id == school_id, Standing.live)
    return session.scalar(wanted.where(Standing.meets_on >= today))


def _against(session: Session, school_id: int, names: Collection[str]) -> frozenset[str]:
    raised = session.scalars(select(Concern).where(Concern.school_id == school_id, Concern.against.is_not(None)))
    return frozenset(concern.concern for concern in raised if not names_against(concern).isdisjoint(names))


def _glass(session: Session, school_id: int, ref: str, at: datetime) -> frozenset[int]:
    broken: Collection[int] = session.scalars(
        select(BrokenGlass.placement_id).where(
            BrokenGlass.school_id == school_id, BrokenGlass.by == ref, BrokenGlass.recorded_at > at - OPEN_FOR
        )
    ).all()
    return frozenset(broken)
