"""What a school may choose, and what it chose."""

from typing import Any

from pydantic import BaseModel

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
        )
        for key, known in SETTINGS.items()
    ]
