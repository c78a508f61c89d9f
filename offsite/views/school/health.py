"""What `offsite doctor` says, as leaders of one school may see it."""

from typing import Literal

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.school import School
from offsite.access.viewer import Viewer
from offsite.casework.keeping.doctor import examine
from offsite.casework.keeping.installation import Installation


class SignView(BaseModel):
    """One thing looked at."""

    state: Literal["ok", "warning", "wrong"]
    what: str


def signs(session: Session, viewer: Viewer, here: Installation) -> list[SignView]:
    """The signs of the machine and of the viewer's own school; none of another's."""
    others = set(session.scalars(select(School.urn))) - {viewer.school.urn}
    found = examine(here, viewer.at)
    return [SignView(**s._asdict()) for s in found if not any(s.what.startswith(f"{urn}:") for urn in others)]
