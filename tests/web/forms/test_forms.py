"""Every command's form: opened by whom it is for, its errors linked to fields, nothing typed lost, nothing done twice."""

import html
import re

import pytest
from sqlalchemy import func, select
from starlette.datastructures import FormData

from models.chronology import Event
from offsite.access.deeds import DEEDS
from offsite.casework.command import commands
from offsite.web.forms.controls import read_all, spread_all
from offsite.web.forms.form import controls
from offsite.web.forms.pages import WHOLE_PAGES

FORMS = sorted(set(DEEDS) - WHOLE_PAGES)


def test_every_command_people_may_say_has_a_form_or_a_page_of_its_own():
    assert set(DEEDS) <= set(commands())
    assert set(commands()) - set(DEEDS) == set()


@pytest.mark.parametrize("name", FORMS)
def test_a_form_has_a_label_for_every_field_and_asks_nothing_twice(sheet_of, name):
    who, address = sheet_of(name)
    shown = who.get(address)
    assert shown.status_code == 200, (name, shown.text[-400:])
    ids = re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', shown.text)
    assert len(ids) == len(set(ids))
    labels = set(re.findall(r'<label[^>]* for="([^"]+)"', shown.text))
    assert set(ids) <= labels, (name, set(ids) - labels)


@pytest.mark.parametrize("name", FORMS)
def test_an_empty_form_is_answered_with_errors_that_lead_to_their_fields(sheet_of, name):
    if name in ("reply_to_request", "begin_return", "step_back", "record_partnership", "acknowledge"):
        return  # nothing is asked
    who, address = sheet_of(name)
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


DAYS = [("add_provider", "closed"), ("change_provider", "closed"), ("set_up_school", "closed"),
        ("add_pupil", "missing_episodes"), ("plan_return", "review_on")]  # fmt: skip


@pytest.mark.parametrize(("name", "field"), DAYS)
def test_several_days_are_each_typed_in_three_fields(sheet_of, name, field):
    who, address = sheet_of(name)
    typed = {f"{field}-0-day": "30", f"{field}-0-month": "11", f"{field}-0-year": "2026"}
    more = who.post(f"/do/{name}", page=address, step="more", **typed)
    assert 'value="30"' in more.text and f'name="{field}-1-year"' in more.text
    refused = who.post(f"/do/{name}", page=address, step="check", **typed | {f"{field}-0-month": "13"})
    assert refused.status_code == 422 and f'href="#{field}-0"' in refused.text and 'value="13"' in refused.text


def test_several_days_are_kept_as_days(pages, two_schools):
    who = pages.as_("head1")
    days = {"closed-0-day": "30", "closed-0-month": "11", "closed-0-year": "2026",
            "closed-1-day": "1", "closed-1-month": "12", "closed-1-year": "2026"}  # fmt: skip
    checked = who.post("/do/change_provider", page="/do/change_provider?provider=college", step="check", **days)
    assert "Monday 30 November 2026\nTuesday 1 December 2026" in checked.text
    done = who.post("/do/change_provider", page="/do/change_provider?provider=college", step="record", **days)
    with two_schools.database.reading() as session:
        number = int(done.headers["location"].rpartition("/")[2])
        kept = session.scalars(select(Event).where(Event.number == number, Event.kind == "change_provider")).one()
        assert kept.payload["closed"] == ["2026-11-30", "2026-12-01"]


@pytest.mark.parametrize("name", ["report_progress", "assess_objective"])
def test_without_a_plan_the_form_says_so_and_asks_for_nothing_else_in_its_place(pages, name):
    shown = pages.as_("senco1").get(f"/do/{name}?placement=K7QD-31").text
    assert "no plan is agreed yet" in shown
    assert "starts" not in shown and 'name="objective' not in shown


