"""Two schools full of look-alikes in one installation: no row, count, hit, document or message of one is seen at the other.

What somebody is shown is held against what they are shown in an installation of their school alone: but for what is made up
anew each time it must be the same, to the letter. What an authority's officer sees at two schools is the one exception.
"""

import difflib
import re

import pytest
from sqlalchemy import select

from models.account import Membership
from models.placement import Document, Placement
from models.school import School

HERE, ELSEWHERE = "999001", "999003"
PATHS = {
    "dsl1": """
        / /dsl /dsl/unconfirmed /dsl/unconfirmed.csv /dsl/cannot-tell.csv /head.csv /attendance /attendance.csv
        /placements /placements.csv?closed=true /placements/H8JE-66 /placements/V5RC-73 /placements/V5RC-73/chronology
        /placements/V5RC-73/concerns /placements/V5RC-73/contacts
        /placements/N5XB-20 /placements/H8JE-66/documents/now/review_pack /placements/H8JE-66/documents/now/chronology
        /alerts /alerts.csv /concerns/V5RC-73-c1 /concerns/N5XB-20-c1 /people /people.csv /people/att1/account
        /people/att9/account /pupils /pupils.csv?q=pupil /account /providers.csv /providers/workshop /providers/farm
        /health /settings
        /looks.csv /looks/broken-glass.csv /search?q=oTHe /search?q=inv /search?q=H8JE
        /search?q=H8JE-66-r1 /search?q=V5RC-73-c1 /search?q=N5XB /search.csv?q=c1
        /do/hand_over?alert={alert} /do/propose_placement /do/raise_concern /do/cover /do/record_contact?placement=N5XB-20
        /close-day /correct/20 /done/20
    """,
    "head1": """
        / /head /head.csv /clerk /clerk.csv /clerk/requests.csv /alerts.csv /placements/V5RC-73 /concerns/V5RC-73-c1
        /documents/inspection-sheet /search.csv?q=5 /done/7
    """,
    "att1": "/ /attendance /attendance.csv /placements.csv?closed=true /alerts.csv /search.csv?q=5 /providers.csv /pupils.csv",
    "prov1": "/ /provider /placements.csv /placements/C4WN-52 /alerts.csv /search.csv?q=5 /do/raise_concern /close-day",
    "la1": "/ /authority /authority.csv /authority/counts.csv /placements.csv /placements/T6MG-45 /alerts.csv",
}
AT_API = {
    "dsl1": """
        me this-session cannot-tell concerns/V5RC-73-c1 concerns/N5XB-20-c1 looks broken-glass placements?closed=true
        placements/H8JE-66 placements/N5XB-20 placements/H8JE-66/chronology placements/H8JE-66/documents
        placements/H8JE-66/documents/now/chronology placements/H8JE-66/reviews/H8JE-66-r1/documents/review_pack
        alerts search?q=inv search?q=othe search?q=N5XB people providers providers/workshop providers/farm settings health
        rules law
    """,
    "clerk1": "duties requests",
    "senco1": "plans",
    "la1": "counts placements alerts",
    "att1": "registers/2026-11-24 search?q=5",
    "prov1": "registers/2026-11-24/own placements alerts",
}
MADE_ANEW = re.compile(
    r"""(?<=name="csrf"\ value=")[^"]*|(?<=name="key"\ value=")[^"]*            # of each form
    |(?<=name="concern"\ value=")[^"]{7}(?=")|(?<=name="placement"\ value=")[^"]{7}(?=")   # what a form would make
    |\bA-[0-9A-Z]{6}\b|\b[0-9a-f]{16}(?:[0-9a-f]{48})?\b                    # alerts; hashes, also as they are shortened
    |/[^ ]*/(?:together|alone)\d+/                                             # where an installation lies
    |(?<=/sessions/)\d+|(?<="number":)\d+(?=,"kind":"\w+","subject")|(?<=data-mark=")[^"]*""",  # row numbers
    re.X,
)
"""What is made up anew each time, or counts through an installation and says nothing."""


@pytest.fixture(scope="module", params=[(HERE, "otherplace"), (ELSEWHERE, "invented")], ids=["here", "elsewhere"])
def alone(request, installed, pages_class, tmp_path_factory):
    """One of the schools, a word of the other, and the pages of an installation of that school alone."""
    urn, foreign = request.param
    with installed(tmp_path_factory.mktemp("alone"), urn) as here:
        yield urn, foreign, pages_class(here)


def compared(together, by_itself, foreign, path):
    """What differs in an answer from what the school would be told if it were alone."""
    found, wanted = (who.get(path.format(alert=first_alert(who))) for who in (together, by_itself))
    assert found.status_code == wanted.status_code, path
    assert foreign not in found.text.replace('value="oTHe"', "").lower(), path
    found, wanted = (MADE_ANEW.sub("", answer.text).splitlines() for answer in (found, wanted))
    return [f"{path}: {line[:400]}" for line in difflib.unified_diff(wanted, found, lineterm="", n=0)]


def first_alert(who):
    return next(iter(re.findall(r"^A-\w+", who.get("/alerts.csv").text, re.M)), "none")


@pytest.mark.parametrize("ref", PATHS)
def test_every_page_is_as_if_the_school_were_alone(pages, alone, ref):
    urn, foreign, by_itself = alone
    one, other = pages.as_(ref, urn), by_itself.as_(ref, urn)
    assert "\n".join(line for path in PATHS[ref].split() for line in compared(one, other, foreign, path)) == ""


