"""What an authority's officer sees across the schools that share with them: pupils with a plan by name, all others as counts.

A count from one to four is hidden, and so is the total it could be worked out from.
"""

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.provider import Provider, ProviderDetails
from models.standing import Standing
from offsite.access.viewer import Viewer

SMALLEST_SHOWN = 5


class Shown(BaseModel):
    """How many live placements a provider has at a school; None where the number is too small to show."""

    school: str
    provider: str
    placements: int | None
    sessions_possible: int | None


def counts(session: Session, viewers: list[Viewer]) -> list[Shown]:
    """Counts by school and provider, small numbers hidden."""
    found = []
    for viewer in viewers:
        rows = session.execute(
            select(Standing.provider_id, func.count().label("n"), func.sum(Standing.possible).label("possible"))
            .where(Standing.school_id == viewer.school_id, Standing.live.is_(True))
            .group_by(Standing.provider_id)
            .order_by(Standing.provider_id)
        ).all()
        names = _names(session, viewer)
        for row in rows:
            enough = row.n >= SMALLEST_SHOWN
            found.append(
                Shown(
                    school=viewer.school.details_on(viewer.today).name,
                    provider=names.get(row.provider_id, "unknown"),
                    placements=row.n if enough else None,
                    sessions_possible=int(row.possible) if enough else None,
                )
            )
    return found


def _names(session: Session, viewer: Viewer) -> dict[int, str]:
    wanted = select(Provider.id, ProviderDetails.name).join(ProviderDetails, ProviderDetails.provider_id == Provider.id)
    wanted = wanted.where(Provider.school_id == viewer.school_id).order_by(ProviderDetails.id)
    return dict(session.execute(wanted).tuples().all())
