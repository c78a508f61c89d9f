"""Journeys in a real browser from signing in to done, with and without a script: governors, clerk, head, authority, records."""

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

both = pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])


def record(page, done):
    """Check the answers of a form, record them, and see that it is done."""
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Confirm and record").click()
    expect(page.get_by_role("heading", name=done)).to_be_visible()


def on_paper(page):
    """The words of a page as it is printed."""
    return re.sub(r"\s+", " ", " ".join(leaf.extract_text() for leaf in PdfReader(io.BytesIO(page.pdf())).pages))


@both
def test_a_clerk_gives_a_notice_and_prints_the_confirmation(tab, script):
    page = tab("clerk1", script=script)
    expect(page).to_have_url(re.compile("/clerk$"))
    placement = "K7QD-31" if script else "R9TH-07"
    page.goto(f"/do/serve_notice?placement={placement}")
    page.get_by_role("group", name="To whom").get_by_role("checkbox").first.check()
    page.get_by_label("By hand").check()
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_label("By hand")).to_be_checked()
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Confirm and record").click()
    expect(page.get_by_role("heading", name="The notice was recorded as given")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Pages")).to_be_hidden()


@pytest.fixture
def meeting(pages):
    """A review that was set for yesterday, by the name it is given, and nothing of it recorded since."""

    def was_set(name):
        fields = {"review": name, "placement": "Q2ZN-90", "meets": "2026-11-24 16:00"}
        sent = {"fields": fields, "happened": "2026-11-12T09:00:00Z"}
        assert pages.api("clerk1").post("/api/do/schedule_review", json=sent).status_code == 201
        return name

    return was_set


@both
def test_a_clerk_takes_a_meeting_from_its_invitations_to_its_outcome(tab, meeting, script):
    review = meeting("invented-m1" if script else "invented-m2")
    page = tab("clerk1", script=script)
    expect(page).to_have_url(re.compile("/clerk$"))
    steps = [
        ("Record that invitations were sent", {"To whom": ["Head", "Provider"]}, "The invitations were recorded as sent"),
        ("Record that the review was held", {"Who came": ["Head", "Provider"]}, "The review was recorded as held"),
        ("Record the decision", {"What was decided": ["End"]}, "The decision was recorded"),
        ("Record that the outcome was sent", {"To whom": ["Provider"], "How": ["By hand"]}, "The outcome was recorded as sent"),
    ]
    for link, answers, done in steps:
        page.goto("/placements/Q2ZN-90")
        page.get_by_role("link", name=f"{link} {review}").click()
        for group, chosen in answers.items():
            for choice in chosen:
                page.get_by_role("group", name=group).get_by_label(choice, exact=True).check()
        if link == "Record the decision":
            page.get_by_label("Reasons").fill("an invented reason")
        record(page, done)
    assert "The outcome was recorded as sent" in on_paper(page)


@both
def test_a_head_starts_a_pupil_with_a_gate_shut_and_prints_the_inspection_sheet(tab, pages, script):
    placement, rejected = ("R9TH-07", "tuition") if script else ("C4WN-52", "workshop")
    fields = {"provider": rejected, "status": "rejected"}
    assert pages.api("dsl1").post("/api/do/confirm_safeguarding", json={"fields": fields}).status_code == 201
    page = tab("head1", script=script)
    expect(page).to_have_url(re.compile("/head$"))
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(12)
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=placement))
    expect(row).to_contain_text("cannot start yet")
    row.get_by_role("link", name=placement).click()
    page.get_by_role("link", name="Record the start").click()
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("alert")).to_contain_text(f"Placement {placement} cannot start yet")
    page.get_by_label("Why the pupil starts all the same").fill("an invented emergency")
    record(page, "The start was recorded")
    page.goto("/head")
    expect(row).to_contain_text("started with gates overridden")
    page.get_by_role("link", name="Inspection sheet", exact=True).click()
    expect(page.get_by_role("heading", name="Alternative provision in use")).to_be_visible()
    assert placement in on_paper(page)


@both
def test_a_governor_opens_the_pack_of_the_next_meeting_and_no_other(tab, script):
    clerk = tab("clerk1", script=script)
    clerk.get_by_role("link", name="Build the pack for the governors for H8JE-66-r1").click()
    clerk.get_by_role("button", name="Check your answers").click()
    clerk.get_by_role("button", name="Confirm and record").click()
    expect(clerk.get_by_role("heading", name="The pack was built, and filed for the governors")).to_be_visible()
    page = tab("gov1", script=script)
    page.get_by_role("link", name=re.compile("^Review pack of")).first.click()
    expect(page.get_by_role("heading", name="Review pack")).to_be_visible()
    assert page.goto("/placements/A9KF-28").status == 404


@both
def test_an_authority_officer_sees_no_small_number_and_asks_for_a_review(tab, script):
    page = tab("la1", script=script)
    expect(page).to_have_url(re.compile("/authority$"))
    named = page.get_by_role("region", name="Pupils with an EHC plan").get_by_role("rowheader")
    expect(named).to_have_count(1)
    expect(page.get_by_role("cell", name="fewer than five").first).to_be_visible()
    named.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Statutory clock")).to_be_visible()
    expect(page.get_by_role("heading", name="Concerns")).to_have_count(0)
    page.get_by_role("link", name="Record a request for a review").click()
    page.get_by_label("Local authority").check()
    record(page, "The request was recorded")
    page.get_by_role("link", name="Go to the placement").click()
    expect(page.get_by_text("Review asked for by local authority officer on Wednesday 25 November 2026").first).to_be_visible()


@both
def test_a_data_protection_officer_keeps_a_record_past_its_day(tab, script):
    page = tab("dp1", script=script)
    expect(page).to_have_url(re.compile("/placements$"))
    page.get_by_role("link", name="Who looked").click()
    expect(page.get_by_role("heading", name="Concerns whose text was read")).to_be_visible()
    page.get_by_role("link", name="Pupils", exact=True).click()
    page.get_by_role("link", name=f"Keep a record past its day of {'u05' if script else 'u06'}").click()
    page.get_by_label("Pupil record").check()
    page.get_by_label("Why it is kept").fill("an invented request of the court")
    record(page, "The record is kept")


@both
def test_the_days_counted_are_on_paper_though_folded_on_the_screen(tab, script):
    page = tab("clerk1", script=script)
    page.goto("/placements/H8JE-66")
    expect(page.get_by_text("Counted in calendar days from").first).to_be_hidden()
    assert "Counted in calendar days from" in on_paper(page)


@both
def test_two_people_editing_get_a_clear_conflict_and_nothing_typed_is_lost(tab, pages, script):
    page = tab("clerk1", script=script)
    review = "H8JE-66-r1"
    page.goto(f"/do/move_review?review={review}")
    page.get_by_label("Day").first.fill("16")
    page.get_by_label("Month").first.fill("12")
    page.get_by_label("Year").first.fill("2026")
    other = {"review": review, "meets": "2026-12-15" if script else "2026-12-14"}
    assert pages.api("head1").post("/api/do/move_review", json={"fields": other}).status_code == 201
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Confirm and record").click()
    expect(page.get_by_text("was changed by head1").first).to_be_visible()
    expect(page.get_by_label("Day").first).to_have_value("16")
