"""Two invented schools full of look-alikes in one installation, and somebody signed in to its pages.

Both are the demonstration, with the same references for people, pupils and placements; in the second every "Invented" reads
"Otherplace", so that a word of one on a page of the other is seen. The second has a person, a provider, a pupil, a placement
and a concern more, with references of their own, so that a count or a reference of one is seen at the other as well.
"""

import re
import shutil
import tomllib
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from argon2 import PasswordHasher
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.testclient import TestClient

from models.account import Account, Membership
from models.alert import Alert
from models.chronology import Event
from models.people import Person, PersonDetails
from models.placement import Document, Placement
from models.school import School
from offsite.access.deeds import DEEDS
from offsite.accounts import directory, passwords, sessions, tokens
from offsite.casework.command import Said, commands
from offsite.casework.keeping import demonstration
from offsite.casework.keeping.installation import Installation
from offsite.casework.perform import perform
from offsite.casework.replay.scenario import moment
from offsite.casework.watch.sweep import sweep
from offsite.cli.setting_up import TOML
from offsite.web.app import create
from offsite.web.visit import Edge

NOW = moment("2026-11-25 10:20")
"""A Wednesday, past the morning's cut-off."""
HERE, ELSEWHERE = "999001", "999003"


OWN_PERSON = {"id": "att9", "roles": ["attendance"], "name": "Invented Person Eleven", "email": "second@invented.example"}
OWN_PROVIDER = ("farm", "Invented Farm", "non_school", {"setting_type": "WBP"})
OWN_STORY = demonstration.Story("N5XB-20", "farm", -20, 40, "concern open", absent=6, plan=True)
"""What only the second school has."""


def elsewhere(value):
    if isinstance(value, str):
        return value.replace("Invented", "Otherplace").replace("invented", "otherplace")
    if isinstance(value, dict):
        return {key: elsewhere(each) for key, each in value.items()}
    return type(value)(elsewhere(each) for each in value) if isinstance(value, list | tuple) else value


OF_ALERTS = ("acknowledge", "take", "hand_over", "resolve", "mark_not_useful")
ABOUT_ANYTHING = "placement=H8JE-66&review=H8JE-66-r1&request=A9KF-28-q1&provider=workshop&person=att1"
ABOUT = dict.fromkeys(("triage_concern", "find_child", "close_concern", "refer_to_lado"), "concern=V5RC-73-c1") | {
    "raise_concern": "placement=H8JE-66"
}
"""What the forms of commands are about."""


class Clock:
    """Tells a time that a test may move on."""

    def __init__(self):
        self.at = NOW

    def __call__(self):
        return self.at


@contextmanager
def _installed(folder, *schools):
    here = Installation.create(folder, TOML.format(urn=schools[0], demo="false"))
    for urn in schools:
        with pytest.MonkeyPatch.context() as patch:
            if urn == ELSEWHERE:
                _as_the_second(patch)
            demonstration.load(here, NOW)
    for clock in ("quarter_hour", "daily"):
        sweep(here.database, here.rules, clock, NOW)
    yield here
    here.database.close()


def _as_the_second(patch):
    say = demonstration._Teller.say
    patch.setattr(demonstration, "URN", ELSEWHERE)
    patch.setattr(demonstration, "PEOPLE", (*demonstration.PEOPLE, OWN_PERSON))
    patch.setattr(demonstration, "PROVIDERS", (*demonstration.PROVIDERS, OWN_PROVIDER))
    patch.setattr(demonstration, "STORIES", (*demonstration.STORIES, OWN_STORY))
    patch.setattr(
        demonstration._Teller, "say", lambda self, do, day, *args, **fields: say(self, do, day, *args, **elsewhere(fields))
    )


@pytest.fixture(scope="session")
def installed():
    """Makes an installation in a folder, of the schools that are named."""
    return _installed


@pytest.fixture(scope="session")
def both_installed(tmp_path_factory):
    """The folder of an installation of both schools, to copy: entering them takes a while."""
    folder = tmp_path_factory.mktemp("both")
    with _installed(folder, HERE, ELSEWHERE):
        return folder


@pytest.fixture(scope="module")
def two_schools(both_installed, tmp_path_factory):
    """The installation."""
    folder = shutil.copytree(both_installed, tmp_path_factory.mktemp("together"), dirs_exist_ok=True)
    here = Installation.open(folder)
    yield here
    here.database.close()


class Browser:
    """Somebody at the pages, without a script."""

    def __init__(self, client):
        self.client = client

    def get(self, path):
        return self.client.get(path)

    def post(self, path, page=None, **typed):
        """Send a form as the page shows it: with its hidden fields, and what is typed."""
        shown = self.get(page or path)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', _form_of(shown.text, path)))
        return self.client.post(path, data={**hidden, **typed})


def _form_of(text, path):
    forms = re.findall(r"<form.*?</form>", text, re.S)
    return next((form for form in forms if f'action="{path}"' in form), "")


