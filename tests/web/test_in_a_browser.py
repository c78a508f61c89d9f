"""Each role's journey in a real browser, with and without a script; accessibility, a phone's width, the keyboard, paper."""

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pypdf import PdfReader

PEOPLE = {
    "dsl1": "dsl@invented.example",
    "head1": "head@invented.example",
    "clerk1": "clerk@invented.example",
    "gov1": "chair@invented.example",
    "att1": "attendance@invented.example",
    "senco1": "senco@invented.example",
    "prov1": "workshop-staff@invented.example",
    "la1": "authority@invented.example",
}
PAGES = {
    "dsl1": """/dsl /placements /placements/H8JE-66 /placements/K7QD-31 /alerts /looks /people /providers /providers/pru
        /settings /health /rules /rules/notice-late /search?q=inv /account /attendance /concerns/V5RC-73-c1 /providers/pru/link
        /pupils /pupils?to=propose_placement
        /dsl/unconfirmed /dsl/cannot-tell /looks/broken-glass /placements/H8JE-66/chronology /close-day?provider=pru
        /attendance?day-day=31&day-month=2&day-year=2026 /placements?page=x
        /placements/H8JE-66/documents /placements/H8JE-66/documents/now/clock_proof /alerts?placement=H8JE-66
        /placements/V5RC-73 /placements/V5RC-73/concerns /placements/V5RC-73/contacts
        /placements/H8JE-66/documents/now/review_pack /do/raise_concern /do/agree_plan?placement=H8JE-66
        /do/plan_return?placement=H8JE-66 /do/add_provider /do/set_up_school /do/cover /placements/NONE""",
    "head1": "/head /documents/inspection-sheet /do/start?placement=C4WN-52",
    "clerk1": """/clerk /clerk/requests /placements/K7QD-31 /do/serve_notice?placement=K7QD-31 /do/propose_placement
        /do/build_pack?review=H8JE-66-r1 /placements/H8JE-66/documents""",
    "gov1": "/governor /placements",
    "att1": "/attendance /do/mark?placement=H8JE-66",
    "senco1": "/senco /do/assess_readiness?placement=H8JE-66",
    "prov1": "/provider /placements/C4WN-52 /do/report_progress?placement=C4WN-52",
    "la1": "/authority /authority/counts",
}
both = pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


@pytest.mark.parametrize("ref", PAGES)
def test_axe_finds_no_violation_on_any_page(tab, ref):
    page = tab(ref, PEOPLE[ref])
    for path in PAGES[ref].split():
        page.goto(path)
        found = Axe().run(page, options=AXE).response["violations"]
        said = [(v["id"], [n["html"][:200] for n in v["nodes"][:2]]) for v in found]
        assert said == [], path


def test_axe_finds_no_violation_before_signing_in(chromium, served):
    page = chromium.new_page(base_url=served)
    for path in ("/sign-in", "/invitation/none", "/nowhere"):
        page.goto(path)
        assert [v["id"] for v in Axe().run(page, options=AXE).response["violations"]] == [], path
    page.close()


