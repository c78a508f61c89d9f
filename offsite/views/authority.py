"""What an authority's officer sees across the schools that share with them: pupils with a plan by name, all others as counts.

A count from one to four is hidden, and so is the total it could be worked out from.
"""

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.standing import Standing
from offsite.access.viewer import Viewer
from offsite.views.providers import providers_checked

SMALLEST_SHOWN = 5


class Shown(BaseModel):
    """How many live placements a provider has at a school; None where the number is too small to show."""

    school: str
    provider: str
    placements: int | None
    sessions_possible: int | None
    checks: str
    """in order, or which items are not."""


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
        known = {row.id: row for row in providers_checked(session, viewer)}
        for row in rows:
            enough, provider = row.n >= SMALLEST_SHOWN, known[row.provider_id]
            found.append(
                Shown(
                    school=viewer.school.details_on(viewer.today).name,
                    provider=provider.name,
                    placements=row.n if enough else None,
                    sessions_possible=int(row.possible) if enough else None,
                    checks=f"not in order: {', '.join(provider.missing)}" if provider.missing else "in order",
                )
            )
    return found