def _flat(found):
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from _flat(getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", []))


class Pages:
    """The pages of the two schools."""

    loop = None
    """Where answers are made: to begin a loop for each takes a while (one_loop)."""

    def __init__(self, here):
        self.here, self.clock = here, Clock()
        self.app = create(Edge(here, self.clock))

    def routes(self):
        """Every route there is, of the pages and of the JSON interface."""
        return list(_flat(self.app.app.routes))

    def form_of(self, name):
        """The address of a command's form, about something that it may be about."""
        if name in OF_ALERTS:
            return f"/do/{name}?alert={self.api('dsl1').get('/api/alerts').json()['rows'][0]['alert']}"
        return f"/do/{name}?{ABOUT.get(name, ABOUT_ANYTHING)}"

    def client(self):
        client = TestClient(self.app, base_url="http://testserver", follow_redirects=False, raise_server_exceptions=True)
        client.portal = self.loop
        return client

    def nobody(self):
        return Browser(self.client())

    def person(self, session, ref, urn=HERE):
        wanted = select(Person).join(School, School.id == Person.school_id).where(Person.ref == ref, School.urn == urn)
        return session.scalars(wanted).one()

    def invite(self, ref, urn=HERE):
        with self.here.database.writing() as session:
            return directory.invite(session, self.person(session, ref, urn), self.clock())

    def as_(self, ref, urn=HERE):
        """Somebody signed in, with a one-time code."""
        client = self.client()
        self.invite(ref, urn)
        with self.here.database.writing() as session:
            person = self.person(session, ref, urn)
            account = session.scalar(select(Membership.account_id).where(Membership.person_id == person.id))

            token = sessions.begin(session, session.get_one(Account, account), self.clock(), code_passed=True)
        client.cookies.set("offsite", token)
        return Browser(client)

    def token(self, ref, urn=HERE, name="test", reads_concerns=True):
        with self.here.database.writing() as session:
            person_id = self.person(session, ref, urn).id
            return tokens.make(session, person_id, name, self.clock(), timedelta(days=7), reads_concerns=reads_concerns)

    def api(self, ref, urn=HERE):
        client = self.client()
        client.headers["authorization"] = f"Bearer {self.token(ref, urn)}"
        return client


@pytest.fixture(scope="session", autouse=True)
def one_loop():
    """One loop for the answers of every test."""
    with start_blocking_portal() as Pages.loop:
        yield


@pytest.fixture(scope="session", autouse=True)
def earnest_hasher():
    """The hasher of passwords as it is. Meanwhile one that takes no time hashes them: a hundred attempts are made here."""
    with pytest.MonkeyPatch.context() as patch:
        earnest = passwords._hasher
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield earnest


@pytest.fixture(scope="session")
def pages_class():
    """For pages over an installation of a test's own."""
    return Pages


@pytest.fixture(scope="module")
def pages(two_schools):
    """The pages, over a real database."""
    return Pages(two_schools)


@pytest.fixture(autouse=True)
def back_to_now(request):
    """Every test begins at the same moment."""
    if "pages" in request.fixturenames:
        request.getfixturevalue("pages").clock.at = NOW


@pytest.fixture(scope="module")
def role_changer(two_schools):
    """Gives att1 one role, as if it were entered so."""

    def change(role):
        with two_schools.database.writing() as session:
            for row in (
                session.query(PersonDetails).join(PersonDetails.__table__.metadata.tables["person"]).filter_by(ref="att1")
            ):
                row.roles = [role]
                row.provider_id = 1 if role == "provider" else None

    return change


EXAMPLES = tomllib.loads((Path(__file__).parent / "examples.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def examples():
    """An example of everything that has an address."""
    return EXAMPLES


@pytest.fixture(scope="module")
def on_record(pages, two_schools):
    """Enters what the examples name besides the demonstration; returns what stands for the names in braces."""
    for each in EXAMPLES["before"]:
        command = commands()[each["do"]].model_validate(each["fields"])
        happened = moment(each["happened"]) if "happened" in each else None
        said = Said(command, NOW, each.get("by", "operator"), happened)
        perform(two_schools.database, two_schools.key_file, HERE, said, two_schools.rules)
    with two_schools.database.reading() as session:
        school = session.scalars(select(School.id).where(School.urn == HERE)).one()

        def first(of, table, ref, **answering):
            wanted = select(of).join(Placement, Placement.id == table.placement_id).filter_by(ref=ref, school_id=school)
            return session.scalars(
                wanted.where(*(getattr(table, k) == v for k, v in answering.items())).order_by(table.id)
            ).first()

        return {
            "alert": first(Alert.ref, Alert, "C4WN-52", rule="register-not-received"),
            "concern_alert": first(Alert.ref, Alert, "V5RC-73", rule="concern-raised"),
            "notice": first(Document.id, Document, "H8JE-66", kind="notice"),
            "outcome": first(Document.id, Document, "T6MG-45", kind="outcome"),
            "invitation": first(Document.id, Document, "D3PX-19", kind="invitation"),
            "contact": first(Event.number, Event, "H8JE-66", kind="record_contact"),
            "notice_given": first(Event.number, Event, "H8JE-66", kind="serve_notice"),
            "own_entry": first(Event.number, Event, "W4HA-37", by="att1"),
        }


PERSON_OF = {
    "dsl": "dsl1", "deputy_dsl": "ddsl1", "head": "head1", "clerk": "clerk1", "chair": "gov1", "governors": "gov1",
    "attendance": "att1", "senco": "senco1", "provider": "prov1", "local_authority": "la1", "data_protection": "dp1",
}  # fmt: skip


@pytest.fixture
def sheet_of(pages):
    """Finds somebody a command is for, and the address of its form."""
    return lambda name: (pages.as_(PERSON_OF[DEEDS[name][0]]), pages.form_of(name))
