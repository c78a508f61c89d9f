"""Documents on screen and on paper, for those who may open them: axe finds nothing, a phone is wide enough, what was issued is
held against its hash, a look at the text of a concern is logged, a meeting goes into a calendar and out of it again."""

import re
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar
from sqlalchemy import select, update

from models.encrypted_text import Texts
from models.look import Look
from models.placement import Document, Issued, Placement
from models.school import School
from offsite.casework.command import Said, commands
from offsite.casework.perform import perform
from offsite.casework.replay.scenario import moment
from offsite.casework.watch.rule_runner import NoRules

HERE = "999001"
REF = "V5RC-73"
"""A placement of the demonstration with a concern, a review held and one to come."""
NOW = "/placements/V5RC-73/documents/now"
MEETING = "/placements/V5RC-73/reviews/V5RC-73-r2/documents"
EACH = (
    *(f"{NOW}/{kind}" for kind in ("clock_proof", "chronology", "visit_record", "closure_record", "notice", "readiness")),
    *(f"{MEETING}/{kind}" for kind in ("review_pack", "safeguarding_pack", "invitation-parent")),
    "/placements/V5RC-73/reviews/V5RC-73-r1/documents/outcome",
    "/placements/J7DV-14/documents/now/reintegration_plan",
    "/documents/inspection-sheet",
)
"""Every document there is, one of each kind."""


def say(pages, do, at, **fields):
    command = commands()[do].model_validate(fields)
    return perform(pages.here.database, pages.here.key_file, HERE, Said(command, moment(at)), NoRules())


