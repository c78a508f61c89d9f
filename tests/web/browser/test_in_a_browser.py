"""Journeys in a real browser from signing in to done, with and without a script: safeguarding, attendance, plans, providers."""

import re

import pytest
from playwright.sync_api import expect

both = pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])


def fill_day(page, day, month, year):
    for label, value in (("Day", day), ("Month", month), ("Year", year)):
        page.get_by_label(label, exact=True).first.fill(value)


def record(page, done):
    """Check the answers of a form, record them, and see that it is done."""
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Confirm and record").click()
    expect(page.get_by_role("heading", name=done)).to_be_visible()


@both
def test_a_safeguarding_lead_acknowledges_acts_hands_over_and_closes(tab, on_record, script):
    page = tab("dsl1", script=script)
    expect(page).to_have_url(re.compile("/dsl$"))
    expect(page.get_by_role("heading", name="Not confirmed in place this session")).to_be_visible()
    page.goto("/alerts?placement=H8JE-66")
    late = page.locator(".offsite-alert").filter(has_text="invitation was sent late")
    box = late.filter(has=page.get_by_role("button", name="Acknowledge")).first
    ref = box.get_attribute("id")
    box.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_role("status").get_by_text("You acknowledged the alert; it stays open")).to_be_visible()
    page.get_by_role("link", name=f"Act on {ref}").click()
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("alert").get_by_text("What you will do next: an answer is needed")).to_be_visible()
    page.get_by_label("What you will do next").fill("ring the provider")
    fill_day(page, "26", "11", "2026")
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_text("ring the provider")).to_be_visible()
    page.get_by_role("button", name="Confirm and record").click()
    expect(page.get_by_role("heading", name="You took the alert; it stays open")).to_be_visible()
    page.goto(f"/alerts/{ref}")
    expect(page.locator("main")).to_contain_text("taken by dsl1")
    page.get_by_role("link", name="Hand the alert over").click()
    page.get_by_label("Invented Person Two").check()
    record(page, "The alert was handed over; it stays open")
    deputy = tab("ddsl1", script=script)
    deputy.goto(f"/alerts/{ref}")
    expect(deputy.locator("main")).to_contain_text("Handed over to Invented Person Two, who has not acknowledged it")
    deputy.get_by_role("button", name="Acknowledge").click()
    expect(deputy.get_by_role("status").get_by_text("You acknowledged the alert")).to_be_visible()
    deputy.get_by_role("link", name="Close the alert").click()
    deputy.get_by_label("Reason").fill("told the governors; the next letters go out by the calendar")
    record(deputy, "The alert was closed")
    deputy.goto("/alerts?placement=H8JE-66")
    expect(deputy.get_by_role("heading", name=re.compile("^Open alerts of H8JE-66"))).to_be_visible()
    expect(deputy.get_by_role("link", name=ref, exact=True)).to_have_count(0)


@both
def test_a_provider_marks_in_one_tap_raises_a_concern_and_reports_progress(tab, script):
    page = tab("prov1", script=script, width=360)
    expect(page).to_have_url(re.compile("/provider$"))
    expect(page.get_by_text("ring first")).to_be_visible()
    taps = [("Invented Pupil 4", "Present", "present"), ("Invented Pupil 5", "Late", "late"),
            ("Invented Pupil 10", "Absent: illness", "not yet established")]  # fmt: skip
    for pupil, tap, marked in taps:
        page.get_by_role("button", name=re.compile(f"^{tap} ?: {pupil}, morning")).click()
        expect(page.get_by_role("heading", name=re.compile(f"^{pupil}, morning: marked .*{marked}"))).to_be_visible()
    page.get_by_role("link", name="Raise a concern").click()
    page.get_by_label("Invented Workshop").check()
    page.get_by_label("Concern", exact=True).check()
    page.locator("input[name=about][value=provider]").check()
    page.get_by_label("What you saw").fill("an invented worry")
    record(page, "The concern was raised")
    page.goto("/provider")
    page.get_by_role("link", name="report progress of H8JE-66").click()
    page.get_by_role("group", name="Asks for a break").get_by_label("Green").check()
    record(page, "The report was recorded")


