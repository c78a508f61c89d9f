"""Letters to parents are in plain English: their reading age is measured, and the test fails above the line.

The measure is the Flesch-Kincaid grade: it asks for short words and short sentences, which is what a writer can change. The
line is ours: grade 6, a reading age of about 11 (grade and five), and no sentence of more than 25 words. Sentences of fewer
than five words are left out, so that they cannot make up for hard ones. Measured are the sentences that are ours, and the
invented reasons in them. Not measured are names that nobody may shorten: of laws, of people
and places, of advice services. Data are the demonstration's, which are invented, and an invented letter of each other kind.
"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import readability
from sqlalchemy import select

from models.encrypted_text import Texts
from models.placement import Placement
from models.pupil import Parent
from models.school import School, SchoolDetails
from offsite.case.governors.reviews import reviews
from offsite.case.loading import load_cases, load_school
from offsite.casework.keeping import demonstration
from offsite.casework.keeping.installation import Installation
from offsite.casework.replay.scenario import moment
from offsite.cli.setting_up import TOML
from offsite.letters.common import LAW
from offsite.letters.prescribed.invitation import draft_invitation
from offsite.letters.prescribed.notice import draft_notice
from offsite.letters.prescribed.outcome import draft_outcome

GRADE, SHORTEST, LONGEST = 6, 5, 25
NOW = moment("2026-11-25 10:20")
NAMES = {
    re.escape(LAW): "the law",
    re.escape("Invented Park School (a demonstration)"): "the school",
    r"Invented (Workshop|College|Tuition|Pupil Referral Unit)": "the centre",
    r"Invented (Pupil|Parent) \d+": "Sam",
    r"Invented Person Four, clerk to the [a-z ]+ \(.*?\)": "the clerk",
    r"Hilltop School|The Workshop": "the school",
    r"Chris Moss, clerk to the [a-z ]+ \(.*?\)": "the clerk",
    "Ana Brook|Mo Brook": "Sam",
}


def sentences(text):
    """The sentences of a letter that are its own: no headings, facts by name, items of lists, addresses or foot."""
    body = text.split("----")[0]
    for name, plain in NAMES.items():
        body = re.sub(name, plain, body)
    lines = [
        line for line in body.splitlines() if line.endswith((".", "?")) and not re.match(r"- |\d+\. |[A-Z][a-z ]+: ", line)
    ]
    return [each for line in lines for each in re.split(r"(?<=[.?])\s+", line) if len(each.split()) >= SHORTEST]


def grade(found):
    tokens = "\n".join(" ".join(re.findall(r"[\w'’-]+|[.,?:;()]", each)) for each in found)
    return readability.getmeasures(tokens, lang="en")["readability grades"]["Kincaid"]


def letters_of(case, texts, at, kind="parent"):
    yield "notice", draft_notice(case, texts, at)
    for meeting in reviews(case):
        yield "invitation", draft_invitation(case, meeting.name, kind, texts, at)
        if meeting.decision is not None:
            yield "outcome", draft_outcome(case, meeting.name, texts, at)


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory):
    """Every letter of the demonstration, drafted: kind and text."""
    here = Installation.create(tmp_path_factory.mktemp("plain"), TOML.format(urn=demonstration.URN, demo="true"))
    demonstration.load(here, NOW)
    with here.database.reading() as session:
        school = load_school(session, session.scalars(select(School.id)).one())
        texts = Texts(session, here.key_file, school.id)
        cases = load_cases(session, school, session.scalars(select(Placement.id)).all())
        found = [(kind, letter.text) for case in cases for kind, letter in letters_of(case, texts, NOW)]
    here.database.close()
    return found


def hard(text):
    found = sentences(text)
    assert len(found) > 5, text
    return {"grade": grade(found), "long": [each for each in found if len(each.split()) > LONGEST]}


@pytest.mark.parametrize("kind", ["notice", "invitation", "outcome"])
def test_a_letter_of_the_demonstration_can_be_read_at_eleven(demonstrated, kind):
    texts = [text for found, text in demonstrated if found == kind]
    assert len(texts) > 5
    for text in texts:
        found = hard(text)
        assert found["grade"] <= GRADE, (found["grade"], sentences(text))
        assert found["long"] == []


OTHERS = {
    "to a pupil of 18": lambda case, born: (replace(case, pupil=born(date(2008, 11, 4))), datetime(2026, 11, 4, 9, tzinfo=UTC)),
    "of an academy before the law bound it": lambda case, born: (case, datetime(2026, 7, 24, 9, tzinfo=UTC)),
    "under the law of 2010": lambda case, born: (case, datetime(2011, 11, 4, 9, tzinfo=UTC)),
}


@pytest.mark.parametrize("which", OTHERS)
def test_every_other_wording_can_be_read_at_eleven(case, texts, pupil_born, which):
    other, at = OTHERS[which](case, pupil_born)
    details = case.school.rows.of(SchoolDetails)[0]
    if "academy" in which:
        details.kind, details.from_day = "academy", date(2025, 9, 1)
    if not other.pupil.rows.of(Parent)[0].language:
        other.pupil.rows.of(Parent)[0].language = "Polish"
    for _, letter in letters_of(other, texts, at, "pupil" if "18" in which else "parent"):
        found = hard(letter.text)
        assert found["grade"] <= GRADE, (found["grade"], sentences(letter.text))
        assert found["long"] == []


def test_the_measure_fails_what_is_hard_to_read():
    """The sentence the notice had before it was rewritten."""
    old = (
        "The governing body of the school keeps the direction under which Sam attends the centre under review, and must "
        "then hold one as soon as it reasonably can, unless one was held in the ten weeks before you asked."
    )
    found = sentences("\n".join([old] * 6))
    assert grade(found) > GRADE
    assert all(len(each.split()) > LONGEST for each in found)
