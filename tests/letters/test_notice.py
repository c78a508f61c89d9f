"""The notice: the five prescribed items of reg 3(4), and everything of domain.md 11 beside them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models.encrypted_text import KeyFile, Texts, TextUnreadable
from models.placement import Determination, Notice, Terms
from models.plan import Objective
from models.review import Review
from models.school import LetterWording, SchoolDetails
from offsite.case.case import RowsByTable
from offsite.letters.prescribed.notice import PRESCRIBED, draft_notice


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("The Workshop, 4 Mill Lane", id="address"),
        pytest.param("Lee Park", id="person to report to"),
        pytest.param("30 school days, counted from Monday 16 November 2026", id="number of days"),
        pytest.param("the last of them Friday 8 January 2027", id="last day"),
        pytest.param("repeated disruption", id="reasons"),
        pytest.param("Uses a calm-down plan", id="objectives"),
        pytest.param(
            "Monday to Friday: two sessions, the morning starts at 8:45am, the break is from 12:15pm to 1:10pm, "
            "the afternoon ends at 3:15pm",
            id="session times",
        ),
        pytest.param("decided this on Tuesday 3 November 2026. The decision is in minute 2026/14", id="determination"),
        pytest.param("Mo Brook, 9 Mill Lane", id="recipient"),
        pytest.param("by first-class post", id="method"),
        pytest.param("Proof", id="proof"),
        pytest.param("Getting there", id="transport"),
        pytest.param("Meals", id="meals"),
        pytest.param("The first review is set for Monday 30 November 2026", id="first review"),
        pytest.param("You have the right to ask for a review", id="how to ask"),
        pytest.param("Chris Moss, clerk to the governing body", id="contact"),
        pytest.param("SENDIASS", id="advice"),
        pytest.param("under section 29A of the Education Act 2002", id="law"),
        pytest.param("Reference p1", id="reference"),
        pytest.param("chronology entry 12, abc", id="head of the chronology"),
    ],
)
def test_a_notice_says(case, texts, said, at):
    """Both forms say it; HTML escapes nothing these words hold."""
    letter = draft_notice(case, texts, at, "entry 12, abc")
    assert said in " ".join(letter.text.split())
    assert said in " ".join(letter.html.split())


@pytest.mark.parametrize(
    ("fields", "item"),
    [
        pytest.param({"site": "elsewhere"}, "address", id="address"),
        pytest.param({"report_to": None}, "person to report to", id="report to"),
        pytest.param({"reasons": None}, "reasons", id="reasons"),
        pytest.param({"session_times": {"am": ["09:00"]}}, "session times", id="session times"),
    ],
)
def test_a_prescribed_item_that_is_not_on_record_is_shown_and_listed(case, texts, at, changed, fields, item):
    """Reg 3(4): a notice that lacks one would be incomplete, so nobody may overlook it."""
    letter = draft_notice(changed(case, Terms, **fields), texts, at)
    assert letter.missing == (item,)
    assert f"[to be completed: {item}]" in letter.text
    assert f"[to be completed: {item}]" in letter.html


def test_a_notice_before_any_plan_lacks_objectives(case, texts, at, without):
    """Reg 3(4)(d): reasons and objectives."""
    letter = draft_notice(without(case, Objective), texts, at)
    assert letter.missing == ("objectives",)
    assert "[to be completed: objectives]" in letter.text


def test_a_complete_record_leaves_nothing_prescribed_missing(case, texts, at):
    """Transport and meals are not on record here, so they stay for a person to fill in. The law does not ask for them."""
    letter = draft_notice(case, texts, at)
    assert letter.missing == ()
    assert letter.to_complete == (
        "how the pupil travels, and who pays", "what the pupil eats at midday, free school meals too"
    )  # fmt: skip


def test_transport_and_meals_are_the_placement_s_own_else_the_school_s(case, texts, at, changed, row):
    case.school.rows._rows[LetterWording] = [row(LetterWording, block="transport", text="By the school's bus")]
    changed(case, Terms, meals=texts.seal("Free school meals, at the provider", 1))
    letter = draft_notice(case, texts, at)
    assert "Getting there\nBy the school's bus\n" in letter.text
    assert "Meals\nFree school meals, at the provider\n" in letter.text
    assert letter.to_complete == ()


@pytest.mark.parametrize(("item", "said"), PRESCRIBED.items())
def test_a_notice_that_left_an_item_out_is_drafted_as_it_was_given(case, texts, at, item, said):
    """Reg 3(4): what it left out stands on it, in its place and before all else."""
    letter = draft_notice(case, texts, at, omitted=[item])
    assert f"leaves out what the law prescribes: {said}." in letter.text
    assert f"[left out of this letter as it was given: {said}]" in letter.text
    assert letter.digest != draft_notice(case, texts, at).digest


def test_how_the_notice_was_given_is_printed_once_it_is_on_record(case, texts, at, row):
    """domain.md 11: recipients, method and proof. By post it is given two working days later."""
    given = {"recipient": "parent:ana-m", "method": "post", "sent_on": date(2026, 11, 5), "given_on": date(2026, 11, 9)}
    case.rows._rows[Notice] = [row(Notice, omitted=[], start=date(2026, 11, 16), days=30, **given)]
    table = draft_notice(case, texts, at).text.split("How this notice was given")[1]
    assert "Mo Brook | by first-class post | posted Thursday 5 November 2026, given Monday 9 November 2026 | entered" in table


def test_until_it_is_given_method_and_proof_are_left_to_be_filled_in(case, texts, at):
    assert "Mo Brook, 9 Mill Lane | by hand / by e-mail / through" in draft_notice(case, texts, at).text


def test_a_notice_promises_neither_a_longest_stay_nor_an_appeal(case, texts, at):
    """There is no fixed maximum and no right of appeal: to speak of either would mislead."""
    words = draft_notice(case, texts, at).text.lower()
    assert "appeal" not in words
    assert "maximum" not in words


def test_from_the_18th_birthday_the_notice_goes_to_the_pupil(case, texts, at, pupil_born):
    """Reg 2: the relevant person is the pupil from that day on."""
    letter = draft_notice(replace(case, pupil=pupil_born(date(2008, 11, 4))), texts, at)
    assert "Dear Ana Brook" in letter.text
    assert "Mo Brook" not in letter.text


def test_the_authority_of_an_ehc_plan_is_a_recipient(case, texts, at, pupil_born):
    """Reg 3(3)(b)."""
    letter = draft_notice(replace(case, pupil=pupil_born(date(2011, 5, 4), ehc_plan=True)), texts, at)
    assert "- Buckinghamshire local authority\n" in letter.text


def test_an_academy_before_26_july_2026_keeps_to_the_law_as_good_practice(case, texts):
    """domain.md 2: osd-2013 did not bind academies."""
    details = case.school.rows.of(SchoolDetails)[0]
    details.kind, details.from_day = "academy", date(2025, 9, 1)
    letter = draft_notice(case, texts, datetime(2026, 7, 24, 9, tzinfo=UTC))
    assert "as good practice" in letter.text
    assert "board of the academy trust" in letter.text


def test_without_a_review_in_the_diary_the_notice_says_by_when_the_first_is_meant(case, texts, at, without):
    """Four school weeks from Monday 16 November 2026."""
    letter = draft_notice(without(case, Review), texts, at)
    assert "meant to be held by Monday 14 December 2026" in letter.text


def test_a_calendar_that_is_too_short_gives_no_last_day(case, texts, at, changed):
    """The number of days is prescribed, its last day is not; a guess would be worse than silence."""
    letter = draft_notice(changed(case, Determination, days=300), texts, at)
    assert "300 school days, counted from Monday 16 November 2026\n" in letter.text


def test_the_same_facts_have_the_same_digest_on_any_day_and_other_facts_another(case, texts, at, changed):
    """So that a flow that runs twice files a draft once."""
    first = draft_notice(case, texts, at, "entry 1, a")
    assert draft_notice(case, texts, datetime(2026, 11, 5, 9, tzinfo=UTC), "entry 2, b").digest == first.digest
    assert draft_notice(changed(case, Terms, report_to="Sam Hill"), texts, at).digest != first.digest


def test_a_lost_key_is_an_error_not_an_empty_letter(case, texts, at):
    """A notice without its reasons must never leave by mistake."""
    with pytest.raises(TextUnreadable):
        draft_notice(case, Texts(texts._session, KeyFile(None, "gone"), 1), at)


def test_words_of_people_are_escaped_in_html(case, texts, at, changed):
    """A reason may hold any sign."""
    letter = draft_notice(changed(case, Terms, reasons=texts.seal("<b>loud</b> & late", 1)), texts, at)
    assert "&lt;b&gt;loud&lt;/b&gt; &amp; late" in letter.html
    assert "<b>loud</b> & late" in letter.text


def test_one_session_a_day_states_its_start_and_end(case, texts, at, changed):
    """Reg 3(4)(e)."""
    letter = draft_notice(changed(case, Terms, sessions={"mon": ["am"], "tue": ["am"], "thu": ["pm"]}), texts, at)
    assert "Monday and Tuesday: one session, from 8:45am to 12:15pm" in letter.text
    assert "Thursday: one session, from 1:10pm to 3:15pm" in letter.text


def test_no_contact_and_no_parent_are_left_to_be_completed(case, texts, at):
    """An empty role or family never shortens the letter."""
    case.pupil.rows._rows = {t: r for t, r in case.pupil.rows._rows.items() if t.__name__ != "Parent"}
    letter = draft_notice(replace(case, pupil=replace(case.pupil, rows=RowsByTable(case.pupil.rows._rows))), texts, at)
    assert "the parent to be given the notice" in letter.missing
