"""The safeguarding page renews itself while it is open, and no longer: the stream behind it."""

from datetime import timedelta

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
