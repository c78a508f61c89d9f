"""Changing a person's entry: the form as it is on file, what was changed and no more, and back to the page of people."""

import html
import re

from sqlalchemy import select

from models.chronology import Event
from models.people import PersonDetails

FORM = "/do/change_person?person=att1"


def filled(page):
    """What the boxes of the form hold."""
    form = page.text.split('action="/do/change_person"')[1]
    boxes = re.findall(r'<input class="govuk-input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form)
    ticked = re.findall(r'name="roles"[^>]* value="([^"]+)"[^>]* checked', form)
    return {name: html.unescape(value) for name, value in boxes} | {"roles": ticked}


def sent(pages, who, step="record", **changes):
    typed = filled(who.get(FORM)) | changes
    return who.post("/do/change_person", page=FORM, step=step, **typed)


def entry(pages, done):
    """What the newest entry says, and how the person then stands."""
    number = int(done.headers["location"].rpartition("/")[2])
    with pages.here.database.reading() as session:
        event = session.scalars(select(Event).where(Event.number == number, Event.kind == "change_person")).one()
        details = session.scalars(select(PersonDetails).where(PersonDetails.event_id == event.id)).one()
        return set(event.payload), (details.name, details.email, details.phone, details.roles)


def test_the_form_is_filled_in_with_what_is_on_file(pages):
    shown = filled(pages.as_("head1").get(FORM))
    assert (shown["name"], shown["email"]) == ("Invented Person Six", "attendance@invented.example")
    assert shown["roles"] == ["attendance"]
    theirs = pages.as_("head1").get("/do/change_person?person=prov1").text
    assert re.search('name="provider"[^>]* value="workshop"[^>]* checked', theirs)


def test_what_is_changed_or_emptied_is_recorded_and_nothing_else(pages):
    who, phone = pages.as_("head1"), "01632 960077"
    said, stands = entry(pages, sent(pages, who, phone=phone))
    assert said == {"person", "phone"}
    assert stands == ("Invented Person Six", "attendance@invented.example", phone, ["attendance"])
    checked = sent(pages, who, step="check", email="")
    assert "none any more" in checked.text and "E-mail address" in checked.text
    said, stands = entry(pages, sent(pages, who, email="", phone=""))
    assert said == {"person", "email", "phone"}
    assert stands == ("Invented Person Six", None, None, ["attendance"])
    said, stands = entry(pages, sent(pages, who, email="attendance@invented.example"))
    assert said == {"person", "email"} and stands[1:3] == ("attendance@invented.example", None)


def test_an_empty_box_that_was_never_filled_takes_nothing_away(pages):
    who = pages.as_("head1")
    done = who.post("/do/change_person", page="/do/change_person", step="record", person="clerk1", name="Invented Person Forty")
    said, stands = entry(pages, done)
    assert said == {"person", "name"} and stands[1] == "clerk@invented.example"


def test_an_emptied_address_is_sent_as_an_empty_text_by_programs(pages):
    api = pages.api("head1")
    for email, status in (("", 201), ("nowhere", 422), ("senco@invented.example", 201)):
        fields = {"person": "senco1", "email": email}
        assert api.post("/api/do/change_person", json={"fields": fields}).status_code == status


def test_the_form_and_its_confirmation_lead_back_to_the_people(pages):
    who = pages.as_("head1")
    assert 'class="govuk-back-link" href="/people"' in who.get(FORM).text
    done = sent(pages, who, name="Invented Person Sixty")
    assert re.search(r'href="/people">Go to the people', who.get(done.headers["location"]).text)


def test_a_provider_that_was_chosen_can_be_chosen_otherwise(pages):
    who = pages.as_("head1")
    form = "/do/change_person?person=prov1"
    refused = who.post("/do/change_person", page=form, step="check", roles="clerk", provider="college")
    assert refused.status_code == 422 and 'href="#provider"' in refused.text
    assert re.search('name="provider"[^>]* value="college"[^>]* checked', refused.text), "it is not settled by having been sent"
