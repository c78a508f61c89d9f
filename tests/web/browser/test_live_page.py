"""The safeguarding page renews itself while it is open, and no longer: the stream behind it, and the page in a browser."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from models.alert import CannotTell
from models.message import Delivery, Message
from models.runs import JobRun
from models.school import School
from offsite.web.cookies import SESSION as COOKIE
from offsite.web.pages import safeguarding
from offsite.web.pages.safeguarding import _mark_now


def stream_of(pages, who):
    return _mark_now(pages.app.edge(), who.client.cookies[COOKIE])


def test_it_tells_how_many_critical_alerts_nobody_acknowledged(pages):
    dsl = pages.as_("dsl1")
    rows = pages.api("dsl1").get("/api/alerts?severity=critical&unread=true").json()
    assert stream_of(pages, dsl)["critical"] == rows["total"] > 0


def test_it_ends_when_the_session_is_ended_from_elsewhere(pages):
    dsl = pages.as_("dsl1")
    assert stream_of(pages, dsl) is not None
    token = dsl.client.cookies[COOKIE]
    dsl.post("/sign-out", page="/dsl")
    assert _mark_now(pages.app.edge(), token) is None


def test_it_is_for_the_safeguarding_lead_alone(pages):
    assert stream_of(pages, pages.as_("clerk1")) is None


def test_an_open_page_is_in_use_until_twelve_hours_have_passed(pages):
    dsl = pages.as_("dsl1")
    for _ in range(24):
        pages.clock.at += timedelta(minutes=29, seconds=59)
        assert stream_of(pages, dsl) is not None
    pages.clock.at += timedelta(minutes=1)
    assert stream_of(pages, dsl) is None


def contact(pages, two_schools):
    fields = {"placement": "J7DV-14", "with": "parent"}
    assert pages.api("ddsl1").post("/api/do/record_contact", json={"fields": fields}).status_code == 201


def bounce(pages, two_schools):
    with two_schools.database.writing() as session:
        ours = select(func.max(Message.id)).join(School).where(School.urn == "999001").scalar_subquery()
        session.add(Delivery(message_id=ours, at=pages.clock.at, outcome="bounced", error="invented"))


def untold(pages, two_schools):
    with two_schools.database.writing() as session:
        ours = session.scalars(select(School.id).where(School.urn == "999001")).one()
        session.add(CannotTell(school_id=ours, rule="notice-due", subject="x", missing=["terms"], since=pages.clock.at))


def run(pages, two_schools):
    at = pages.clock.at
    with two_schools.database.writing() as session:
        session.add(JobRun(job="dispatch", slot=at, judged_at=at, started_at=at, finished_at=at, outcome="done"))


def a_minute(pages, two_schools):
    pages.clock.at += timedelta(minutes=1)


@pytest.mark.parametrize("happens", [contact, bounce, untold, run, a_minute])
def test_it_is_drawn_anew_when_anything_it_shows_changes(pages, two_schools, happens):
    dsl = pages.as_("dsl1")
    before = stream_of(pages, dsl)
    assert stream_of(pages, dsl) == before
    happens(pages, two_schools)
    assert stream_of(pages, dsl)["seen"] != before["seen"]


def test_it_is_loaded_anew_by_the_browser_only_where_no_script_runs(pages):
    shown = pages.as_("dsl1").get("/dsl").text
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in shown
    assert "http-equiv" not in re.sub(r"<noscript>.*?</noscript>", "", shown)


@pytest.fixture
def open_page(tab, monkeypatch):
    """The safeguarding page in a tab. Fails where the tab loaded the page again."""
    monkeypatch.setattr(safeguarding, "LOOK_EVERY_SECONDS", 0.2)
    page = tab("dsl1")
    page.goto("/dsl")
    page.evaluate("window.loadedOnce = true")
    yield page
    assert page.evaluate("window.loadedOnce") is True


def test_the_page_renews_itself_when_somebody_else_acts_and_nothing_typed_is_lost(open_page, pages):
    letters = open_page.locator("[data-live] select[name=severity]")
    letters.select_option("high")
    open_page.get_by_role("link", name="Record a contact about J7DV-14").focus()
    fields = {
        "placement": "J7DV-14",
        "concern": "new-one",
        "kind": "concern",
        "about": "placement",
        "text": "an invented worry",
    }
    assert pages.api("dsl1").post("/api/do/raise_concern", json={"fields": fields}).status_code == 201
    expect(open_page.locator("[data-live]")).to_contain_text("A safeguarding concern has been raised")
    expect(open_page).to_have_title(re.compile(r"^\(\d+\) "))
    expect(letters).to_have_value("high")
    expect(open_page.get_by_role("link", name="Record a contact about J7DV-14")).to_be_focused()


def test_minutes_and_contacts_of_others_appear_without_a_reload(open_page, pages):
    row = open_page.get_by_role("row").filter(has_text="J7DV-14")
    row.get_by_role("link", name="Record a contact").focus()
    expect(row).to_contain_text("35 minutes")
    pages.clock.at += timedelta(minutes=20)
    expect(row).to_contain_text("55 minutes")
    fields = {"placement": "J7DV-14", "with": "parent"}
    assert pages.api("ddsl1").post("/api/do/record_contact", json={"fields": fields}).status_code == 201
    expect(row).to_contain_text("10:40am")
    expect(row.get_by_role("link", name="Record a contact")).to_be_focused()


def test_the_page_says_while_it_has_lost_touch_and_listens_again(tab):
    page = tab("dsl1")
    page.clock.install()
    page.route("**/dsl/events", lambda asked: asked.fulfill(status=502))
    page.goto("/dsl")
    lost = page.get_by_text("This page has lost touch with Offsite")
    expect(lost).to_be_visible()
    page.unroute("**/dsl/events")
    page.clock.fast_forward(60_000)
    expect(lost).to_be_hidden()
