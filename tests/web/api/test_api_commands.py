"""Commands at /api: described by their own models, done once under a key, refused about what is not theirs to see or do."""

import pytest

from offsite.casework.command import commands
from offsite.web.app import create
from offsite.web.visit import Edge


def say(api, command, happened=None, key=None, **fields):
    return api.post(f"/api/do/{command}", json={"fields": fields, "happened": happened, "key": key})


def test_every_command_has_an_address_described_by_its_own_model():
    described = create(Edge(None, None)).app.openapi()
    for name, command in commands().items():
        sent = described["paths"][f"/api/do/{name}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        fields = described["components"]["schemas"][sent["$ref"].rpartition("/")[2]]["properties"]["fields"]["$ref"]
        assert set(described["components"]["schemas"][fields.rpartition("/")[2]]["properties"]) == {
            info.alias or field for field, info in command.model_fields.items()
        }


def test_the_commands_offered_are_those_the_role_may_say(pages):
    offered = pages.api("clerk1").get("/api/commands").json()
    assert "serve_notice" in offered and "triage_concern" not in offered
    assert say(pages.api("clerk1"), "triage_concern", concern="V5RC-73-c1", decision="no").status_code == 403


def test_the_same_key_is_done_once(pages):
    api = pages.api("dsl1")
    one, again = (say(api, "assess_risk", placement="H8JE-66", key="only-once").json() for _ in range(2))
    assert (one["repeated"], again["repeated"]) == (False, True)
    assert one["event"] == again["event"]


def test_a_key_is_one_persons_and_stands_for_what_was_said_with_it(pages):
    """Two programs that count their keys alike must not take each other's commands for their own."""
    contact = {"placement": "H8JE-66", "with": "parent"}
    first = say(pages.api("att1"), "record_contact", key="k-1", **contact)
    assert first.status_code == 201
    assert say(pages.api("dsl1"), "record_contact", key="k-1", **contact).status_code == 422
    otherwise = say(pages.api("att1"), "record_contact", key="k-1", **{**contact, "placement": "J7DV-14"})
    assert otherwise.status_code == 422 and "said otherwise" in otherwise.json()["why"]
    assert say(pages.api("att1"), "record_contact", key="k-1", **contact).json()["repeated"]


def test_somebody_of_a_provider_that_is_not_on_record_enters_nothing_for_the_school(pages):
    assert say(pages.api("dsl1"), "add_person", id="provx", roles=["provider"], name="Invented").status_code == 201
    answer = say(pages.api("provx"), "close_day", day="2026-11-26", reason="snow")
    assert answer.status_code == 404 and "your provider is not on record" in answer.json()["why"]


def test_nobody_acknowledges_an_alert_they_are_not_told_of(pages):
    """An alert that is acknowledged escalates no further: one who does not see it must not stop it."""
    dsl = pages.api("dsl1")
    untold = [a for a in dsl.get("/api/alerts").json()["rows"] if a["placement"]]
    assert untold
    for alert in untold:
        theirs = {a["alert"] for a in pages.api("prov1").get("/api/alerts").json()["rows"]}
        named = {"rule": alert["rule"], "placement": alert["placement"], "subject": alert["subject"]}
        answer = say(pages.api("prov1"), "acknowledge", **named)
        assert answer.status_code == (201 if alert["alert"] in theirs else 404)
        if alert["alert"] not in theirs:
            assert say(pages.api("prov1"), "acknowledge", rule=alert["rule"]).status_code == 404


@pytest.fixture
def against_head(pages):
    """A concern against the head, raised by the safeguarding lead."""
    done = say(pages.api("dsl1"), "raise_concern", concern="c-head", placement="H8JE-66", kind="allegation", about="placement",
               against="head1", text="an invented allegation", key="against-head")  # fmt: skip
    assert done.status_code == 201
    return done.json()["event"]


@pytest.mark.parametrize(("command", "fields"), [
    ("find_child", {}),
    ("refer_to_lado", {"decision": "not_referred", "reasons": "none"}),
])  # fmt: skip
def test_a_concern_is_not_on_record_for_whom_it_is_against(pages, against_head, command, fields):
    barred = say(pages.api("head1"), command, concern="c-head", **fields)
    unknown = say(pages.api("head1"), command, concern="c-none", **fields)
    assert barred.status_code == unknown.status_code == 404
    assert barred.json()["why"].replace("c-head", "") == unknown.json()["why"].replace("c-none", "")


def test_nobody_corrects_a_concern_that_is_against_them(pages, against_head):
    answer = say(pages.api("head1"), "correct", event=against_head, fields={"kind": "low_level"}, reason="not so")
    assert answer.status_code == 404
    assert (
        say(pages.api("dsl1"), "correct", event=against_head, fields={"kind": "concern"}, reason="misheard").status_code == 201
    )


def test_to_correct_an_entry_takes_leave_to_make_it(pages):
    api = pages.api("dsl1")
    held = say(api, "put_on_hold", placement="D3PX-19", reason="an invented reason", key="hold")
    assert held.status_code == 201, held.json()
    answer = say(pages.api("att1"), "correct", event=held.json()["event"], fields={"reason": "x"}, reason="misread")
    assert answer.status_code == 404
    assert "put_on_hold" in answer.json()["why"]