@pytest.mark.parametrize("ref", PAGES)
def test_no_page_is_wider_than_a_phone(tab, ref):
    page = tab(ref, PEOPLE[ref], width=360)
    for path in PAGES[ref].split():
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_nothing_is_cut_off_at_200_percent(tab):
    page = tab("dsl1", PEOPLE["dsl1"], width=640)
    for path in ("/dsl", "/placements/H8JE-66", "/alerts"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, path


@both
def test_a_safeguarding_lead_acknowledges_acts_and_hands_over(tab, script):
    page = tab("dsl1", PEOPLE["dsl1"], script=script)
    assert page.url.endswith("/dsl")
    assert page.get_by_role("heading", name="Not confirmed in place this session").is_visible()
    box = page.locator(".offsite-alert").filter(has=page.get_by_role("button", name="Acknowledge")).first
    ref = box.get_attribute("id")
    box.get_by_role("button", name="Acknowledge").click()
    assert page.get_by_role("status").get_by_text("You acknowledged the alert; it stays open").is_visible()
    page.goto(f"/do/take?alert={ref}")
    page.get_by_role("button", name="Check your answers").click()
    assert page.get_by_role("alert").get_by_text("What you will do next: an answer is needed").is_visible()
    page.get_by_label("What you will do next").fill("ring the provider")
    page.get_by_label("Day").first.fill("26")
    page.get_by_label("Month").first.fill("11")
    page.get_by_label("Year").first.fill("2026")
    page.get_by_role("button", name="Check your answers").click()
    assert page.get_by_text("ring the provider").is_visible()
    page.get_by_role("button", name="Confirm and record").click()
    assert page.get_by_role("heading", name="You took the alert; it stays open").is_visible()
    page.goto(f"/alerts/{ref}")
    assert "taken by dsl1" in page.locator("main").inner_text()


@both
def test_a_clerk_gives_a_notice_and_prints_the_confirmation(tab, script):
    page = tab("clerk1", PEOPLE["clerk1"], script=script)
    assert page.url.endswith("/clerk")
    placement = "K7QD-31" if script else "R9TH-07"
    page.goto(f"/do/serve_notice?placement={placement}")
    page.get_by_role("group", name="To whom").get_by_role("checkbox").first.check()
    page.get_by_label("By hand").check()
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Change").click()
    assert page.get_by_label("By hand").is_checked()
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Confirm and record").click()
    assert page.get_by_role("heading", name="The notice was recorded as given").is_visible()
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation", name="Pages").is_visible()


@both
def test_a_provider_marks_a_pupil_in_one_tap_and_raises_a_concern(tab, script):
    page = tab("prov1", PEOPLE["prov1"], script=script, width=360)
    assert page.url.endswith("/provider")
    assert page.get_by_text("ring first").is_visible()
    page.get_by_role("button", name=re.compile("^Present")).first.click()
    assert page.locator("h2", has_text="marked").first.is_visible()
    page.get_by_role("link", name="Raise a concern").click()
    page.get_by_label("Invented Workshop").check() if page.get_by_label("Invented Workshop").count() else None
    page.locator("input[name=kind][value=concern]").check()
    page.locator("input[name=about][value=provider]").check()
    page.get_by_label("What you saw").fill("an invented worry")
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Confirm and record").click()
    assert page.get_by_role("heading", name="The concern was raised").is_visible()


@both
def test_a_head_sees_every_live_placement(tab, script):
    page = tab("head1", PEOPLE["head1"], script=script)
    assert page.url.endswith("/clerk") or page.url.endswith("/head")
    page.goto("/head")
    assert page.get_by_role("table").get_by_role("row").count() == 12


@both
def test_a_governor_opens_the_pack_of_the_next_meeting_and_no_other(tab, script):
    clerk = tab("clerk1", PEOPLE["clerk1"], script=script)
    clerk.get_by_role("link", name="Build the pack for the governors for H8JE-66-r1").click()
    clerk.get_by_role("button", name="Check your answers").click()
    clerk.get_by_role("button", name="Confirm and record").click()
    assert clerk.get_by_role("heading", name="The pack was built, and filed for the governors").is_visible()
    page = tab("gov1", PEOPLE["gov1"], script=script)
    page.get_by_role("link", name=re.compile("^Review pack of")).first.click()
    assert page.get_by_role("heading", name="Review pack").is_visible()
    assert page.goto("/placements/A9KF-28").status == 404


@both
def test_an_attendance_lead_follows_up_a_register(tab, script):
    page = tab("att1", PEOPLE["att1"], script=script)
    page.goto("/attendance")
    page.get_by_role("link", name="Follow up").first.click()
    page.get_by_label("Parent").check()
    page.get_by_role("group", name="reached").get_by_label("Yes").check()
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Confirm and record").click()
    assert page.get_by_text("Entry").first.is_visible()


@both
def test_a_senco_asks_whether_a_pupil_is_ready(tab, script):
    page = tab("senco1", PEOPLE["senco1"], script=script)
    assert page.url.endswith("/senco")
    page.get_by_role("link", name=re.compile("^Request readiness")).first.click()
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Confirm and record").click()
    assert page.get_by_text("Entry").first.is_visible()


@both
def test_an_authority_officer_sees_pupils_with_a_plan_and_no_small_number(tab, script):
    page = tab("la1", PEOPLE["la1"], script=script)
    assert page.url.endswith("/authority")
    named = page.get_by_role("region", name="Pupils with an EHC plan").get_by_role("rowheader")
    assert named.count() == 1
    assert page.get_by_role("cell", name="fewer than five").count() > 0
    named.get_by_role("link").click()
    assert page.get_by_role("heading", name="Statutory clock").is_visible()
    assert page.get_by_role("heading", name="Concerns").count() == 0


@both
def test_a_school_is_closed_for_a_day_in_two_taps(tab, script):
    page = tab("head1", PEOPLE["head1"], script=script)
    page.goto("/head" if script else "/clerk")
    page.get_by_role("link", name="Close a day").click()
    if not script:  # the other one closed today
        page.goto("/close-day?day=2026-12-10")
    page.get_by_role("button", name="Snow, ice or flood" if script else "No heating or water").click()
    assert page.get_by_role("heading", name="The day was closed").is_visible()


@both
def test_a_wrong_entry_is_corrected_from_the_chronology(tab, script):
    page = tab("head1", PEOPLE["head1"], script=script)
    placement = "A9KF-28" if script else "D3PX-19"
    page.goto(f"/placements/{placement}/chronology?q=record_consultation")
    page.get_by_role("link", name=re.compile("^Correct")).first.click()
    page.get_by_role("button", name="Record the correction").click()
    assert page.get_by_role("alert").get_by_text("Why it was wrong: an answer is needed").is_visible()
    page.get_by_label("Why it was wrong").fill("an invented mistake")
    page.get_by_role("button", name="Record the correction").click()
    assert page.get_by_role("heading", name="The entry was corrected; both are kept").is_visible()


@both
def test_the_days_counted_are_on_paper_though_folded_on_the_screen(tab, script):
    page = tab("clerk1", PEOPLE["clerk1"], script=script)
    page.goto("/placements/H8JE-66")
    expect(page.get_by_text("Counted in calendar days from").first).to_be_hidden()
    printed = PdfReader(io.BytesIO(page.pdf()))
    assert "Counted in calendar days from" in "".join(leaf.extract_text() for leaf in printed.pages)


def test_the_keyboard_alone_is_enough(tab):
    page = tab("dsl1", PEOPLE["dsl1"])
    page.goto("/placements")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    page.keyboard.press("Enter")
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName + (document.activeElement.name || '')"))
    assert {"INPUTq", "SELECTstage", "BUTTON", "A"} <= reached


@both
def test_two_people_editing_get_a_clear_conflict_and_nothing_typed_is_lost(tab, pages, script):
    page = tab("clerk1", PEOPLE["clerk1"], script=script)
    review = "H8JE-66-r1"
    page.goto(f"/do/move_review?review={review}")
    page.get_by_label("Day").first.fill("16")
    page.get_by_label("Month").first.fill("12")
    page.get_by_label("Year").first.fill("2026")
    other = {"review": review, "meets": "2026-12-15" if script else "2026-12-14"}
    assert pages.api("head1").post("/api/do/move_review", json={"fields": other}).status_code == 201
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Confirm and record").click()
    assert page.get_by_text("was changed by head1").first.is_visible()
    assert page.get_by_label("Day").first.input_value() == "16"
