"""What an authority's officer sees across the schools that share with them: pupils with a plan by name, all others as counts.

A count from one to four is hidden. Pupils with a plan are in none: the others could be worked out by taking them away.
"""

from pydantic import BaseModel
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from models.standing import Standing
from offsite.access.viewer import Viewer
from offsite.views.school.providers import providers_checked

SMALLEST_SHOWN = 5


class Shown(BaseModel):
    """How many live placements of pupils without a plan a provider has at a school; None where they are too few to show."""

    school: str
    provider: str
    placements: int | None
    sessions_possible: int | None
    checks: str
    """in order, or which items are not."""


def counts(session: Session, viewers: list[Viewer]) -> list[Shown]:
    """Counts by school and provider, small numbers hidden."""
    found = []
    counted = Standing.with_plan.is_(False)
    for viewer in viewers:
        rows = session.execute(
            select(
                Standing.provider_id,
                func.sum(case((counted, 1), else_=0)).label("n"),
                func.sum(case((counted, Standing.possible), else_=0)).label("possible"),
            )
            .where(Standing.school_id == viewer.school_id, Standing.live.is_(True))
            .group_by(Standing.provider_id)
            .order_by(Standing.provider_id)
        ).all()
        known = {row.id: row for row in providers_checked(session, viewer)}
        for row in rows:
            shown, provider = row.n == 0 or row.n >= SMALLEST_SHOWN, known[row.provider_id]
            found.append(
                Shown(
                    school=viewer.school.details_on(viewer.today).name,
                    provider=provider.name,
                    placements=int(row.n) if shown else None,
                    sessions_possible=int(row.possible) if shown else None,
                    checks=f"not in order: {', '.join(provider.missing)}" if provider.missing else "in order",
                )
            )
    return found
