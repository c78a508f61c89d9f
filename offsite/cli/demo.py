"""The demonstration's folder: loaded once, opened ever after."""

from datetime import date, datetime
from pathlib import Path

from offsite.casework.keeping import demonstration
from offsite.casework.keeping.installation import Installation
from offsite.casework.refusals import Refused
from offsite.cli.setting_up import TOML

DEMO_DATA = Path("demo")


def load_demonstration(data: Path, now: datetime) -> tuple[Installation, bool]:
    """Open the demonstration in `data`, loading it at the first start. Raises Refused where another school is there."""
    if (data / "offsite.toml").exists():
        here = Installation.open(data)
        if not here.settings.demo:
            raise Refused(f"--data is {str(data)!r}, which holds a real school; a demonstration needs a folder of its own.")
        if (data / "loaded").exists():
            return here, False
    else:
        here = Installation.create(data, TOML.format(urn=demonstration.URN, demo="true"))
    if here.schools():
        raise Refused(f"{data} holds a demonstration that was cut off while it was loaded; remove the folder.")
    demonstration.load(here, now)
    (data / "loaded").write_text(f"{now.isoformat()}\n", encoding="ascii")
    return here, True


def school_day_shown(day: date) -> str:
    """A day in words."""
    return f"{day:%A %-d %B %Y}"
