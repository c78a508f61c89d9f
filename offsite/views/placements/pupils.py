"""The pupils of a school, to be found by name: a school has thousands, too many to choose from in a form."""

from typing import Any

from pydantic import BaseModel
from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased

from models.pupil import Pupil, PupilDetails
from models.standing import Standing
from offsite.access.viewer import Viewer
from offsite.views.listed import A_PAGE, Asked, Listed, Sorts, cut

SORTS: Sorts = {"pupil": Pupil.ref, "name": PupilDetails.name}


class PupilRow(BaseModel):
    """One pupil, with the placements that are not closed."""

    pupil: str
    name: str | None
    """The newest; None for those who see no names (domain.md, 9)."""
    placements: list[str]


def newest_details(pupil_id: Any) -> ScalarSelect[int]:
    """The newest row of a pupil's details: the one that holds."""
    later = aliased(PupilDetails)
    return select(func.max(later.id)).where(later.pupil_id == pupil_id).scalar_subquery()


def pupils(session: Session, viewer: Viewer, asked: Asked, size: int | None = A_PAGE) -> Listed[PupilRow]:
    """A page of the school's pupils by name; `q`: whose name holds these letters, or whose reference begins so."""
    wanted = (
        select(Pupil.id)
        .join(PupilDetails, PupilDetails.id == newest_details(Pupil.id))
        .where(Pupil.school_id == viewer.school_id)
    )
    if asked.q:
        letters = asked.q.lower()
        found = func.lower(Pupil.ref).startswith(letters, autoescape=True)
        if viewer.sees_names:
            found |= func.lower(PupilDetails.name).contains(letters, autoescape=True)
        wanted = wanted.where(found)
    own = (PupilDetails.name.asc(), Pupil.id.asc()) if viewer.sees_names else (Pupil.id.asc(),)
    sorts = SORTS if viewer.sees_names else {"pupil": Pupil.ref}
    page = cut(session, wanted, asked, sorts, own, size)
    details = session.execute(
        select(Pupil.id, Pupil.ref, PupilDetails.name)
        .join(PupilDetails, PupilDetails.id == newest_details(Pupil.id))
        .where(Pupil.id.in_(page.found))
    )
    rows = {row.id: PupilRow(pupil=row.ref, name=row.name if viewer.sees_names else None, placements=[]) for row in details}
    live = viewer.standings(Standing.pupil_id, Standing.ref).where(Standing.live.is_(True), Standing.pupil_id.in_(page.found))
    for pupil_id, ref in session.execute(live.order_by(Standing.ref)).tuples():
        rows[pupil_id].placements.append(ref)
    return page.listed([rows[id_] for id_ in page.found])


def how_many_pupils(session: Session, viewer: Viewer) -> int:
    """How many pupils the school has entered."""
    return session.scalar(select(func.count()).select_from(Pupil).where(Pupil.school_id == viewer.school_id)) or 0
