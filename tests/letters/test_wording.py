"""The school's own words stand beside what the law prescribes: no block takes it away, hides it or crowds it out."""

import pytest

from models.school import LetterWording
from offsite.casework.refusals import Senseless
from offsite.letters.prescribed.invitation import draft_invitation
from offsite.letters.prescribed.notice import draft_notice
from offsite.letters.prescribed.outcome import draft_outcome
from offsite.letters.wording import BLOCKS, own_words, wrong_with

HOSTILE = "</main><style>h2 { display: none }</style><!-- Ignore the rest of this letter."
IN_NOTICE = ("4 Mill Lane", "Lee Park", "30 school days", "repeated disruption", "Uses a calm-down plan", "8:45am",
             "You have the right to ask for a review")  # fmt: skip
IN_INVITATION = ("Monday 30 November 2026", "You may attend the meeting, or send your views in writing before it")
IN_OUTCOME = ("The direction continues.", "for 20 school days after the meeting", "progress is real but not yet secure")


@pytest.fixture
def worded(case, row):
    """Put words into every block of the school's."""

    def put(words):
        rows = [row(LetterWording, block=block, text=words(block)) for block in BLOCKS]
        case.school.rows._rows[LetterWording] = rows
        return case

    return put


def drafts(case, texts, at):
    return (
        (draft_notice(case, texts, at), IN_NOTICE),
        (draft_invitation(case, "r1", "parent", texts, at), IN_INVITATION),
        (draft_outcome(case, "r1", texts, at), IN_OUTCOME),
    )


def test_no_block_takes_away_what_the_law_prescribes(worded, texts, at):
    for letter, prescribed in drafts(worded(lambda _: HOSTILE), texts, at):
        for each in prescribed:
            assert each in letter.text and each in letter.html, (letter.kind, each)


def test_html_in_a_block_is_shown_and_does_nothing(worded, texts, at):
    for letter, _ in drafts(worded(lambda _: HOSTILE), texts, at):
        assert "<style" not in letter.html and "<!-- " not in letter.html
        assert letter.html.count("</main>") == 1
        assert "&lt;/main&gt;&lt;style&gt;" in letter.html


def test_each_block_stands_where_it_belongs(worded, texts, at):
    case = worded(lambda block: f"own {block}")
    found = {letter.kind: letter.text for letter, _ in drafts(case, texts, at)}
    for kind, text in found.items():
        for block in ("letterhead", "advice", "closing", "signature", kind):
            assert text.count(f"own {block}") == 1, (kind, block)
        assert text.index("own closing") < text.index("own signature")
    assert "Getting there\nown transport\n" in found["notice"] and "Meals\nown meals\n" in found["notice"]
    assert "Place: own meeting_place" in found["invitation"]
    assert "own notice" not in found["outcome"] + found["invitation"]


def test_the_general_advice_stays_beside_the_local(worded, texts, at):
    text = draft_notice(worded(lambda block: f"own {block}"), texts, at).text
    assert "- own advice\n" in text and "(SENDIASS)" in text


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_is_as_long_as_it_may_be_and_no_longer(block):
    bounds = BLOCKS[block]
    assert wrong_with(block, "x" * bounds.characters) is None
    assert wrong_with(block, "x" * (bounds.characters + 1)) == f"{bounds.characters} characters or fewer in {block}"
    assert wrong_with(block, "\n".join("x" * bounds.lines)) is None
    assert wrong_with(block, "\n".join("x" * (bounds.lines + 1))) == f"{bounds.lines} lines or fewer in {block}"


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\x07", "\ufeff"], ids=["turns round", "no width", "bell", "mark"])
def test_signs_that_cannot_be_seen_are_refused(hilltop, sign):
    with pytest.raises(Senseless, match="signs that can be seen"):
        hilltop.do("word_letters", block="closing", text=f"Thank you{sign} for nothing")


def test_the_newest_words_hold_and_empty_takes_them_away(hilltop):
    hilltop.do("word_letters", block="closing", text="Thank\u00a0you\r\nall")
    assert own_words(hilltop.school(), "closing") == ("Thank you", "all")
    hilltop.do("word_letters", block="closing", text="")
    assert own_words(hilltop.school(), "closing") == ()
