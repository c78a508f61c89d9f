"""Records: every field of domain.md 11, printed where it is on record and said to be missing where it is not."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models.attendance import Visit
from models.placement import Closure, Registration, ReturnCheck, ReturnPlan, ReturnStep, Start, StatutoryStep
from models.provider import ProviderDetails
from offsite.case.statutory_clock import deadlines
from offsite.letters.records.chronology import Entry, Verified, chronology_record
from offsite.letters.records.clock_proof import clock_proof
from offsite.letters.records.closure import closure_record
from offsite.letters.records.inspection import inspection_sheet
from offsite.letters.records.return_plan import reintegration_plan
from offsite.letters.records.visits import SEEN, visit_record

FRI_18_DEC = datetime(2026, 12, 18, 16, tzinfo=UTC)


# -- visits


def test_a_visit_says_all_that_was_seen_and_what_was_not_is_said_too(case, texts, at, row):
    seen = {part: texts.seal(f"words on {part}", 1) for part in SEEN if part != "premises"}
    case.rows._rows[Visit] = [row(Visit, **seen)]
    said = visit_record(case, texts, at).text
    for part, name in SEEN.items():
        assert f"{name}: {'Not on record.' if part == 'premises' else f'words on {part}'}" in said


def test_the_sheet_for_the_next_visit_asks_for_everything(case, texts, at):
    sheet = visit_record(case, texts, at).text.split("Sheet for the next visit")[1]
    assert all(f"\n{name}:" in sheet for name in ("Day and time", "Visited by", *SEEN.values()))


# -- the reintegration plan


def plan(row, texts, **more):
    given = {
        "return_on": date(2027, 1, 11), "support": [texts.seal("mentor on Mondays", 1)], "key_adult": "Sam Hill",
        "phases": [{"from": "2027-01-11", "to": "2027-01-22", "sessions": {"wed": ["am", "pm"], "mon": ["am"]}}],
        "worked": texts.seal("short tasks", 1), "risk": texts.seal("corridors", 1), "review_on": ["2027-01-15"],
        "step_back": texts.seal("two missed days", 1), "part_time_agreed_on": date(2026, 12, 17),
    }  # fmt: skip
    return row(ReturnPlan, **{**given, **more})


@pytest.mark.parametrize(
    "said",
    [
        "Day of return: Monday 11 January 2027",
        "Key adult: Sam Hill",
        "Monday 11 January 2027 | Friday 22 January 2027 | Monday morning; Wednesday morning and afternoon",
        "Agreed by the parent on Thursday 17 December 2026 (code C2).",
        "Review points: Friday 15 January 2027",
        "Support package\nmentor on Mondays",
        "What worked off-site\nshort tasks",
        "Risk plan\ncorridors",
        "Step-back rule\ntwo missed days",
    ],
)
def test_a_reintegration_plan_says(case, texts, at, row, said):
    case.rows._rows[ReturnPlan] = [plan(row, texts)]
    assert said in reintegration_plan(case, texts, at).text


def test_what_a_plan_lacks_is_left_to_be_completed(case, texts, at, row):
    bare = {"support": [], "key_adult": None, "worked": None, "risk": None, "review_on": None, "step_back": None,
            "part_time_agreed_on": None}  # fmt: skip
    case.rows._rows[ReturnPlan] = [plan(row, texts, **bare)]
    assert len(reintegration_plan(case, texts, at).to_complete) == 7


def test_a_part_time_timetable_nobody_agreed_to_is_no_timetable(case, texts, at, row):
    """Code C2 is for an agreed one."""
    case.rows._rows[ReturnPlan] = [plan(row, texts, part_time_agreed_on=None)]
    assert "[to be completed: the parent's agreement, without which" in reintegration_plan(case, texts, at).text
    case.rows._rows[ReturnPlan] = [plan(row, texts, part_time_agreed_on=None, phases=[])]
    assert "Part-time timetable: None planned." in reintegration_plan(case, texts, at).text


# -- closure


@pytest.fixture
def closed(case, row, texts):
    """Returned from a pupil referral unit on Friday 18 December; the census entry was ended, the file is still out."""
    details = row(ProviderDetails, from_day=date(2026, 9, 1), name="The Unit", kind="pru", urn="100009")
    case.provider.rows._rows[ProviderDetails] = [details]
    case.rows._rows |= {
        Start: [row(Start, datetime(2026, 11, 16, 9, tzinfo=UTC), gates_shut=[])],
        ReturnStep: [row(ReturnStep, datetime(2026, 12, 7, 9, tzinfo=UTC), begun=True)],
        ReturnCheck: [row(ReturnCheck, datetime(2026, 12, 21, 9, tzinfo=UTC), weeks=2)],
        Registration: [row(Registration, learned_on=date(2026, 11, 16), home_register_entered=True)],
        StatutoryStep: [row(StatutoryStep, FRI_18_DEC, kind="census_end"), row(StatutoryStep, FRI_18_DEC, kind="new_pupil")],
        Closure: [row(Closure, FRI_18_DEC, outcome="returned", report=texts.seal("settled well", 1))],
    }
    return case


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("Ending: Returned", id="reason"),
        pytest.param("Closed: Friday 18 December 2026", id="day"),
        pytest.param("Final report\nsettled well", id="final report"),
        pytest.param("Uses a calm-down plan | incidents a week | not assessed", id="objectives"),
        pytest.param("Census entry ended: Friday 18 December 2026", id="census end"),
        pytest.param("Dual registration ended: Not on record.", id="end of dual registration"),
        pytest.param("Pupil's file returned: Not on record.", id="file"),
        pytest.param("New pupil: Friday 18 December 2026", id="another step"),
        pytest.param("After 2 weeks: Monday 21 December 2026", id="a check that was made"),
        pytest.param("After 6 weeks: Not on record; due Monday 18 January 2027", id="a check to come"),
        pytest.param("The pupil's record: Sunday 4 May 2036", id="retention: the 25th birthday"),
        pytest.param("Entries in the registers: Saturday 18 December 2032", id="retention: six years"),
    ],
)
def test_a_closure_record_says(closed, texts, said):
    assert said in closure_record(closed, texts, FRI_18_DEC).text


def test_registration_and_file_do_not_arise_where_the_provider_is_no_school(case, texts, at):
    said = closure_record(case, texts, at).text
    assert "Dual registration ended: Does not arise: the provider is no school." in said
    assert "The placement is not closed." in said


# -- the statutory clock


def test_a_proof_names_each_day_counted_and_each_left_out_and_why(case, at):
    said = clock_proof(case, deadlines(case, at), at).text.split("Invitations of r1")[0]
    assert "Due: Wednesday 11 November 2026" in said  # careful: two clear school days before Monday 16 November
    assert "Last lawful day: Thursday 12 November 2026" in said
    assert "Days counted: Friday 13, Thursday 12 and Wednesday 11 November 2026" in said
    assert "Sunday 15 November 2026 (weekend)" in said
    assert "Source: SI 2010/1156 reg 3(2) (evidence: read)" in said


# -- the chronology

ENTRIES = [Entry(7, "Monday 2 November 2026", "propose placement", "clerk1", "")]


def test_a_chronology_says_what_was_verified_and_what_was_not(case, at):
    said = chronology_record(case, ENTRIES, Verified(7, 30, []), at).text
    assert "7 | Monday 2 November 2026 | propose placement | clerk1 |" in said
    assert "24 entries of the school's chronology, from entry 7, where this placement begins, to entry 30" in said
    assert "Earlier entries were not walked" in said


def test_a_chronology_that_does_not_hold_says_so_before_anything_else(case, at):
    letter = chronology_record(case, ENTRIES, Verified(7, 30, ["entry 9: changed"]), at)
    assert letter.text.index("The chronology does not hold. entry 9: changed.") < letter.text.index("CHRONOLOGY\n")
    assert "Verified when" not in letter.text
    assert 'role="alert"' in letter.html


# -- the inspection sheet


@pytest.fixture
def begun(case, row):
    """The direction, once its start is recorded."""
    case.rows._rows[Start] = [row(Start, datetime(2026, 11, 16, 9, tzinfo=UTC), gates_shut=[])]
    return case


def test_an_inspection_sheet_lists_nothing_as_in_use_before_its_start_is_recorded(case, texts, at):
    said = inspection_sheet(case.school, [case], texts, at).text
    assert "no placements at no providers" in said and "The Workshop" not in said and "Ana Brook" not in said


@pytest.mark.parametrize("day", [13, 17])
def test_an_inspection_sheet_tells_the_planned_day_of_a_start_on_another(begun, texts, at, row, day):
    begun.rows._rows[Start] = [row(Start, datetime(2026, 11, day, 9, tzinfo=UTC), gates_shut=[])]
    said = inspection_sheet(begun.school, [begun], texts, at).text
    assert f" {day} November 2026 (planned for Monday 16 November 2026)" in said


def test_an_inspection_sheet_names_each_provider_and_each_pupil_there(begun, texts, at):
    case = begun
    said = inspection_sheet(case.school, [case, replace(case, ref="p2")], texts, at).text
    for each in (
        "Inspection sheet of Hilltop School (URN 100001), Wednesday 4 November 2026: two placements at one provider",
        "The Workshop\nAddress: 4 Mill Lane",
        "Registration: Not registered as a school.",
        "URN: none",
        "Ana Brook | p1 | Improve behaviour. repeated disruption | Monday 16 November 2026 | 27 h 55 min",
        "Ana Brook | p2 |",
    ):
        assert each in said


def test_a_registered_provider_is_shown_with_its_number(begun, texts, at, row):
    case = begun
    details = row(ProviderDetails, from_day=date(2026, 9, 1), name="The Unit", kind="pru", urn="100009")
    case.provider.rows._rows[ProviderDetails] = [details]
    said = inspection_sheet(case.school, [case], texts, at).text
    assert "Kind: Pupil referral unit" in said
    assert "Registration: Registered as a school." in said
    assert "URN: 100009" in said
