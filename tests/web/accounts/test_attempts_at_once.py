"""Attempts made at once are counted as if they came one after the other, on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace

import pyotp
import pytest
from sqlalchemy import create_engine, make_url, select, text

import models.tables
from models.account import Account, SignIn
from models.database import Database
from models.encrypted_text import KeyFile
from offsite.accounts import attempts, directory, one_time_codes, passwords, sessions
from offsite.accounts.refusals import NotAccepted, TryLater
from offsite.web.signing_in import codes

AT = datetime(2026, 11, 25, 10, 20, tzinfo=UTC)
AT_ONCE = 8


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request, tmp_path):
    """A database that many reach at once."""
    url = f"sqlite:///{tmp_path / 'offsite.db'}"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS attempts WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE attempts"))
        engine.dispose()
        url = make_url(server).set(database="attempts").render_as_string(hide_password=False)
    made = Database(url)
    models.tables.metadata.create_all(made.engine)
    yield made
    made.close()


def at_once(attempt):
    """Make the same attempt many times at once; how often it was let through, refused, and told to wait."""

    def one(number):
        try:
            attempt(number)
        except TryLater:
            return "later"
        except NotAccepted:
            return "refused"
        return "through"

    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = list(threads.map(one, range(4 * AT_ONCE)))
    return found.count("through"), found.count("refused"), found.count("later")


def test_five_passwords_are_looked_at_however_many_come_at_once(shared):
    def guess(number):
        with shared.writing() as session:
            directory.check_password(session, "who@invented.example", f"invented guess {number}", AT, f"192.0.2.{number}")

    assert at_once(guess) == (attempts.FREE, 0, 4 * AT_ONCE - attempts.FREE)


def test_fifty_failures_of_a_network_count_however_many_come_at_once(shared, monkeypatch):
    monkeypatch.setattr(attempts, "PER_NETWORK", 2)
    monkeypatch.setattr(passwords, "matches", lambda password, kept: False)

    def guess(number):
        with shared.writing() as session:
            directory.check_password(session, f"who{number}@invented.example", "invented guess", AT, "192.0.2.1")

    assert at_once(guess) == (2 * attempts.FREE, 0, 4 * AT_ONCE - 2 * attempts.FREE)


@pytest.fixture
def giving(shared):
    """Gives a one-time code of one account, as the page does."""
    key_file, secret = KeyFile.throwaway(), pyotp.random_base32()
    with shared.writing() as session:
        account = Account(email="who@invented.example", made_at=AT, code_confirmed=True, code_secret=key_file.wrap(secret))
        session.add(account)
        session.flush()
        sessions.begin(session, account, AT)
        signed_in = session.scalars(select(SignIn)).one()
    visit = SimpleNamespace(edge=SimpleNamespace(database=shared), at=AT, account=account, signed_in=signed_in)

    def give(code):
        codes._passed(visit, lambda account: one_time_codes.use(account, key_file, code, AT))

    return give, pyotp.TOTP(secret).at(AT)


def test_a_one_time_code_works_once_however_often_it_comes_at_once(giving):
    give, right = giving
    through, refused, later = at_once(lambda _: give(right))
    assert (through, refused) == (1, attempts.FREE) and later == 4 * AT_ONCE - 1 - attempts.FREE


def test_five_one_time_codes_are_looked_at_however_many_come_at_once(giving):
    give, _ = giving
    assert at_once(lambda _: give("no code")) == (0, attempts.FREE, 4 * AT_ONCE - attempts.FREE)
