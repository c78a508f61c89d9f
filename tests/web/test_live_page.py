"""The safeguarding page renews itself while it is open, and no longer: the stream behind it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.alert import CannotTell
from models.message import Delivery, Message
from models.runs import JobRun
from models.school import School
from offsite.web.cookies import SESSION as COOKIE
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
