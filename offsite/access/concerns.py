"""Whose a step on a concern is: never theirs whom it is against; the chair's only where the chair takes the head's place."""

from models.concern import Concern
from offsite.access.deeds import may
from offsite.access.viewer import Viewer


def theirs(viewer: Viewer, concern: Concern, command: str) -> bool:
    """Whether somebody may say a command about a concern.

    Of one against the head the chair decides, in whatever placement it was raised (domain.md, 10); of all others, the school.
    """
    if viewer.barred(concern):
        return False
    besides = tuple(role for role in viewer.roles if role != "chair")
    return may(besides, command) or (viewer.may(command) and against_head(viewer, concern))


def against_head(viewer: Viewer, concern: Concern) -> bool:
    """Whether a concern is against the head, by the role or by the person who is, or covers, the head today."""
    people, refs = viewer.school.people_on(viewer.today), viewer.school.person_refs
    heads = {refs[person.person_id] for person, roles in people if "head" in roles}
    return concern.against is not None and concern.against in {"head", *heads}