@pytest.mark.parametrize("ref", ["senco1", "prov1"])
def test_whoever_reports_progress_rates_the_objectives_by_their_own_words(pages, ref):
    shown = pages.as_(ref).get("/do/report_progress?placement=H8JE-66").text
    assert "Asks for a break instead of walking out" in shown and 'name="objectives-o1"' in shown


def test_an_objective_whose_name_has_a_dash_is_rated_by_its_whole_name():
    asked = controls(commands()["report_progress"], {"objectives": [("o-1", "one"), ("p-1", "another")]})
    typed = FormData([("objectives-o-1", "green"), ("objectives-p-1", "red")])
    assert read_all(asked, typed) == {"objectives": {"o-1": "green", "p-1": "red"}}
    assert spread_all(asked, read_all(asked, typed)).multi_items() == typed.multi_items()


def confirmed(who, name, about, **typed):
    """What a command's confirmation prints, by its label, without the spaces of the page."""
    answer = who.post(f"/do/{name}", page=f"/do/{name}?{about}", step="record", **typed)
    assert answer.status_code == 303, answer.text
    return printed(who.get(answer.headers["location"]))


def printed(page):
    rows = re.findall(r"<dt[^>]*>(.*?)</dt><dd[^>]*>(.*?)</dd>", page.text, re.S)
    return {label: html.unescape(re.sub("<[^>]+>", "", words)) for label, words in rows}


def test_a_confirmation_prints_what_was_checked(pages):
    who = pages.as_("clerk1")
    meets = {"meets-day": "3", "meets-month": "2", "meets-year": "2027", "meets-time": "9:30", "place": "the library",
             "representative-name": "Invented Person", "representative-head": "no"}  # fmt: skip
    said = confirmed(who, "schedule_review", "placement=C4WN-52", **meets)
    assert said["When it meets"] == "Wednesday 3 February 2027, 09:30"
    assert said["Where it meets"] == "the library" and re.fullmatch(r"\w{4}-\w{2}", said["Review"])
    assert "The board&#39;s representative" not in said, "a sealed text is left out"
    told = confirmed(who, "notify_outcome", "review=D3PX-19-r1", to=["relevant_person", "provider"], method="hand")
    assert told["To whom"] == "the parent, or the pupil from the 18th birthday, provider"
    assert (told["Review"], told["How"]) == ("D3PX-19-r1", "by hand")
    assert re.fullmatch(r"Outcome, D3PX-19-r1, by its hash [0-9a-f]{64}", told["Kept as issued"])


def test_the_confirmation_of_a_closed_day_names_the_day_and_leaves_out_what_was_not_said(pages):
    who = pages.as_("head1")
    answer = who.post("/close-day", page="/close-day?day=2026-12-03", reason="Planned closure")
    said = printed(who.get(answer.headers["location"]))
    assert "Thursday 3 December 2026" in said.values() and not any("rovider" in label for label in said)


def test_a_confirmation_names_whom_and_what_it_is_about_by_name(pages):
    who = pages.as_("head1")
    day = (("day", "7"), ("month", "12"), ("year", "2026"))
    days = {f"{end}-{part}": value for end in ("from", "to") for part, value in day}
    covers = confirmed(who, "cover", "", role="clerk", person="ddsl1", **days)
    assert any("Invented Person Two" in words for words in covers.values())
    rated = confirmed(who, "report_progress", "placement=H8JE-66", **{"objectives-o1": "amber"})
    assert rated["Objectives"] == "Asks for a break instead of walking out (invented): amber"


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


def test_of_two_who_change_a_setting_from_the_same_page_the_second_is_told(pages):
    head, dsl = pages.as_("head1"), pages.as_("dsl1")
    typed = {"name": "cutoff_minutes", "reason": "an invented reason"}
    sent = {}
    for who in (head, dsl):
        sent[who] = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', who.get("/settings").text))
    assert head.client.post("/settings", data={**sent[head], **typed, "value": "21"}).status_code == 303
    answer = dsl.client.post("/settings", data={**sent[dsl], **typed, "value": "22"})
    assert answer.status_code == 409 and "was changed by head1" in answer.text and 'value="22"' in answer.text
    assert "21 minutes" in dsl.get("/settings").text
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text))
    assert dsl.client.post("/settings", data={**again, **typed, "value": "22"}).status_code == 303


