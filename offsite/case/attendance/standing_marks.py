"""Which marks stand in their register, as the database finds them for lists; a case is loaded by the same rule.

A mark stands where its entry was not corrected and nothing that counts was entered for the same session after it.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from models.attendance import Mark
from models.chronology import Correction


def stands(mark: type[Mark], school_id: int) -> ColumnElement[bool]:
    """Whether a mark of a school stands. `mark` may be an alias."""
    later = aliased(Mark)
    same_register = later.pupil_id == mark.pupil_id, later.provider_id.is_not_distinct_from(mark.provider_id)
    same_session = later.school_id == mark.school_id, later.day == mark.day, later.session == mark.session
    after = select(later.id).where(*same_session, *same_register, later.id > mark.id, counts(later, school_id))
    return and_(counts(mark, school_id), ~after.exists())


def counts(mark: type[Mark], school_id: int) -> ColumnElement[bool]:
    """Whether the entry that made a mark was not corrected. Those that were are few, and looked up once."""
    struck = aliased(Mark)
    corrected: Any = select(struck.id).join(Correction, Correction.corrected_event_id == struck.event_id)
    return mark.id.not_in(corrected.where(Correction.school_id == school_id))
