"""A form sent when its session had ended: what was typed comes back to whoever typed it, once they sign in again, and to
nobody else; it is never carried out by itself."""

import html
import re
from datetime import timedelta

from sqlalchemy import func, select

from models.account import Account, KeptForm, SignIn
from models.chronology import Event
from offsite.web.visit import form_token

PASSWORD = "walnut-otter-lantern-quay"
WORRY = "an invented worry, <b>long to type</b>"
FORM = "/do/raise_concern?placement=H8JE-66"
TYPED = {"kind": "concern", "about": "placement", "text": WORRY, "happened-day": "24", "step": "record"}
QUIET = timedelta(minutes=31)


def events(pages):
    with pages.here.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Event))


def sent_too_late(pages, who, form=FORM, to="/do/raise_concern", **typed):
    """Fill a form in, let the session run out, and send it; returns where that leads."""
    page = who.get(form).text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.split(f'action="{to}"')[1]))
    pages.clock.at += QUIET
    answer = who.client.post(to, data={**hidden, **(typed or TYPED)})
    assert answer.status_code == 303
    return answer.headers["location"]


def kept_at(location):
    assert location.startswith("/sign-in?next=/kept-form/"), location
    return location.removeprefix("/sign-in?next=")


def test_what_was_typed_comes_back_after_signing_in_again_and_is_not_recorded_by_itself(pages):
    pages.nobody().post(f"/invitation/{pages.invite('clerk1')}", password=PASSWORD)
    who = pages.nobody()
    who.post("/sign-in", email="clerk@invented.example", password=PASSWORD)
    before = events(pages)
    location = sent_too_late(pages, who)
    assert "What you typed is kept for an hour" in who.get(location).text
    answer = who.post("/sign-in", page=location, email="clerk@invented.example", password=PASSWORD)
    assert answer.headers["location"] == kept_at(location)
    again = who.get(answer.headers["location"])
    assert "Nothing was recorded yet" in again.text and events(pages) == before
    assert html.escape(WORRY) in again.text and 'value="24"' in again.text
    assert re.search(r'value="concern"[^>]* checked', again.text)
    hidden = dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', again.text.split('action="/do/raise_concern"')[1])
    )
    whole = {**hidden, "kind": "concern", "about": "placement", "text": WORRY, "step": "record"}
    assert who.client.post("/do/raise_concern", data=whole).status_code == 303
    assert events(pages) > before


def test_it_is_sealed_and_no_address_holds_any_of_it(pages):
    location = sent_too_late(pages, pages.as_("dsl1"))
    assert "worry" not in location
    with pages.here.database.reading() as session:
        row = session.scalars(select(KeptForm).order_by(KeptForm.id.desc())).first()
        assert "worry" not in row.sealed and kept_at(location).rpartition("/")[2] not in (row.key_hash, row.sealed)


def test_nobody_else_gets_it_nor_the_same_one_after_an_hour(pages):
    address = kept_at(sent_too_late(pages, pages.as_("dsl1")))
    assert pages.as_("ddsl1").get(address).status_code == 404
    assert pages.nobody().get(address).status_code == 303
    mine = pages.as_("dsl1")
    pages.clock.at += timedelta(minutes=29)
    assert mine.get(address).status_code == 200
    pages.clock.at += timedelta(minutes=31, seconds=1)
    assert pages.as_("dsl1").get(address).status_code == 404


def sent(who, to, **typed):
    """Send a form with its token, whether or not the session still stands; returns where that leads."""
    token = form_token(who.client.app.edge(), who.client.cookies["offsite-visitor"], who.client.cookies["offsite"])
    return who.client.post(to, data={"csrf": token, **typed}).headers["location"]


def test_a_session_that_somebody_ended_keeps_nothing(pages):
    who = pages.as_("head1")
    who.get(FORM)
    with pages.here.database.writing() as session:
        own = select(Account.id).where(Account.email == "head@invented.example")
        for row in session.scalars(select(SignIn).where(SignIn.account_id.in_(own))):
            row.ended_at = pages.clock.at
    assert sent(who, "/do/raise_concern", **TYPED) == "/sign-in"


def test_a_password_is_never_kept(pages):
    who = pages.as_("head1")
    who.get("/account")
    pages.clock.at += QUIET
    assert sent(who, "/account/password", old="hunter1", password="hunter2") == "/sign-in"
    assert sent(who, "/settings", password="hunter2", code="123456") == "/sign-in", "nothing else was typed"


def test_a_tap_is_shown_again_and_sent_by_hand(pages):
    """A page that is no command's form: what it sent is listed, with a button."""
    who = pages.as_("head1")
    before = events(pages)
    typed = {"other": "an invented burst pipe", "reason": ""}
    address = kept_at(sent_too_late(pages, who, "/close-day?day=2026-12-04", "/close-day", **typed))
    mine = pages.as_("head1")
    page = mine.get(address)
    assert "an invented burst pipe" in page.text and events(pages) == before
    hidden = dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text.split('action="/close-day"')[1])
    )
    assert mine.client.post("/close-day", data=hidden).status_code == 303
    assert events(pages) > before
