"""Every table, imported in one place, so that `Base.metadata` is whole for migrations and throwaway databases."""

from models import (
    alert,
    attendance,
    chronology,
    concern,
    message,
    people,
    placement,
    plan,
    provider,
    pupil,
    review,
    runs,
    school,
)
from models.database import Base

metadata = Base.metadata

__all__ = [
    "alert",
    "attendance",
    "chronology",
    "concern",
    "message",
    "metadata",
    "people",
    "placement",
    "plan",
    "provider",
    "pupil",
    "review",
    "runs",
    "school",
]
