"""Every table, imported in one place, so that `Base.metadata` is whole for migrations and throwaway databases."""

from models import (
    account,
    alert,
    attendance,
    chronology,
    concern,
    look,
    message,
    people,
    placement,
    plan,
    provider,
    pupil,
    review,
    runs,
    school,
    standing,
)
from models.database import Base

metadata = Base.metadata

__all__ = [
    "account",
    "alert",
    "attendance",
    "chronology",
    "concern",
    "look",
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
    "standing",
]
