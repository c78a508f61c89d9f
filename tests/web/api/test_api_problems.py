"""Errors at /api have one shape, whatever went wrong and however early."""

import pytest
from sqlalchemy import select

from models.placement import Placement
from models.pupil import TextKey

SHAPE = {"error", "why", "field"}


@pytest.fixture
def dsl(pages):
    return pages.api("dsl1")


def problem(answer, status):
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    found = answer.json()
    assert set(found) == SHAPE and found["error"]
    return found


def test_without_a_token_the_answer_says_how_to_give_one(pages):
    answer = pages.client().get("/api/placements")
    assert "offsite_" in problem(answer, 401)["why"]
    assert answer.headers["www-authenticate"] == "Bearer"


def test_an_address_nothing_stands_at(dsl):
    problem(dsl.get("/api/nothing"), 404)
    problem(dsl.post("/api/do/nothing", json={"fields": {}}), 404)


def test_a_method_it_does_not_have_names_those_it_has(dsl):
    answer = dsl.delete("/api/placements")
    problem(answer, 405)
    assert answer.headers["allow"] == "GET"


def test_a_body_that_is_no_json(dsl):
    answer = dsl.post("/api/do/assess_risk", content="{", headers={"content-type": "application/json"})
    assert "not JSON" in problem(answer, 422)["why"]


def test_a_body_that_cannot_be_read_at_all(dsl):
    answer = dsl.post("/api/do/assess_risk", content=b"\xff", headers={"content-type": "application/json"})
    problem(answer, 400)


def test_a_wrong_field_is_named_with_its_place(dsl):
    answer = dsl.post("/api/do/assess_risk", json={"fields": {"placement": 7}})
    assert problem(answer, 422)["field"] == "fields.placement"


def test_a_field_nobody_knows_is_refused(dsl):
    answer = dsl.post("/api/do/assess_risk", json={"fields": {"placement": "H8JE-66", "colour": "red"}})
    assert problem(answer, 422)["field"] == "fields.colour"


@pytest.mark.parametrize(("fields", "field"), [
    pytest.param({"start": "0001-01-01"}, "fields.start", id="a day no term can lie on"),
    pytest.param({"start": 1700000000}, "fields.start", id="a day given as a number"),
    pytest.param({"days": True}, "fields.days", id="true is no number of days"),
    pytest.param({"days": 2**70}, "fields.days", id="more days than any pupil has"),
    pytest.param({"report_to": "a\0b"}, "fields", id="a text PostgreSQL could not store"),
])  # fmt: skip
def test_senseless_values_are_refused_by_name(dsl, fields, field):
    answer = dsl.post("/api/do/change_placement", json={"fields": {"placement": "H8JE-66", **fields}})
    assert problem(answer, 422)["field"] == field


@pytest.mark.parametrize("happened", ["0001-01-01T00:00:00+14:00", "1999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"])
def test_nothing_happened_before_the_law_or_after_it_is_recorded(dsl, happened):
    answer = dsl.post("/api/do/assess_risk", json={"fields": {"placement": "H8JE-66"}, "happened": happened})
    assert problem(answer, 422)["field"] == "happened"


def test_a_number_of_an_event_no_chronology_reaches(dsl):
    fields = {"event": 2**31, "reason": "too large for PostgreSQL"}
    assert problem(dsl.post("/api/do/correct", json={"fields": fields}), 422)["field"] == "fields.event"
    assert (
        problem(dsl.post("/api/do/assess_risk", json={"fields": {"placement": "H8JE-66"}, "seen": 2**31}), 422)["field"]
        == "seen"
    )


def test_of_an_erased_record_the_facts_are_shown_and_no_text_is_taken(pages, dsl):
    with pages.here.database.writing() as session:
        pupil = session.scalars(select(Placement.pupil_id).where(Placement.ref == "W4HA-37").order_by(Placement.id)).first()
        session.scalars(select(TextKey).where(TextKey.pupil_id == pupil)).one().wrapped = None
    assert dsl.get("/api/placements/W4HA-37").json()["reasons"] == "(erased)"
    assert "(erased)" in pages.as_("dsl1").get("/placements/W4HA-37").text
    fields = {"concern": "c-late", "placement": "W4HA-37", "kind": "concern", "about": "pupil", "text": "an invented text"}
    problem(dsl.post("/api/do/raise_concern", json={"fields": fields}), 410)


def test_an_address_with_a_nul_in_it(dsl):
    problem(dsl.get("/api/search?q=%00"), 400)


def test_a_fault_of_our_own_tells_nothing_of_itself(pages, monkeypatch):
    from starlette.testclient import TestClient

    from offsite.web.api.routes import placements

    def broken(*_):
        raise RuntimeError("a secret")

    monkeypatch.setattr(placements, "search", broken)
    client = TestClient(pages.app, raise_server_exceptions=False)
    answer = client.get("/api/search?q=xx", headers={"authorization": f"Bearer {pages.token('dsl1')}"})
    assert "secret" not in str(problem(answer, 500))
