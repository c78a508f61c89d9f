"""What a school may choose, and what it chose."""

from datetime import date
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.chronology import Event
from models.school import SettingsChange
from offsite.access.viewer import Viewer
from offsite.case.settings import setting
from offsite.law.parameters import SETTINGS


class SettingView(BaseModel):
    """One setting as it stands today."""

    key: str
    value: Any
    own: bool
    """Whether the school chose it."""
    default: Any
    unit: str
    says: str
    allowed: list[str] | None
    """The words that may be chosen; None where it is a number."""
    law: str | None
    """What it may not be laxer than."""
    bounds: str
    """What may be chosen, in words."""


def settings_of(viewer: Viewer) -> list[SettingView]:
    """Every setting of the viewer's school."""
    chosen = viewer.school.settings_on(viewer.today)
    return [
        SettingView(
            key=key,
            value=setting(viewer.school, key, viewer.today),
            own=key in chosen,
            default=known.default,
            unit=known.unit,
            says=known.says,
            allowed=list(known.allowed) if known.allowed else None,
            law=known.law,
            bounds=known.bounds,
        )
        for key, known in SETTINGS.items()
    ]


class SettingChanged(BaseModel):
    """A setting that was changed: from what to what, and from which day."""

    key: str
    before: Any
    now: Any
    unit: str
    says: str
    from_day: date
    looser: bool | None
    """Whether it is looser than before; None where neither direction is."""


def settings_changed(session: Session, viewer: Viewer, number: int) -> list[SettingChanged]:
    """What the viewer's own entry of this number changed; nothing where it changed no setting."""
    wanted = select(Event.id).where(Event.school_id == viewer.school_id, Event.number == number, Event.by == viewer.ref)
    entry = session.scalar(wanted)
    rows = viewer.school.rows.of(SettingsChange)
    return [
        _changed(viewer, key, value, row.from_day, [r for r in rows if r.event_id < row.event_id])
        for row in rows
        if row.event_id == entry
        for key, value in row.settings.items()
    ]


def _changed(viewer: Viewer, key: str, now: Any, day: date, earlier: list[SettingsChange]) -> SettingChanged:
    known = SETTINGS[key]
    default = known.by_authority.get(viewer.school.details_on(day).local_authority, known.default)
    before = next((r.settings[key] for r in reversed(earlier) if r.from_day <= day and key in r.settings), default)
    return SettingChanged(
        key=key,
        before=before,
        now=now,
        unit="" if known.allowed else known.unit,
        says=known.says,
        from_day=day,
        looser=None if known.stricter is None or now == before else known.looser(now, before),
    )