def test_a_mistake_in_a_setting_does_not_count_as_having_seen_what_changed_meanwhile(pages):
    head, dsl = pages.as_("head1"), pages.as_("dsl1")
    page = dsl.get("/settings").text
    assert head.post("/settings", name="cutoff_minutes", value="23", reason="an invented reason").status_code == 303
    for reason, status in (("", 422), ("an invented reason", 409)):
        sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
        answer = dsl.client.post("/settings", data={**sent, "name": "cutoff_minutes", "value": "24", "reason": reason})
        assert answer.status_code == status
        page = answer.text


@pytest.mark.parametrize(("name", "value"), [("cutoff_minutes", "100000"), ("contact_days", "99")])
def test_no_setting_switches_a_safeguard_off(pages, name, value):
    answer = pages.as_("head1").post("/settings", name=name, value=value, reason="an invented reason")
    assert answer.status_code == 422 and "allowed: a whole number from 1 to" in answer.text and f"{name} is" not in answer.text


def test_a_changed_setting_is_told_with_what_it_was_and_what_that_means(pages):
    who = pages.as_("head1")
    for value, means in (("5", "stricter than before"), ("6", "looser than before")):
        answer = who.post("/settings", name="contact_days", value=value, reason="an invented reason")
        told = who.get(answer.headers["location"]).text
        before = {"5": "7", "6": "5"}[value]
        assert f"Contact days: before {before}, now {value} calendar days, from Wednesday 25 November 2026" in told
        assert means in told
    answer = who.post("/settings", name="untold_minutes", value="10 and 20", reason="an invented reason")
    told = who.get(answer.headers["location"]).text
    assert "before 15 and 30, now 10 and 20 minutes" in told and "[15, 30]" not in told and "off on or off" not in told
    assert "now 6" not in pages.as_("dsl1").get(answer.headers["location"]).text, "whoever changed it is told, nobody else"


def test_a_day_is_closed_for_another_reason_only_if_one_is_given(pages):
    who = pages.as_("head1")
    refused = who.post("/close-day", page="/close-day?day=2026-12-02", reason="")
    assert refused.status_code == 422 and "say in a few words" in refused.text
    assert who.post("/close-day", page="/close-day?day=2026-12-02", reason="", other="invented burst pipe").status_code == 303


@pytest.mark.parametrize(
    ("ref", "page"),
    [("dsl1", "/dsl"), ("ddsl1", "/dsl"), ("head1", "/head"), ("head1", "/clerk"), ("clerk1", "/clerk"),
     ("att1", "/attendance"), ("prov1", "/provider")],
)  # fmt: skip
def test_closing_a_day_begins_on_the_first_page_of_everybody_who_may(pages, ref, page):
    assert 'href="/close-day"' in pages.as_(ref).get(page).text


@pytest.mark.parametrize(("ref", "placement", "steps"), [
    ("head1", "M2VA-84", {"determine", "agree_plan"}),
    ("head1", "R9TH-07", {"confirm_safeguarding", "record_check"}),
    ("senco1", "R9TH-07", {"record_check"}),
    ("clerk1", "M2VA-84", {"determine"}),
    ("clerk1", "K7QD-31", {"serve_notice"}),
    ("att1", "K7QD-31", set()),
])  # fmt: skip
def test_each_shut_gate_leads_whoever_may_to_the_form_that_opens_it(pages, ref, placement, steps):
    api = pages.api("dsl1")
    for name, item in (("confirm_safeguarding", {}), ("record_check", {"item": "a"})):
        rejected = {"provider": "tuition", "status": "rejected"} | item
        assert api.post(f"/api/do/{name}", json={"fields": rejected}).status_code == 201
    page = pages.as_(ref)
    task_list = page.get(f"/placements/{placement}").text.split("Gates to start")[1].split("</ul>")[0]
    links = [html.unescape(link) for link in re.findall(r'href="(/do/[^"]+)"', task_list)]
    assert {re.split("[/?]", link)[2] for link in links} == steps
    assert all(page.get(link).status_code == 200 for link in links)


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


