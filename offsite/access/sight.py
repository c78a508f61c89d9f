"""What each role may see of a placement: domain.md 9 as a table, a line a role, a column an aspect.

Within an aspect more includes less, so somebody with two roles sees the larger of both.
"""

from collections.abc import Callable, Iterable
from enum import Enum, IntEnum
from typing import NamedTuple


class Facts(IntEnum):
    """Facts of the placement: that it is there; dates and contacts; the plan's objectives as well; all, with its reasons."""

    NOTHING, METADATA, DATES, OBJECTIVES, ALL = range(5)


class Attendance(IntEnum):
    """Registers and what they amount to."""

    NOTHING, METADATA, OWN, SUMMARY, ALL = range(5)


class Review(IntEnum):
    """Reviews, their papers and decisions."""

    NOTHING, METADATA, OWN_PART, MINUTES, ALL = range(5)


class Concerns(IntEnum):
    """Concerns: that there are some; what oneself raised; how many and how they stand; their text."""

    NOTHING, FLAG, RAISED, SUMMARY, ALL = range(5)


class Checks(IntEnum):
    """The provider's checks."""

    NOTHING, CONTACT, OWN, SUMMARY, ALL = range(5)


class Health(IntEnum):
    """Health, EHC plan, what makes a pupil vulnerable."""

    NOTHING, VULNERABLE, STRATEGIES, RELEVANT, ALL = range(5)


class Reach(Enum):
    """Of which placements a role sees anything."""

    EVERY = "every placement of the school"
    NEXT_MEETING = "placements reviewed at the next meeting, until they are decided"
    OWN_PROVIDER = "placements at the person's own provider"
    WITH_PLAN = "placements of pupils with an EHC plan"
    NONE = "no placement"


class Sight(NamedTuple):
    """What somebody sees of one placement."""

    facts: Facts = Facts.NOTHING
    attendance: Attendance = Attendance.NOTHING
    review: Review = Review.NOTHING
    concerns: Concerns = Concerns.NOTHING
    checks: Checks = Checks.NOTHING
    health: Health = Health.NOTHING

    def __or__(self, other: "Sight") -> "Sight":
        """The larger of both, aspect by aspect."""
        return Sight._make(max(mine, theirs) for mine, theirs in zip(self, other, strict=True))


class RoleSight(NamedTuple):
    """What a role sees, and of which placements."""

    reach: Reach
    sight: Sight


NOTHING = Sight()
EVERYTHING = Sight(Facts.ALL, Attendance.ALL, Review.ALL, Concerns.ALL, Checks.ALL, Health.ALL)
_GOVERNOR = Sight(Facts.ALL, Attendance.SUMMARY, Review.ALL, Concerns.SUMMARY, Checks.SUMMARY, Health.RELEVANT)
_SENCO = Sight(Facts.ALL, Attendance.SUMMARY, Review.ALL, Concerns.FLAG, Checks.SUMMARY, Health.ALL)

ROLE_SIGHT: dict[str, RoleSight] = {
    "dsl": RoleSight(Reach.EVERY, EVERYTHING),
    "deputy_dsl": RoleSight(Reach.EVERY, EVERYTHING),
    "head": RoleSight(Reach.EVERY, EVERYTHING._replace(concerns=Concerns.SUMMARY)),
    "chair": RoleSight(Reach.NEXT_MEETING, _GOVERNOR),
    "governors": RoleSight(Reach.NEXT_MEETING, _GOVERNOR),
    "clerk": RoleSight(Reach.EVERY, Sight(facts=Facts.DATES, review=Review.MINUTES)),
    "attendance": RoleSight(
        Reach.EVERY,
        Sight(Facts.DATES, Attendance.ALL, concerns=Concerns.FLAG, checks=Checks.CONTACT, health=Health.VULNERABLE),
    ),
    "senco": RoleSight(Reach.EVERY, _SENCO),
    "designated_teacher": RoleSight(Reach.EVERY, _SENCO),
    "provider": RoleSight(
        Reach.OWN_PROVIDER,
        Sight(Facts.OBJECTIVES, Attendance.OWN, Review.OWN_PART, Concerns.RAISED, Checks.OWN, Health.STRATEGIES),
    ),
    "local_authority": RoleSight(
        Reach.WITH_PLAN, Sight(Facts.ALL, Attendance.SUMMARY, Review.ALL, checks=Checks.SUMMARY, health=Health.ALL)
    ),
    "data_protection": RoleSight(Reach.EVERY, Sight(Facts.METADATA, Attendance.METADATA, Review.METADATA)),
}


def sight_within(roles: Iterable[str], lies_within: Callable[[Reach], bool]) -> Sight:
    """What these roles together see of a placement, by the reaches it lies within."""
    found = NOTHING
    for role in roles:
        of_role = ROLE_SIGHT.get(role)
        if of_role is not None and lies_within(of_role.reach):
            found |= of_role.sight
    return found


def shows_names(sight: Sight) -> bool:
    """Whether so much shows whose a placement is, where, and its dates: more than that it is there."""
    return sight.facts >= Facts.DATES


def reads_concerns(roles: Iterable[str]) -> bool:
    """Whether somebody with these roles is shown the text of concerns that others raised."""
    return any(role in ROLE_SIGHT and ROLE_SIGHT[role].sight.concerns is Concerns.ALL for role in roles)
