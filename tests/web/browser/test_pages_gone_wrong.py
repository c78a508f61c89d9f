"""Pages that are seen only when something went wrong meanwhile, looked at as every page is."""

from datetime import timedelta

from offsite.web.pages import search as room
from tests.web.real_browser import EMAILS, PASSWORD

QUIET = timedelta(minutes=31)


def test_a_form_that_outlived_its_session(tab, pages, walking):
    page = tab("clerk1")
    walker = walking(page)
    page.goto("/do/raise_concern?placement=H8JE-66")
    page.get_by_role("textbox").last.fill("an invented worry")
    pages.clock.at += QUIET
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_text("What you typed is kept for an hour").wait_for()
    walker.looks("signing in to what was kept")
    page.get_by_label("E-mail address").fill(EMAILS["clerk1"])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Nothing was recorded yet").wait_for()
    assert "an invented worry" in page.content()
    walker.looks("what was kept")


def test_a_change_that_was_overtaken(tab, pages, walking):
    page = tab("head1")
    page.goto("/settings")
    typed = {"name": "cutoff_minutes", "reason": "an invented reason"}
    assert pages.as_("dsl1").post("/settings", **typed, value="21").status_code == 303
    page.locator("select[name=name]").select_option("cutoff_minutes")
    page.locator("[name=value]").fill("22")
    page.locator("[name=reason]").fill("an invented reason")
    with page.expect_navigation() as answered:
        page.get_by_role("button", name="Change", exact=True).click()
    assert answered.value.status == 409
    walking(page).looks("a conflict")


def test_a_failure(tab, walking, monkeypatch):
    def fails(*_):
        raise RuntimeError("invented")

    page = tab("att1")
    monkeypatch.setattr(room, "search", fails)
    walking(page).opens("/search?q=inv", 500)
    assert "Something went wrong" in page.content() and "RuntimeError" not in page.content()
