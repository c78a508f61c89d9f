"""The invitation to a governor review: every field an invitation must have."""

from dataclasses import replace
from datetime import date, time

import pytest

from models.review import Nomination, Review
from models.school import LetterWording
from offsite.letters.prescribed.invitation import draft_invitation

INVITEES = ("parent", "provider", "head", "representative", "local_authority")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("Day: Monday 30 November 2026", id="day of the meeting"),
        pytest.param("You may attend the meeting, or send your views in writing before it", id="attend or write"),
        pytest.param("arrive by Friday 27 November 2026", id="latest day for views: the last school day before"),
        pytest.param("If the time does not suit you", id="another time"),
        pytest.param("1. Who is here", id="agenda"),
        pytest.param("- the plan and its objectives", id="enclosures"),
        pytest.param("For the governing body: Gwen Ford", id="representative"),
        pytest.param("You have the right to ask for a review", id="right to ask"),
        pytest.param("SENDIASS", id="advice"),
        pytest.param("Your views for the review on Monday 30 November 2026", id="form for views, as enclosed"),
    ],
)
def test_an_invitation_says(case, texts, at, said):
    assert said in draft_invitation(case, "r1", "parent", texts, at).text


def test_the_time_is_printed_where_the_review_has_one(case, texts, at, changed):
    letter = draft_invitation(changed(case, Review, meets_at=time(15, 30)), "r1", "parent", texts, at)
    assert "Time: 3:30pm" in letter.text
    assert "time of the meeting" not in letter.missing


def test_the_place_is_the_review_s_own_else_the_school_s(case, texts, at, changed, row):
    case.school.rows._rows[LetterWording] = [row(LetterWording, block="meeting_place", text="The library\nHilltop School")]
    assert "Place: The library, Hilltop School" in draft_invitation(case, "r1", "parent", texts, at).text
    changed(case, Review, place="Room 4")
    assert "Place: Room 4" in draft_invitation(case, "r1", "parent", texts, at).text


def test_a_pupil_who_is_not_the_relevant_person_can_be_invited_by_name(case, texts, at):
    assert "Dear Ana Brook" in draft_invitation(case, "r1", "pupil", texts, at).text


def test_a_meeting_without_time_or_place_is_shown_as_incomplete(case, texts, at):
    """Nobody can attend a meeting without knowing when and where."""
    letter = draft_invitation(case, "r1", "parent", texts, at)
    assert letter.missing == ("time of the meeting", "place of the meeting, or how to join it")


@pytest.mark.parametrize("kind", INVITEES)
def test_every_invitee_of_reg_5_is_told_to_attend_or_write(case, texts, at, kind):
    letter = draft_invitation(case, "r1", kind, texts, at)
    assert letter.subject == f"r1 {kind}"
    assert "Attend, or write" in letter.text
    assert "<h2>Attend, or write</h2>" in letter.html


def test_only_the_family_is_offered_another_time(case, texts, at):
    """Reg 5(2): suitable for the relevant person so far as practicable."""
    assert "does not suit" not in draft_invitation(case, "r1", "provider", texts, at).text


def test_an_unnamed_representative_is_missing_from_their_own_invitation(case, texts, at, without):
    letter = draft_invitation(without(case, Nomination), "r1", "representative", texts, at)
    assert "name of the representative of the board" in letter.missing


def test_a_pupil_of_18_is_invited_as_you(case, texts, at, pupil_born):
    adult = replace(case, pupil=pupil_born(date(2008, 11, 4)))
    assert "You attend The Workshop under an off-site direction" in draft_invitation(adult, "r1", "pupil", texts, at).text


def test_an_unknown_review_is_an_error(case, texts, at):
    with pytest.raises(KeyError):
        draft_invitation(case, "r9", "parent", texts, at)
