"""Which roles may open which area of the pages and of the JSON interface. What they then see there is a matter of sight."""

from offsite.access.deeds import ANY_STAFF, DSL, LEADERS, OFFICE, TOLD
from offsite.access.sight import ROLE_SIGHT

EVERYBODY = tuple(ROLE_SIGHT)

AREAS: dict[str, tuple[str, ...]] = {
    "account": EVERYBODY,
    "law": EVERYBODY,
    "dsl": DSL,
    "clerk": ("clerk", "head"),
    "head": LEADERS,
    "governor": ("chair", "governors"),
    "senco": ("senco", "designated_teacher"),
    "attendance": (*LEADERS, "attendance"),
    "provider": ("provider",),
    "authority": ("local_authority",),
    "placements": EVERYBODY,
    "pupils": (*OFFICE, "senco", "designated_teacher", "data_protection"),
    "alerts": TOLD,
    "concerns": (*ANY_STAFF, "provider"),
    "documents": (*OFFICE, "chair", "governors", "senco", "designated_teacher", "provider", "local_authority"),
    "entries": (*OFFICE, "attendance"),
    "commands": (*TOLD, "data_protection"),
    "search": (*ANY_STAFF, "chair", "governors", "provider", "local_authority"),
    "people": OFFICE,
    "providers": (*ANY_STAFF, "chair", "governors"),
    "settings": LEADERS,
    "health": (*LEADERS, "data_protection"),
    "looks": (*DSL, "data_protection"),
}

HOMES = ("dsl", "head", "clerk", "attendance", "senco", "governor", "provider", "authority")
"""Areas that somebody opens first, in the order in which they are offered to one who has several.

The head may open the clerk's calendar, but looks at the whole first; whoever works at the school and is a governor too looks
at today's work before the papers of the next meeting.
"""


def may_open(roles: tuple[str, ...], area: str) -> bool:
    """Whether somebody with these roles may open an area."""
    return bool(set(roles) & set(AREAS[area]))


def homes(roles: tuple[str, ...]) -> list[str]:
    """The areas these roles open first; placements, where they have no page of their own."""
    return [area for area in HOMES if may_open(roles, area)] or ["placements"]