LED_TO = [("clerk1", "/clerk", "set_up_school"), ("clerk1", "/clerk", "word_letters"), ("head1", "/settings", "set_up_school"),
          ("dsl1", "/settings", "word_letters"), ("senco1", "/placements/H8JE-66", "record_partnership")]  # fmt: skip


@pytest.mark.parametrize(("ref", "page", "name"), LED_TO)
def test_a_form_is_led_to_from_the_page_of_whoever_may_send_it(pages, ref, page, name):
    who = pages.as_(ref)
    address = re.search(rf'href="(/do/{name}[^"]*)"', who.get(page).text)[1]
    assert who.get(address).status_code == 200


def test_who_may_not_send_a_form_is_not_led_to_it(pages):
    assert "/do/set_up_school" not in pages.as_("dsl1").get("/settings").text


def test_a_change_a_provider_told_of_stands_on_its_page_for_the_safeguarding_lead_to_decide_on(pages):
    fields = {"change": "invented-change", "provider": "workshop", "kind": "staff"}
    assert pages.api("prov1").post("/api/do/provider_change", json={"fields": fields}).status_code == 201
    dsl, head = pages.as_("dsl1"), pages.as_("head1")
    form = "/do/accept_change?change=invented-change"
    assert "Changes the provider told of" in head.get("/providers/workshop").text
    assert form not in head.get("/providers/workshop").text, "that takes the safeguarding lead"
    assert form in dsl.get("/providers/workshop").text
    assert "Changes the provider told of" not in pages.as_("att1").get("/providers/workshop").text
    assert dsl.post("/do/accept_change", page=form, step="record", decision="reject").status_code == 303
    shown = dsl.get("/providers/workshop").text
    assert "rejected" in shown and form not in shown


@pytest.mark.parametrize("ref", ["dsl1", "prov1"])
def test_a_form_leads_back_to_a_page_that_its_sender_may_open(pages, ref):
    who = pages.as_(ref)
    back = re.search(r'class="govuk-back-link" href="([^"]+)"', who.get("/do/raise_concern?provider=workshop").text)[1]
    assert who.get(back).status_code in (200, 303)


@pytest.mark.parametrize("named", ["Invented Pupil 4", "D3PX-19", "NOT-01"])
def test_a_concern_is_not_lost_over_a_placement_that_is_mistyped_or_somebody_elses(pages, named):
    worry = "an invented worry that was typed on a phone"
    filled = {"kind": "concern", "about": "pupil", "placement": named, "text": worry}
    answer = pages.as_("prov1").post("/do/raise_concern", **filled)
    assert answer.status_code == 422 and worry in answer.text
    assert f"{named} is not on record as a placement of yours" in answer.text


def test_a_reference_in_small_letters_is_the_same_reference(pages):
    filled = {"kind": "concern", "about": "pupil", "placement": " c4wn-52 ", "text": "an invented worry"}
    answer = pages.as_("dsl1").post("/do/raise_concern", **filled)
    assert answer.status_code == 200 and "Check your answers" in answer.text


def test_a_provider_chooses_from_its_own_pupils(pages):
    form = pages.as_("prov1").get("/do/raise_concern").text
    theirs = {p["placement"] for p in pages.api("prov1").get("/api/placements").json()["rows"]}
    assert theirs and set(re.findall(r'value="([A-Z0-9]{4}-[0-9]{2})"', form)) >= theirs
    assert "D3PX-19" not in form
