"""Who looked: every look at the text of a concern, every placement opened by breaking the glass."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.encrypted_text import Texts
from models.look import BrokenGlass, Look
from models.placement import Placement
from offsite.access.deeds import DSL
from offsite.access.viewer import Viewer
from offsite.views.listed import A_PAGE, Asked, Listed, Sorts, cut

SORTS: Sorts = {"at": Look.at, "by": Look.by, "concern": Look.concern, "through": Look.through}
BROKEN_SORTS: Sorts = {"at": BrokenGlass.recorded_at, "by": BrokenGlass.by, "placement": Placement.ref}


class LookRow(BaseModel):
    """Somebody was shown the text of a concern."""

    at: datetime
    by: str
    concern: str
    through: str


class BrokenRow(BaseModel):
    """Somebody opened a placement that is not theirs to see. The reason is for the safeguarding lead."""

    at: datetime
    by: str
    placement: str
    reason: str | None


def looks(session: Session, viewer: Viewer, asked: Asked, size: int | None = A_PAGE) -> Listed[LookRow]:
    """A page of the looks at concerns, the newest first; `q`: of a person or at a concern."""
    wanted = select(Look.id).where(Look.school_id == viewer.school_id, Look.concern.not_in(viewer.concerns_against))
    if asked.q:
        wanted = wanted.where(Look.by.startswith(asked.q, autoescape=True) | Look.concern.startswith(asked.q, autoescape=True))
    page = cut(session, wanted, asked, SORTS, (Look.id.desc(),), size)
    rows = {row.id: row for row in session.scalars(select(Look).where(Look.id.in_(page.found)))}
    return page.listed([LookRow(at=(r := rows[i]).at, by=r.by, concern=r.concern, through=r.through) for i in page.found])


def broken_glass(session: Session, viewer: Viewer, texts: Texts, asked: Asked, size: int | None = A_PAGE) -> Listed[BrokenRow]:
    """A page of the placements that were opened by breaking the glass, the newest first; `q`: by a person, or a placement."""
    wanted = (
        select(BrokenGlass.id)
        .join(Placement, Placement.id == BrokenGlass.placement_id)
        .where(BrokenGlass.school_id == viewer.school_id)
    )
    if asked.q:
        of = func.lower(Placement.ref).startswith(asked.q.lower(), autoescape=True)
        wanted = wanted.where(BrokenGlass.by.startswith(asked.q, autoescape=True) | of)
    page = cut(session, wanted, asked, BROKEN_SORTS, (BrokenGlass.id.desc(),), size)
    found = session.execute(
        select(BrokenGlass, Placement.ref, Placement.pupil_id)
        .join(Placement, Placement.id == BrokenGlass.placement_id)
        .where(BrokenGlass.id.in_(page.found))
    )
    broken, told = found.tuples().all(), viewer.holds(*DSL)
    if told:
        texts.read_keys({pupil for _, _, pupil in broken})
    rows = {
        row.id: BrokenRow(at=row.recorded_at, by=row.by, placement=ref, reason=texts.shown(row.reason, pupil) if told else None)
        for row, ref, pupil in broken
    }
    return page.listed([rows[i] for i in page.found])
