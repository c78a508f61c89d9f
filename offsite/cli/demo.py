"""The demonstration's folder: loaded once, opened ever after."""

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select

from models.people import Person
from offsite.accounts import directory
from offsite.case.loading import load_school
from offsite.casework.keeping import demonstration
from offsite.casework.keeping.installation import Installation
from offsite.casework.perform import school_id_of
from offsite.casework.refusals import Refused
from offsite.cli.setting_up import TOML
from rules.rule import ROLES

DEMO_DATA = Path("demo")
DEMO_PASSWORD = "invented-otter-lantern-quay"
"""Of every account of the demonstration, which asks for no one-time codes: nothing in it is about anybody."""


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
    _open_accounts(here, now)
    (data / "loaded").write_text(f"{now.isoformat()}\n", encoding="ascii")
    return here, True


def _open_accounts(here: Installation, now: datetime) -> None:
    """An account for everybody in the demonstration, all with one password."""
    with here.database.writing() as session:
        for person in session.scalars(select(Person)):
            directory.take_up(session, directory.invite(session, person, now), DEMO_PASSWORD, now)


def who_may_sign_in(here: Installation, day: date) -> list[tuple[str, str]]:
    """The address of each account of the demonstration and the roles behind it."""
    with here.database.reading() as session:
        people = load_school(session, school_id_of(session, demonstration.URN)).people_on(day)
    return [(person.email, ", ".join(ROLES[role] for role in person.roles)) for person, _ in people if person.email]


def school_day_shown(day: date) -> str:
    """A day in words."""
    return f"{day:%A %-d %B %Y}"
