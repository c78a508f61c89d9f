"""Two invented schools full of look-alikes in one installation, and somebody signed in to its pages.

Both are the demonstration, with the same references for people, pupils and placements; in the second every "Invented" reads
"Otherplace", so that a word of one on a page of the other is seen.
"""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from models.account import Account, Membership
from models.people import Person
from models.school import School
from offsite.accounts import directory, sessions, tokens
from offsite.casework.keeping import demonstration
from offsite.casework.keeping.installation import Installation
from offsite.casework.replay.scenario import moment
from offsite.casework.watch.sweep import sweep
from offsite.cli.setting_up import TOML
from offsite.web.app import create
from offsite.web.visit import Edge

NOW = moment("2026-11-25 10:20")
"""A Wednesday, past the morning's cut-off."""
HERE, ELSEWHERE = "999001", "999003"
PASSWORD = "invented-otter-lantern-quay"


def elsewhere(value):
    if isinstance(value, str):
        return value.replace("Invented", "Otherplace").replace("invented", "otherplace")
    if isinstance(value, dict):
        return {key: elsewhere(each) for key, each in value.items()}
    return type(value)(elsewhere(each) for each in value) if isinstance(value, list | tuple) else value


class Clock:
    """Tells a time that a test may move on."""

    def __init__(self):
        self.at = NOW

    def __call__(self):
        return self.at


@pytest.fixture(scope="module")
def two_schools(tmp_path_factory):
    """The installation."""
    here = Installation.create(tmp_path_factory.mktemp("two-schools"), TOML.format(urn=HERE, demo="false"))
    demonstration.load(here, NOW)
    with pytest.MonkeyPatch.context() as patch:
        say = demonstration._Teller.say
        patch.setattr(demonstration, "URN", ELSEWHERE)
        patch.setattr(
            demonstration._Teller, "say", lambda self, do, day, *args, **fields: say(self, do, day, *args, **elsewhere(fields))
        )
        demonstration.load(here, NOW)
    for clock in ("quarter_hour", "daily"):
        sweep(here.database, here.rules, clock, NOW)
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


class Pages:
    """The pages of the two schools."""

    def __init__(self, here):
        self.here, self.clock = here, Clock()
        self.app = create(Edge(here, self.clock))

    def client(self):
        return TestClient(self.app, base_url="http://testserver", follow_redirects=False, raise_server_exceptions=True)

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

    def token(self, ref, urn=HERE, name="test"):
        with self.here.database.writing() as session:
            return tokens.make(session, self.person(session, ref, urn).id, name, self.clock(), timedelta(days=7))

    def api(self, ref, urn=HERE):
        client = self.client()
        client.headers["authorization"] = f"Bearer {self.token(ref, urn)}"
        return client


@pytest.fixture(scope="module")
def pages(two_schools):
    """The pages, over a real database."""
    return Pages(two_schools)


@pytest.fixture(autouse=True)
def back_to_now(request):
    """Every test begins at the same moment."""
    if "pages" in request.fixturenames:
        request.getfixturevalue("pages").clock.at = NOW
