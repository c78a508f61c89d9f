"""Whom a concern is against learns nothing of it and changes nothing about it, by whatever way they come."""

import pytest
from sqlalchemy import select

from models.chronology import Event
from models.concern import Concern
from models.look import Look
from models.message import Message
from offsite.access.viewer import viewer_for
from offsite.views.safeguarding.concerns import raised_by

SECRET = "an invented sentence for the safeguarding lead alone"
PLACEMENT = "J7DV-14"


def say(pages, by, command, **fields):
    return pages.api(by).post(f"/api/do/{command}", json={"fields": fields})


def raised(pages, name, by="dsl1", **more):
    about = {"placement": PLACEMENT, "kind": "concern", "about": "pupil", "text": SECRET, **more}
    answer = say(pages, by, "raise_concern", concern=name, **about)
    assert answer.status_code == 201, answer.text
    return answer.json()["event"]


def open_rules(pages, concern):
    return {row["rule"] for row in pages.api("ddsl1").get("/api/alerts").json()["rows"] if row["subject"] == concern}


@pytest.mark.parametrize("ref", ["clerk1", "att1", "head1"])
def test_what_is_wrong_with_a_correction_is_told_without_what_was_not_given(pages, ref):
    number = raised(pages, f"told-{ref}")
    answer = say(pages, ref, "correct", event=number, fields={"provider": "workshop"}, reason="x")
    assert answer.status_code == 404 and SECRET not in answer.text
    lead = say(pages, "dsl1", "correct", event=number, fields={"provider": "workshop"}, reason="x")
    assert lead.status_code == 422 and "exactly one" in lead.json()["why"] and SECRET not in lead.text


@pytest.mark.parametrize("ref", ["att1", "clerk1", "head1"])
def test_only_the_safeguarding_lead_corrects_what_was_said_of_a_concern_and_no_alert_is_lost_otherwise(pages, ref):
    number = raised(pages, f"lost-{ref}", by=ref, kind="allegation", about="placement", against="senco1")
    before = open_rules(pages, f"lost-{ref}")
    assert "allegation-not-referred" in before
    answer = say(pages, ref, "correct", event=number, fields={"kind": "low_level"}, reason="a slip")
    assert answer.status_code == 404
    assert pages.as_(ref).get(f"/correct/{number}").status_code == 404
    assert open_rules(pages, f"lost-{ref}") == before
    assert say(pages, "dsl1", "correct", event=number, fields={"kind": "low_level"}, reason="a slip").status_code == 201


def test_whoever_raised_a_concern_stays_who_raised_it_when_it_is_corrected(pages):
    number = raised(pages, "still-mine", by="head1")
    assert say(pages, "dsl1", "correct", event=number, fields={"about": "placement"}, reason="a slip").status_code == 201
    with pages.here.database.reading() as session:
        newest = session.scalars(select(Concern).where(Concern.concern == "still-mine").order_by(Concern.id.desc())).first()
        by = {ref: viewer_for(session, pages.person(session, ref).id, pages.clock()) for ref in ("head1", "dsl1")}
        assert raised_by(session, by["head1"], [newest]) and not raised_by(session, by["dsl1"], [newest])


def test_a_role_given_up_opens_nothing_that_was_raised_against_it(pages):
    raised(pages, "against-the-head", against="head", kind="allegation", about="placement")
    assert say(pages, "head1", "change_person", person="head1", roles=["deputy_dsl"]).status_code == 201
    try:
        assert pages.api("head1").get("/api/concerns/against-the-head").status_code == 404
        assert not [r for r in pages.api("head1").get("/api/alerts").json()["rows"] if r["subject"] == "against-the-head"]
        answer = say(pages, "head1", "triage_concern", concern="against-the-head", decision="nothing in it")
        assert answer.status_code == 404
    finally:
        assert say(pages, "dsl1", "change_person", person="head1", roles=["head"]).status_code == 201


