"""The outcome of a review: every field of domain.md 11, the prescribed ones never lost."""

import pytest

from models.encrypted_text import KeyFile, Texts, TextUnreadable
from models.review import Decision, ReviewHeld
from offsite.letters.prescribed.outcome import draft_outcome


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("held a review on Monday 30 November 2026", id="day held"),
        pytest.param("The direction continues.", id="decision"),
        pytest.param("Period: for 20 school days after the meeting, the last of them Monday 11 January", id="period"),
        pytest.param("progress is real but not yet secure", id="reasons"),
        pytest.param("- Mo Brook\n- the headteacher", id="who came"),
        pytest.param("Views considered\n- Mo Brook", id="views considered"),
        pytest.param("The next review is meant to be held by", id="next review"),
        pytest.param("You have the right to ask for a review", id="right to ask"),
        pytest.param("- The Workshop\n", id="the provider is told"),
    ],
)
def test_an_outcome_says(case, texts, at, said):
    assert said in draft_outcome(case, "r1", texts, at).text


@pytest.mark.parametrize(
    ("fields", "item"),
    [
        pytest.param({"reasons": None}, "reasons", id="reasons"),
        pytest.param({"days": None, "until": None}, "period", id="period"),
    ],
)
def test_a_prescribed_item_that_is_not_on_record_is_shown_and_listed(case, texts, at, changed, fields, item):
    """Regs 4(1)(b), 6."""
    letter = draft_outcome(changed(case, Decision, **fields), "r1", texts, at)
    assert letter.missing == (item,)
    assert f"[to be completed: {item}]" in letter.text
    assert f"[to be completed: {item}]" in letter.html


@pytest.mark.parametrize("item", ["reasons", "period"])
def test_an_outcome_that_left_something_out_is_drafted_as_it_was_given(case, texts, at, item):
    letter = draft_outcome(case, "r1", texts, at, omitted=[item])
    assert f"leaves out what the law prescribes: {item}." in letter.text
    assert f"[left out of this letter as it was given: {item}]" in letter.text


def test_a_review_without_a_decision_lacks_decision_and_reasons(case, texts, at, without):
    assert draft_outcome(without(case, Decision), "r1", texts, at).missing == ("decision", "reasons")


def test_a_meeting_that_was_not_held_lacks_its_day(case, texts, at, without):
    assert "day of the meeting" in draft_outcome(without(case, ReviewHeld), "r1", texts, at).missing


def test_a_direction_that_ends_has_no_period_and_no_next_review(case, texts, at, changed):
    letter = draft_outcome(changed(case, Decision, decision="end", days=None), "r1", texts, at)
    assert letter.missing == ()
    assert "Period" not in letter.text
    assert "next review" not in letter.text


def test_views_received_that_the_decision_does_not_name_are_shown_as_such(case, texts, at, changed):
    """Reg 4(2): nobody may read that a view was considered which was not."""
    letter = draft_outcome(changed(case, Decision, views_considered=[]), "r1", texts, at)
    assert "does not say yet which were considered" in letter.text


def test_an_outcome_promises_neither_a_longest_stay_nor_an_appeal(case, texts, at):
    words = draft_outcome(case, "r1", texts, at).text.lower()
    assert "appeal" not in words
    assert "maximum" not in words


def test_a_lost_key_is_an_error(case, texts, at):
    with pytest.raises(TextUnreadable):
        draft_outcome(case, "r1", Texts(texts._session, KeyFile(None, "gone"), 1), at)