@pytest.fixture
def reader(chromium, served, pages):
    """A real browser, signed in as the safeguarding lead, as wide as asked."""
    contexts = []

    def opened(width=1280):
        context = chromium.new_context(viewport={"width": width, "height": 800}, base_url=served)
        context.set_default_timeout(15_000)
        contexts.append(context)
        token = pages.as_("dsl1").client.cookies["offsite"]
        context.add_cookies([{"name": "offsite", "value": token, "url": served}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def test_axe_finds_nothing_on_any_document(reader):
    page = reader()
    for path in EACH:
        assert page.goto(path).status == 200, path
        found = Axe().run(page)
        assert found.violations_count == 0, (path, found.generate_report())


def test_a_phone_is_wide_enough_for_every_document(reader):
    """360 px: only a table may be scrolled, in its own region, which the keyboard reaches."""
    page = reader(360)
    for path in EACH:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


@pytest.mark.parametrize("path", EACH)
def test_a_document_keeps_to_the_content_policy_and_is_to_be_had_on_paper(pages, path):
    browser = pages.as_("dsl1")
    html = browser.get(path).text
    assert '<link rel="stylesheet" href="/documents/letter.css">' in html
    assert not re.search(r"<style|<script|style=|javascript:| on[a-z]+=", html)
    paper = browser.get(f"{path}.pdf")
    assert (paper.status_code, paper.headers["content-type"], paper.content[:5]) == (200, "application/pdf", b"%PDF-")


# -- as much as one may see


def test_governors_get_the_summary_and_the_safeguarding_lead_the_words_which_is_logged(pages):
    words = "invented concern, for the demonstration"
    pages.clock.at = moment("2026-12-30 08:00")  # the day of that review
    governor, dsl = pages.as_("gov1"), pages.as_("dsl1")
    assert "A worry about the journey" in governor.get(f"{MEETING}/review_pack").text
    assert words not in governor.get(f"{MEETING}/review_pack").text
    assert governor.get(f"{MEETING}/safeguarding_pack").status_code == 404
    assert words not in dsl.get(f"{MEETING}/review_pack").text
    before = looks(pages)
    assert words in dsl.get(f"{MEETING}/safeguarding_pack").text
    assert looks(pages)[len(before) :] == [("V5RC-73-c1", "dsl1", "document")]


def looks(pages):
    with pages.here.database.reading() as session:
        return session.execute(select(Look.concern, Look.by, Look.through).order_by(Look.id)).tuples().all()


def test_senco_is_told_that_a_concern_is_open_and_no_more(pages):
    text = pages.as_("senco1").get(f"{MEETING}/review_pack").text
    assert "A concern is open." in text
    assert "One concern" not in text and "journey" not in text


def test_whom_a_concern_is_against_reads_nothing_of_it(pages):
    """domain.md 10. The head sees all of this placement, but not that."""
    say(pages, "raise_concern", "2026-11-25 10:00", concern="against-head", placement=REF, kind="allegation", about="placement",
        against="head", text="hidden")  # fmt: skip
    head, dsl = pages.as_("head1"), pages.as_("dsl1")
    for path in (f"{NOW}/clock_proof", f"{MEETING}/review_pack", f"{NOW}/readiness", f"{NOW}/chronology", f"/placements/{REF}"):
        assert "against-head" not in head.get(path).text, path
        assert "Two concerns" not in head.get(path).text and "2 concerns" not in head.get(path).text, path
    assert "Referral to the LADO of against-head" in dsl.get(f"{NOW}/clock_proof").text


# -- as it was issued


def filed(pages, kind):
    with pages.here.database.reading() as session:
        wanted = select(Document.id).join(Placement, Placement.id == Document.placement_id)
        wanted = wanted.join(School, School.id == Document.school_id).where(School.urn == HERE)
        return session.scalars(wanted.where(Placement.ref == REF, Document.kind == kind).order_by(Document.id)).first()


def test_an_issued_letter_opened_again_says_that_it_is_unchanged(pages):
    clerk, number = pages.as_("clerk1"), filed(pages, "notice")
    shown = clerk.get(f"/placements/{REF}/documents")
    assert f"/documents/filed/{number}.pdf" in shown.text and "parent:u08-m" in shown.text
    assert (
        "and unchanged since: checked just now against its hash"
        in clerk.get(f"/placements/{REF}/documents/filed/{number}").text
    )


def test_one_that_was_changed_says_so_on_screen_and_on_paper(pages):
    number = filed(pages, "outcome")
    with pages.here.database.writing() as session:
        row = session.get_one(Document, number)
        kept, pupil = row.html, session.get_one(Placement, row.placement_id).pupil_id
        texts = Texts(session, pages.here.key_file, row.school_id)
        forged = texts.open(kept, pupil).replace("The direction continues.", "The direction ends.")
        session.execute(update(Document).where(Document.id == number).values(html=texts.seal(forged, pupil)))
    clerk = pages.as_("clerk1")
    assert "CHANGED since" in clerk.get(f"/placements/{REF}/documents/filed/{number}").text
    assert words_of(clerk.get(f"/placements/{REF}/documents/filed/{number}.pdf")).count("CHANGED since") == 1
    with pages.here.database.writing() as session:
        session.execute(update(Document).where(Document.id == number).values(html=kept))


def words_of(answer):
    import io

    from pypdf import PdfReader

    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages)


def test_what_was_given_without_a_copy_is_named(pages):
    with pages.here.database.writing() as session:
        row = session.scalars(select(Issued).where(Issued.document_id == filed(pages, "notice"))).one()
        recipient = row.recipient
        session.execute(update(Issued).where(Issued.id == row.id).values(recipient="parent:other"))
    assert "Given, and no copy kept" in pages.as_("clerk1").get(f"/placements/{REF}/documents").text
    with pages.here.database.writing() as session:
        session.execute(update(Issued).where(Issued.id == row.id).values(recipient=recipient))


def test_the_clerk_words_a_block_and_the_next_letter_carries_it(pages):
    clerk = pages.as_("clerk1")
    assert "The words" in clerk.get("/do/word_letters").text
    typed = {"block": "closing", "text": "Ring us\r\nat any time.", "step": "record"}
    assert clerk.post("/do/word_letters", **typed).status_code == 303
    assert "<p>Ring us</p>\n<p>at any time.</p>" in clerk.get(f"{NOW}/notice").text
    too_long = clerk.post("/do/word_letters", block="closing", text="x" * 1001, step="record")
    assert too_long.status_code == 422 and "1000 characters or fewer in closing" in too_long.text


# -- the pack, as it was built for the governors

WITH_GOVERNORS = "/placements/H8JE-66"
"""The placement of the next meeting."""


def built(pages):
    """The clerk builds the pack by its form; returns the confirmation."""
    clerk, form = pages.as_("clerk1"), "/do/build_pack?review=H8JE-66-r1"
    asked = clerk.get(form)
    assert "happened-day" not in asked.text, "a pack is built when it is built"
    checked = clerk.post("/do/build_pack", page=form, step="check")
    assert "Check your answers" in checked.text and "H8JE-66-r1" in checked.text
    answer = clerk.post("/do/build_pack", page=form, step="record")
    assert answer.status_code == 303, answer.text
    return clerk.get(answer.headers["location"])


def test_the_clerk_builds_the_pack_and_is_told_that_it_is_filed_but_not_what_stands_in_it(pages):
    clerk = pages.as_("clerk1")
    assert 'href="/do/build_pack?review=H8JE-66-r1"' in clerk.get("/clerk").text
    assert 'href="/do/build_pack?review=H8JE-66-r1"' in clerk.get(f"{WITH_GOVERNORS}/documents").text
    confirmation = built(pages)
    assert "The pack was built, and filed for the governors" in confirmation.text
    digest = re.search(r"Review pack, H8JE-66-r1, by its hash <[^>]*>([0-9a-f]{64})<", confirmation.text)[1]
    listed = clerk.get(f"{WITH_GOVERNORS}/documents").text
    row = next(row for row in re.findall(r"<tr.*?</tr>", listed, re.S) if digest[:16] in row)
    assert "not yours to open" in row and "governors" in row and "<a " not in row
    number = re.findall(r"<td[^>]*>(\d+)</td>", row)[0]
    for address in (f"documents/filed/{number}", f"documents/filed/{number}.pdf", "documents/now/review_pack"):
        assert clerk.get(f"{WITH_GOVERNORS}/{address}").status_code == 404, address
    filed = pages.api("clerk1").get(f"/api{WITH_GOVERNORS}/documents").json()["filed"]
    assert [row["opens"] for row in filed if row["kind"] == "review_pack"] == [False]
    assert pages.api("clerk1").get(f"/api{WITH_GOVERNORS}/documents/filed/{number}").status_code == 404


def test_governors_read_the_pack_as_it_was_built_and_a_newer_draft_only_once_more_was_recorded(pages):
    governor = pages.as_("gov1")
    built(pages)
    page = governor.get("/governor").text
    assert "as it was built on" in page and "Newer draft" not in page
    pack = re.search(rf'href="({WITH_GOVERNORS}/documents/filed/\d+)"', page)[1]
    assert "and unchanged since: checked just now against its hash" in governor.get(pack).text
    fields = {"placement": "H8JE-66", "concern": "worry-since", "kind": "concern", "about": "placement", "text": "hidden"}
    assert pages.api("dsl1").post("/api/do/raise_concern", json={"fields": fields}).status_code == 201
    assert "Newer draft" not in governor.get("/governor").text, "a concern is not told of in this way"
    say(pages, "report_progress", "2026-11-25 10:19", placement="H8JE-66", objectives={"o1": "red"}, note="a setback, invented")
    page = governor.get("/governor").text
    assert "More was recorded since then" in page and "Newer draft" in page
    assert "a setback, invented" not in governor.get(pack).text
    draft = re.search(rf'href="({WITH_GOVERNORS}/reviews/H8JE-66-r1/documents/review_pack)"', page)[1]
    newer = governor.get(draft).text
    assert "a setback, invented" in newer and "It is not the pack that was built for the governors." in newer
    assert "It is not the pack that was built" in words_of(governor.get(f"{draft}.pdf"))
    built(pages)
    again = governor.get("/governor").text
    assert "Newer draft" not in again and f'href="{pack}"' not in again


def test_a_pack_that_is_not_built_yet_is_called_a_draft(pages):
    pages.clock.at = moment("2026-12-30 08:00")  # the day of that review
    page = pages.as_("gov1").get("/governor").text
    assert "The pack is not built yet" in page and "Draft of the pack" in page


@pytest.mark.parametrize("kind", ["clock_proof", "chronology", "visit_record", "closure_record"])
def test_a_view_of_the_record_says_on_paper_that_it_is_one(pages, kind):
    said = "This shows the record as it stood on Wednesday 25 November 2026. Offsite sends it to nobody and keeps no copy."
    assert said in words_of(pages.as_("dsl1").get(f"{NOW}/{kind}.pdf"))


# -- the chronology


def test_the_chronology_says_where_the_chain_does_not_hold(pages):
    """Verified when it is made: whoever reaches past the database's own guard is found out."""
    dsl = pages.as_("dsl1")
    assert "Verified when this was made" in dsl.get(f"{NOW}/chronology").text
    with pages.here.database.writing() as session:
        session.connection().exec_driver_sql("DROP TRIGGER event_never_updated")
        place = "(SELECT id FROM placement WHERE ref = 'V5RC-73' ORDER BY id LIMIT 1)"
        wanted = f"kind = 'assess_risk' AND placement_id = {place}"
        session.connection().exec_driver_sql(f"UPDATE event SET by = 'nobody' WHERE {wanted}")
    shown = dsl.get(f"{NOW}/chronology").text
    assert "The chronology does not hold" in shown and "changed: its content does not give its hash" in shown
    assert "Verified when this was made" not in shown
    with pages.here.database.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE event SET by = 'operator' WHERE {wanted}")


# -- for one's calendar


def meeting(pages, name):
    answer = pages.as_("clerk1").get(f"/placements/{REF}/reviews/{name}.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    made = Calendar.from_ical(answer.content)
    return made, made.walk("VEVENT")[0]


def test_a_meeting_in_a_calendar_tells_a_reference_and_a_time(pages):
    made, event = meeting(pages, "V5RC-73-r2")
    assert event["summary"] == "Meeting V5RC-73-r2"
    assert not {"location", "description", "attendee", "organizer", "url"} & {name.lower() for name in event}
    assert "Invented" not in made.to_ical().decode()
    assert event.decoded("dtstart").isoformat() == "2026-12-30T16:00:00+00:00"
    assert (made["method"], event["status"], event["sequence"]) == ("PUBLISH", "CONFIRMED", 0)


def test_a_meeting_that_is_moved_and_then_cancelled_takes_its_own_place(pages):
    """The same UID, a higher SEQUENCE; on the other side of the clock change the London time is what was set."""
    say(pages, "schedule_review", "2026-11-25 09:00", review="spring", placement=REF, meets="2027-03-26 16:00")
    first = meeting(pages, "spring")[1]
    assert first.decoded("dtstart").isoformat() == "2027-03-26T16:00:00+00:00"
    say(pages, "move_review", "2026-11-25 09:10", review="spring", meets="2027-03-29 16:00")
    moved = meeting(pages, "spring")[1]
    assert moved.decoded("dtstart").isoformat() == "2027-03-29T16:00:00+01:00"
    say(pages, "cancel_review", "2026-11-25 09:20", review="spring")
    made, cancelled = meeting(pages, "spring")
    assert (made["method"], cancelled["status"]) == ("CANCEL", "CANCELLED")
    assert [each["sequence"] for each in (first, moved, cancelled)] == [0, 1, 2]
    assert first["uid"] == moved["uid"] == cancelled["uid"] and "spring" not in first["uid"]
    assert [str(zone["tzid"]) for zone in made.walk("VTIMEZONE")] == ["Europe/London"]


def test_a_meeting_without_a_time_is_a_day(pages):
    say(pages, "schedule_review", "2026-11-25 09:00", review="day", placement=REF, meets="2027-04-19")
    assert meeting(pages, "day")[1].decoded("dtstart") == date(2027, 4, 19)