def test_the_chronology_hides_the_steps_on_its_alerts_and_their_corrections_and_counts_what_it_shows(pages):
    number = raised(pages, "against-head1", against="head1", kind="allegation", about="placement")
    named = {"rule": "allegation-not-referred", "placement": PLACEMENT, "subject": "against-head1"}
    assert say(pages, "dsl1", "acknowledge", **named).status_code == 201
    assert say(pages, "dsl1", "take", **named, by_when="2026-11-26", action="ring the LADO").status_code in (201, 422)
    assert say(pages, "dsl1", "correct", event=number, fields={"text": SECRET + "."}, reason="a slip").status_code == 201
    head, lead = pages.api("head1"), pages.api("dsl1")
    shown = head.get(f"/api/placements/{PLACEMENT}/chronology?page=1").text
    whole = "".join(head.get(f"/api/placements/{PLACEMENT}/chronology?page={n}").text for n in range(1, 4))
    assert "against-head1" not in shown + whole and "allegation-not-referred" not in whole
    theirs, all_of_it = (api.get(f"/api/placements/{PLACEMENT}").json() for api in (head, lead))
    totals = [api.get(f"/api/placements/{PLACEMENT}/chronology").json()["total"] for api in (head, lead)]
    assert [theirs["verified"]["entries"], all_of_it["verified"]["entries"]] == totals
    assert totals[0] <= totals[1] - 3 and pages.as_("head1").get(f"/correct/{number}").status_code == 404


def test_what_stands_beside_the_fields_of_a_correction_is_sealed_as_they_are(pages):
    number = raised(pages, "beside")
    assert say(pages, "dsl1", "correct", event=number, text=SECRET + "!", reason="a slip").status_code == 201
    with pages.here.database.reading() as session:
        newest = session.scalars(select(Event).where(Event.kind == "correct").order_by(Event.id.desc())).first()
        assert newest.payload["event"] == number and SECRET not in str(newest.payload)
    assert SECRET + "!" in pages.as_("dsl1").get("/concerns/beside").text


def test_a_correction_is_corrected_in_the_form_of_what_it_corrected(pages):
    marked = say(pages, "dsl1", "record_contact", placement=PLACEMENT, **{"with": "parent"})
    first = say(pages, "dsl1", "correct", event=marked.json()["event"], fields={"with": "provider"}, reason="a slip")
    form = pages.as_("head1").get(f"/correct/{first.json()['event']}")
    assert form.status_code == 200 and 'value="provider" checked' in form.text.replace("\n", " ")


def test_a_token_is_handed_no_text_unless_it_was_made_for_that(pages):
    raised(pages, "by-token")
    for ref, reads, there in (("dsl1", True, True), ("dsl1", False, False), ("clerk1", True, False)):
        api = pages.client()
        api.headers["authorization"] = f"Bearer {pages.token(ref, reads_concerns=reads)}"
        if ref == "clerk1":
            broken = {"placement": PLACEMENT, "reason": "an invented emergency"}
            assert api.post("/api/do/break_glass", json={"fields": broken}).status_code == 201
        answer = api.get("/api/concerns/by-token")
        assert answer.status_code == 200 and (SECRET in answer.text) is there
    with pages.here.database.reading() as session:
        assert session.scalars(select(Look.by).where(Look.concern == "by-token", Look.through == "api")).all() == ["dsl1"]


def test_messages_pass_by_whoever_held_the_role_when_it_was_raised(pages):
    assert say(pages, "dsl1", "change_person", person="head1", roles=["head", "dsl"]).status_code == 201
    raised(pages, "passed-by", against="head", kind="allegation", about="placement")
    try:
        with pages.here.database.reading() as session:
            head = pages.person(session, "head1").id
            told = session.scalars(select(Message).order_by(Message.id.desc()).limit(10)).all()
            assert told and head not in {m.person_id for m in told if m.severity == "critical" and m.kind == "alert"}
    finally:
        assert say(pages, "dsl1", "change_person", person="head1", roles=["head"]).status_code == 201


def test_a_form_about_a_concern_is_refused_to_whom_it_is_against_as_corrected(pages):
    fields = {"concern": "corrected-c", "placement": "H8JE-66", "kind": "concern", "about": "pupil"}
    done = pages.api("dsl1").post("/api/do/raise_concern", json={"fields": fields}).json()
    form = "/do/triage_concern?concern=corrected-c"
    assert pages.as_("ddsl1").get(form).status_code == 200
    right = {"event": done["event"], "fields": {"against": "ddsl1"}, "reason": "invented"}
    assert pages.api("dsl1").post("/api/do/correct", json={"fields": right}).status_code == 201
    assert pages.as_("ddsl1").get(form).status_code == 404
    assert pages.as_("dsl1").get(form).status_code == 200