@pytest.mark.parametrize("ref", AT_API)
def test_every_answer_is_as_if_the_school_were_alone(pages, alone, ref):
    urn, foreign, by_itself = alone
    one, other = pages.api(ref, urn), by_itself.api(ref, urn)
    assert "\n".join(line for path in AT_API[ref].split() for line in compared(one, other, foreign, f"/api/{path}")) == ""


@pytest.mark.parametrize("what", ["placements/N5XB-20", "concerns/N5XB-20-c1", "providers/farm"])
def test_what_only_one_school_has_is_on_record_there_and_nowhere_else(pages, what):
    assert pages.api("dsl1", ELSEWHERE).get(f"/api/{what}").status_code == 200
    assert pages.api("dsl1", HERE).get(f"/api/{what}").status_code == 404
    assert pages.as_("dsl1", HERE).get(f"/{what}").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{"placement": "nowhere"}, {"placement": "H8JE-66", "reason": ""}, {"placement": "N5XB-20", "reason": "a worry"}],
    ids=["not on record", "no reason", "on record elsewhere"],
)
def test_a_command_says_nothing_of_the_other_school(pages, fields):
    """Nor does a refusal list what is on record there, or differ from one of what is on record nowhere."""
    answer = pages.api("dsl1").post("/api/do/put_on_hold", json={"fields": fields})
    assert answer.status_code in (404, 422)
    assert "otherplace" not in answer.text.lower() and ELSEWHERE not in answer.text


def test_an_alert_of_the_other_school_is_not_on_record(pages):
    theirs = {row["alert"] for row in pages.api("dsl1", ELSEWHERE).get("/api/alerts").json()["rows"]}
    ours = pages.as_("dsl1")
    assert theirs
    for ref in theirs:
        assert ours.get(f"/alerts/{ref}").status_code == 404
        assert ours.get(f"/do/acknowledge?alert={ref}").status_code == 404
        assert pages.api("dsl1").get(f"/api/alerts/{ref}").status_code == 404


def test_a_document_filed_at_the_other_school_is_not_on_record(pages, two_schools):
    with two_schools.database.reading() as session:
        wanted = select(Document.id).join(Placement, Placement.id == Document.placement_id)
        theirs = session.scalars(wanted.join(School, School.id == Placement.school_id).where(School.urn == ELSEWHERE)).all()
    ours = pages.as_("dsl1")
    assert theirs
    for number in theirs:
        assert ours.get(f"/placements/H8JE-66/documents/filed/{number}").status_code == 404


def test_counts_are_of_one_school(pages):
    one, other = (pages.api("dsl1", urn).get("/api/placements").json()["total"] for urn in (HERE, ELSEWHERE))
    assert (one, other) == (11, 12)


@pytest.fixture
def officer(pages, two_schools):
    """An officer of the authority who acts at both schools, signed in for the first."""
    found = pages.as_("la1")
    with two_schools.database.writing() as session:
        first, second = (pages.person(session, "la1", urn) for urn in (HERE, ELSEWHERE))
        account = session.scalars(select(Membership.account_id).where(Membership.person_id == first.id)).one()
        both = Membership(account_id=account, person_id=second.id)
        session.add(both)
    yield found
    with two_schools.database.writing() as session:
        session.delete(both)


def test_an_officers_row_of_another_school_opens_that_schools_child_and_no_other(officer):
    """T6MG-45 names a child at either school, N5XB-20 one at the second only: neither is looked for at the first."""
    text = officer.get("/authority").text
    assert re.findall(r'href="/placements/([^"]+)"', text) == ["T6MG-45"]
    sent = [dict(re.findall(r'name="([^"]+)" value="([^"]+)"', form)) for form in re.findall(r"<form.*?</form>", text, re.S)]
    elsewhere = {form["next"].removeprefix("/placements/"): form for form in sent if "person" in form}
    assert set(elsewhere) == {"T6MG-45", "N5XB-20"}
    for ref, form in elsewhere.items():
        answer = officer.client.post("/sign-in/as", data=form)
        shown = officer.get(answer.headers["location"])
        assert shown.status_code == 200 and ref in shown.text
        assert "Otherplace Pupil" in shown.text and "Invented Pupil" not in shown.text
    assert re.findall(r'href="/placements/([^"]+)"', officer.get("/authority").text) == ["N5XB-20", "T6MG-45"]


def test_an_officer_is_led_to_no_other_site(officer):
    form = {"person": re.findall(r'name="person" value="(\d+)"', officer.get("/authority").text)[0]}
    answer = officer.post("/sign-in/as", page="/authority", next="//elsewhere.example/", **form)
    assert answer.headers["location"] == "/"


def test_a_form_opened_at_one_school_writes_nothing_at_another(officer, pages):
    """Two tabs of one session: in one the officer asks for a review of T6MG-45, in the other has meanwhile changed schools."""
    page = "/do/request_review?placement=T6MG-45"
    form = re.search(r'<form[^>]*action="/do/request_review".*?</form>', officer.get(page).text, re.S)[0]
    typed = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form)) | {"asked_by": "local_authority", "step": "record"}
    other = re.findall(r'name="person" value="(\d+)"', officer.get("/authority").text)[0]
    officer.post("/sign-in/as", page="/authority", person=other)
    answer = officer.client.post("/do/request_review", data=typed)
    assert answer.status_code == 409 and "opened at another school" in answer.text
    for urn in (HERE, ELSEWHERE):
        asked = pages.api("clerk1", urn).get("/api/requests").json()["rows"]
        assert "T6MG-45" not in [row["placement"] for row in asked]
