"""Every command's form: opened by whom it is for, its errors linked to fields, nothing typed lost, nothing done twice."""

import html
import re

import pytest
from sqlalchemy import func, select

from models.chronology import Event
from offsite.access.deeds import DEEDS
from offsite.casework.command import commands
from offsite.web.forms.pages import WHOLE_PAGES

PERSON_OF = {
    "dsl": "dsl1", "deputy_dsl": "ddsl1", "head": "head1", "clerk": "clerk1", "chair": "gov1", "governors": "gov1",
    "attendance": "att1", "senco": "senco1", "provider": "prov1", "local_authority": "la1", "data_protection": "dp1",
}  # fmt: skip
ABOUT = "placement=H8JE-66&review=H8JE-66-r1&provider=workshop&person=att1"
OF_ALERTS = ("acknowledge", "take", "hand_over", "resolve", "mark_not_useful")
FORMS = sorted(set(DEEDS) - WHOLE_PAGES)


def sheet_of(pages, name):
    """Somebody the command is for, and the address of its form."""
    ref = PERSON_OF[DEEDS[name][0]]
    about = ABOUT
    if name in OF_ALERTS:
        about = f"alert={pages.api(ref).get('/api/alerts').json()['rows'][0]['alert']}"
    elif name in ("triage_concern", "find_child", "close_concern", "refer_to_lado"):
        about = "concern=V5RC-73-c1"
    elif name == "raise_concern":
        about = "placement=H8JE-66"
    return pages.as_(ref), f"/do/{name}?{about}"


def test_every_command_people_may_say_has_a_form_or_a_page_of_its_own():
    assert set(DEEDS) <= set(commands())
    assert set(commands()) - set(DEEDS) == set()


@pytest.mark.parametrize("name", FORMS)
def test_a_form_has_a_label_for_every_field_and_asks_nothing_twice(pages, name):
    if name == "reply_to_request":
        return  # nobody has asked for a review in the demonstration
    who, address = sheet_of(pages, name)
    shown = who.get(address)
    assert shown.status_code == 200, (name, shown.text[-400:])
    ids = re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', shown.text)
    assert len(ids) == len(set(ids))
    labels = set(re.findall(r'<label[^>]* for="([^"]+)"', shown.text))
    assert set(ids) <= labels, (name, set(ids) - labels)


@pytest.mark.parametrize("name", FORMS)
def test_an_empty_form_is_answered_with_errors_that_lead_to_their_fields(pages, name):
    if name in ("reply_to_request", "begin_return", "step_back", "record_partnership", "acknowledge"):
        return  # nothing is asked
    who, address = sheet_of(pages, name)
    answer = who.post(f"/do/{name}", page=address, step="check")
    if answer.status_code == 200:
        assert "Check your answers" in answer.text
        return
    assert answer.status_code == 422 and "There is a problem" in answer.text, name
    for target in re.findall(r'<a href="#([^"]+)">', answer.text.split("There is a problem")[1].split("</ul>")[0]):
        assert f'id="{target}"' in answer.text, (name, target)


def test_nothing_typed_is_lost_on_error(pages):
    who = pages.as_("dsl1")
    typed = {"kind": "concern", "text": "an invented worry, <b>typed</b>", "happened-day": "31", "happened-month": "2",
             "happened-year": "2026", "about": "placement"}  # fmt: skip
    answer = who.post("/do/raise_concern", page="/do/raise_concern?placement=H8JE-66", step="check", **typed)
    assert answer.status_code == 422
    assert html.escape("an invented worry, <b>typed</b>") in answer.text
    assert 'value="31"' in answer.text and 'value="2026"' in answer.text
    assert re.search(r'value="concern"[^>]* checked', answer.text)


def test_a_double_click_does_nothing_twice(pages, two_schools):
    who = pages.as_("dsl1")
    page = who.get("/do/record_contact?placement=H8JE-66").text
    hidden = dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.split('action="/do/record_contact"')[1])
    )
    sent = {**hidden, "with": "parent", "reached": "yes", "step": "record"}
    first, second = (who.client.post("/do/record_contact", data=sent) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    with two_schools.database.reading() as session:
        kept = select(func.count()).select_from(Event).where(Event.idempotency_key == hidden["key"])
        assert session.scalar(kept) == 1


def test_whoever_records_a_contact_says_whether_anybody_was_reached(pages):
    who, address = pages.as_("att1"), "/do/record_contact?placement=H8JE-66"
    typed = {"page": address, "with": "provider", "step": "record"}
    refused = who.post("/do/record_contact", **typed)
    assert refused.status_code == 422 and 'href="#reached"' in refused.text
    assert who.post("/do/record_contact", **typed, reached="no").status_code == 303
    assert "the provider was not reached" in who.get("/placements/H8JE-66").text


def test_a_date_that_does_not_exist_is_told_where_it_was_typed(pages):
    answer = pages.as_("att1").get("/attendance?day-day=31&day-month=2&day-year=2026")
    assert answer.status_code == 200
    assert 'href="#day"' in answer.text and 'id="day"' in answer.text
    assert 'value="31"' in answer.text


def test_a_setting_that_would_loosen_the_law_is_refused_with_the_citation(pages):
    who = pages.as_("head1")
    answer = who.post("/settings", name="notice_reading", value="careless", reason="an invented reason")
    assert answer.status_code == 422 and "allowed: careful, plain" in answer.text
    assert 'value="an invented reason"' in answer.text


def test_a_day_is_closed_for_another_reason_only_if_one_is_given(pages):
    who = pages.as_("head1")
    refused = who.post("/close-day", page="/close-day?day=2026-12-02", reason="")
    assert refused.status_code == 422 and "say in a few words" in refused.text
    assert who.post("/close-day", page="/close-day?day=2026-12-02", reason="", other="invented burst pipe").status_code == 303


def test_a_request_for_review_shows_the_ten_weeks_it_was_tested_against(pages):
    fields = {"request": "invented-q1", "placement": "A9KF-28", "asked_by": "parent"}
    assert pages.api("head1").post("/api/do/request_review", json={"fields": fields}).status_code == 201
    shown = pages.as_("clerk1").get("/clerk/requests").text
    assert "Wed 16 Sep to Tue 24 Nov" in shown and "yes: no review was held in the ten weeks before" in shown
    pages.as_("clerk1").get("/clerk")
    answer = pages.as_("clerk1").post("/do/reply_to_request", page="/do/reply_to_request?request=invented-q1", step="record")
    assert answer.status_code == 303
    assert "answered" in pages.as_("clerk1").get("/clerk").text


def test_the_school_is_said_again_as_it_is_on_file_and_no_other_school_with_it(pages):
    who = pages.as_("head1")
    page = who.get("/do/set_up_school").text
    assert 'value="999001"' in page and "Invented County" in page
    typed = {name: html.unescape(value) for name, value in re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page)}
    typed["kind"] = "maintained"
    assert who.client.post("/do/set_up_school", data={**typed, "step": "record"}).status_code == 303
    other = who.client.post("/do/set_up_school", data={**typed, "key": "another", "urn": "999003", "step": "record"})
    assert other.status_code == 422 and "999003" in other.text and 'href="#urn"' in other.text