@both
def test_an_attendance_lead_follows_up_a_register(tab, script):
    page = tab("att1", script=script)
    expect(page).to_have_url(re.compile("/attendance$"))
    page.get_by_role("link", name="Follow up").first.click()
    page.get_by_label("Parent").check()
    page.get_by_role("group", name="reached").get_by_label("Yes").check()
    record(page, "The contact was recorded")
    page.get_by_role("link", name="Go to the placement").click()
    expect(page.get_by_text("contact with the parent, about Wednesday 25 November 2026").first).to_be_visible()


@both
def test_a_senco_asks_whether_a_pupil_is_ready_and_records_it(tab, script):
    page = tab("senco1", script=script)
    expect(page).to_have_url(re.compile("/senco$"))
    page.get_by_role("link", name="Request readiness assessment H8JE-66").click()
    record(page, "The readiness assessment was asked for")
    page.get_by_role("link", name="Go to the placement").click()
    page.get_by_role("link", name="Record how ready the pupil is").click()
    page.get_by_role("group", name="attendance at the provider").get_by_label("Met", exact=True).check()
    page.get_by_label("Recommendation").fill("half days from January")
    record(page, "The assessment was recorded")


@both
def test_a_designated_teacher_records_the_plan_that_was_agreed(tab, pages, script):
    ref, placement = ("dt1", "K7QD-31") if script else ("dt2", "M2VA-84")
    person = {"id": ref, "roles": ["designated_teacher"], "name": "Invented Teacher", "email": f"{ref}@invented.example"}
    assert pages.api("head1").post("/api/do/add_person", json={"fields": person}).status_code == 201
    page = tab(ref, person["email"], script=script)
    expect(page).to_have_url(re.compile("/senco$"))
    page.get_by_role("link", name=f"Record the agreed plan {placement}").click()
    page.get_by_role("group", name="Who agreed").get_by_label("School").check()
    page.get_by_role("group", name="Who agreed").get_by_label("Provider").check()
    for label, words in (
        ("Short name", "o1"),
        ("What is to be achieved", "Asks for help"),
        ("How it is measured", "times a week"),
    ):
        page.get_by_label(label).first.fill(words)
    record(page, "The plan was recorded")


@both
def test_a_school_is_closed_for_a_day_in_two_taps(tab, script):
    page = tab("head1", script=script)
    page.goto("/head" if script else "/clerk")
    page.get_by_role("link", name="Close a day").click()
    if not script:  # the other one closed today
        page.goto("/close-day?day=2026-12-10")
    page.get_by_role("button", name="Snow, ice or flood" if script else "No heating or water").click()
    expect(page.get_by_role("heading", name="The day was closed")).to_be_visible()


@both
def test_a_wrong_entry_is_corrected_from_the_chronology(tab, script):
    page = tab("head1", script=script)
    placement = "A9KF-28" if script else "D3PX-19"
    page.goto(f"/placements/{placement}/chronology?q=record_consultation")
    page.get_by_role("link", name=re.compile("^Correct")).first.click()
    page.get_by_role("button", name="Record the correction").click()
    expect(page.get_by_role("alert").get_by_text("Why it was wrong: an answer is needed")).to_be_visible()
    page.get_by_label("Why it was wrong").fill("an invented mistake")
    page.get_by_role("button", name="Record the correction").click()
    expect(page.get_by_role("heading", name="The entry was corrected; both are kept")).to_be_visible()


def test_the_keyboard_alone_takes_a_concern_from_the_first_page_to_done(tab):
    page = tab("prov1", width=360)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Raise a concern"))
    page.keyboard.press("Enter")
    for name in ("provider", "kind"):
        tab_to(page, page.locator(f"input[name={name}]").first)
        page.keyboard.press("Space")
    tab_to(page, page.locator("input[name=about]").first)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[name=about][value=provider]")).to_be_checked()
    tab_to(page, page.get_by_label("What you saw"))
    page.keyboard.type("an invented worry")
    for button in ("Check your answers", "Confirm and record"):
        tab_to(page, page.get_by_role("button", name=button))
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The concern was raised")).to_be_visible()


def tab_to(page, wanted):
    """Press Tab until something is focused."""
    expect(wanted).to_be_visible()
    for _ in range(60):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {wanted}")
