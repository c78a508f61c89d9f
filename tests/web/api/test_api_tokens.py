"""Tokens: they act for one person until they run out or are ended; when they were used is noted; bad ones are slowed down."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from models.account import ApiToken, SignInAttempt
from offsite.accounts import tokens


@pytest.fixture
def made(pages):
    """A token good for an hour, and a client that sends it."""
    with pages.here.database.writing() as session:
        person = pages.person(session, "clerk1").id
        token = tokens.make(session, person, "an invented register", pages.clock(), timedelta(hours=1))
    client = pages.client()
    client.headers["authorization"] = f"Bearer {token}"
    return client, token


@pytest.fixture(autouse=True)
def no_attempts(two_schools):
    with two_schools.database.writing() as session:
        session.execute(delete(SignInAttempt))


def row(pages, token):
    with pages.here.database.reading() as session:
        found = session.scalars(select(ApiToken).where(ApiToken.token_hash == tokens.token_hash(token))).one()
        session.expunge(found)
        return found


def test_it_acts_for_one_person_with_their_roles(made):
    client, _ = made
    assert client.get("/api/me").json() == {
        "person": "clerk1", "name": "Invented Person Four", "school": "999001", "roles": ["clerk"],
    }  # fmt: skip


@pytest.mark.parametrize(("later", "status"), [(timedelta(minutes=59, seconds=59), 200), (timedelta(hours=1), 401)])
def test_it_runs_out(pages, made, later, status):
    client, _ = made
    pages.clock.at += later
    assert client.get("/api/me").status_code == status


def test_one_that_was_ended_opens_nothing(pages, made):
    client, token = made
    with pages.here.database.writing() as session:
        tokens.end(session, row(pages, token).person_id, row(pages, token).id, pages.clock())
    assert client.get("/api/me").status_code == 401


def test_its_last_use_is_noted_at_most_once_a_minute(pages, made):
    client, token = made
    assert row(pages, token).used_at is None
    first = pages.clock()
    client.get("/api/me")
    pages.clock.at += timedelta(seconds=59)
    client.get("/api/me")
    assert row(pages, token).used_at == first
    pages.clock.at += timedelta(seconds=1)
    client.get("/api/me")
    assert row(pages, token).used_at == pages.clock()


def test_bad_tokens_make_a_network_address_wait_and_good_ones_go_through(pages, made):
    client, _ = made
    guesser = pages.client()
    guesser.headers["authorization"] = "Bearer offsite_guessed"
    assert [guesser.get("/api/me").status_code for _ in range(51)] == [401] * 50 + [429]
    assert set(guesser.get("/api/me").json()) == {"error", "why", "field"}
    assert client.get("/api/me").status_code == 200
    pages.clock.at += timedelta(minutes=1, seconds=1)
    assert guesser.get("/api/me").status_code == 401


def test_a_call_without_a_token_counts_for_nothing(pages):
    nobody = pages.client()
    assert {nobody.get("/api/me").status_code for _ in range(60)} == {401}


def test_a_session_of_the_pages_is_no_token(pages):
    who = pages.as_("dsl1")
    assert who.get("/dsl").status_code == 200
    assert who.get("/api/me").status_code == 401
