"""The PDF of a document: tagged, a foot on every page, heads of tables repeated; made from its HTML alone."""

import io
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from offsite.case.case import MarkRow
from offsite.letters.packs.review_pack import draft_review_pack
from offsite.letters.pdf import as_pdf
from offsite.letters.prescribed.invitation import draft_invitation
from offsite.letters.records.chronology import Entry, Verified, chronology_record

HEAD = "entry 120, " + "0123456789abcdef" * 4
FRI_27_NOV = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture
def invitation(case, texts, at):
    return draft_invitation(case, "r1", "parent", texts, at, HEAD)


def read(html):
    return PdfReader(io.BytesIO(as_pdf(html)))


def tags(reader):
    """Every structure element: its type and the element itself."""
    queue, found = [reader.trailer["/Root"]["/StructTreeRoot"]], []
    while queue:
        element = queue.pop(0).get_object()
        if isinstance(element, dict):
            if "/S" in element:
                found.append((element["/S"], element))
            inner = element.get("/K", [])
            inner = inner.get_object() if hasattr(inner, "get_object") else inner
            queue.extend(inner if isinstance(inner, list) else [inner] if isinstance(inner, dict) else [])
    return found


def words(page):
    return " ".join(page.extract_text().split())


def test_a_pdf_is_tagged_and_says_its_title_and_language(invitation):
    """PDF/UA-1."""
    reader = read(invitation.html)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Invitation to a review (p1)"
    assert reader.metadata.author == "Hilltop School"
    assert b"pdfuaid:part" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()


def test_headings_lists_and_tables_are_tagged_as_such(invitation):
    kinds = [kind for kind, _ in tags(read(invitation.html))]
    assert kinds.count("/H1") == 1
    assert {"/H2", "/P", "/L", "/LI", "/Table", "/TR", "/TH", "/TD"} <= set(kinds)


def test_each_cell_of_a_table_names_its_heads(case, at):
    """For whoever hears it: from a cell back to the head of its column and of its row."""
    entries = [Entry(1, "Monday 2 November 2026", "mark", "att1", "")]
    found = tags(read(chronology_record(case, entries, Verified(1, 1, []), at, HEAD).html))
    cells = [element for kind, element in found if kind == "/TD"]
    assert cells and all(len(cell["/A"]["/Headers"]) == 2 for cell in cells)


def test_every_page_bears_its_number_the_reference_and_the_head_of_the_chronology(invitation):
    pages = read(invitation.html).pages
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        said = words(page)
        assert f"Page {number} of 3" in said
        assert "Reference p1." in said
        assert "0123456789abcdef" * 4 in said.replace(" ", "")
    assert sum("Reference p1. Drafted" in words(page) for page in pages) == 3  # the foot of the screen is not printed as well
    assert all(words(page).count("chronology entry 120") == 1 for page in pages)


def test_a_table_over_several_pages_repeats_its_heads(case, at):
    entries = [Entry(n, "Monday 2 November 2026", "mark", "att1", "") for n in range(1, 101)]
    pages = read(chronology_record(case, entries, Verified(1, 100, []), at, HEAD).html).pages
    assert len(pages) > 2
    assert all("Entry Happened What By Note" in words(page) for page in pages)


def test_no_heading_stands_alone_at_the_foot_of_a_page(invitation):
    """A heading keeps to what it heads."""
    for page in read(invitation.html).pages[:-1]:
        lines = [
            line for line in page.extract_text().splitlines() if line and not line.startswith(("Reference", "Page", "0123"))
        ]
        assert lines[-1] not in ("Agenda", "Enclosed", "Attend, or write", "Asking for a review", "Where to get advice")


def test_the_chart_has_words_for_screen_readers(case, texts):
    case.provider_marks = {(date(2026, 11, 16), "am"): MarkRow(1, 1, "/", False, False)}
    found = tags(read(draft_review_pack(case, "r1", texts, FRI_27_NOV, HEAD).html))
    [figure] = [element for kind, element in found if kind == "/Figure"]
    assert figure["/Alt"].startswith("Attendance week by week, both registers together. week of 16 November: 1 of 1 (100 %)")


def test_a_pdf_fetches_nothing(invitation):
    """A document refers to nothing outside itself, so that making it can tell nobody of it."""
    made = as_pdf(invitation.html.replace("<main>", '<main><img alt="x" src="http://127.0.0.1:9/x.png">'))
    assert b"/Subtype /Image" not in made
