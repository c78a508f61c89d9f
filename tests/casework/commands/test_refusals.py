"""Each refusal of the commands' table: it says why, and changes nothing."""

from datetime import date

import pytest
from pydantic import ValidationError

import models.tables
from offsite.casework.refusals import Conflict, Refused

NEXT = {"placement": "p1"}
PROPOSAL = {
    "placement": "p2", "pupil": "ana", "provider": "centre", "purpose": "improve_behaviour", "reasons": "r",
    "start": "2026-11-23", "days": 10, "sessions": "full_time",
}  # fmt: skip
PERSON = {"id": "x", "roles": ["dsl"], "name": "X"}
MARK = {**NEXT, "session": "am", "register": "provider", "code": "/", "day": "2026-11-16"}
OF_C1 = {"rule": "concern-raised", **NEXT, "subject": "c1"}

REFUSED = [
    ("add_person", "2026-11-10", {**PERSON, "id": "dsl1"}, "in use"),
    ("add_pupil", "2026-11-10", {"id": "ana", "name": "Ana"}, "in use"),
    ("change_person", "2026-11-10", {"person": "dsl1", "from": "2026-11-09", "roles": ["head"]}, "2026-11-10 or later"),
    ("add_person", "2026-11-10", {**PERSON, "roles": ["dsl", "provider"]}, "never both"),
    ("add_person", "2026-11-10", {**PERSON, "roles": ["local_authority", "governors"]}, "never both"),
    ("change_person", "2026-11-10", {"person": "dsl1", "roles": ["dsl", "provider"]}, "never both"),
    ("cover", "2026-11-10", {"role": "provider", "person": "dsl1", "from": "2026-11-10", "to": "2026-11-11"}, "never both"),
    ("change_settings", "2026-11-10", {"persistent": 11}, "Working together"),
    ("change_settings", "2026-11-10", {"persistant": 9}, "allowed"),
    ("propose_placement", "2026-11-10", {**PROPOSAL, "start": "2026-11-22"}, "weekend"),
    ("propose_placement", "2026-11-10", {**PROPOSAL, "start": "2026-12-25"}, "bank holiday"),
    ("propose_placement", "2026-11-10", {**PROPOSAL, "days": 0}, "greater than or equal to 1"),
    ("propose_placement", "2026-11-10", PROPOSAL, "live placement"),
    ("propose_placement", "2026-11-10", {**PROPOSAL, "pupil": "bob"}, "not on record"),
    ("propose_placement", "2026-11-10", {**PROPOSAL, "colour": "red"}, "Extra inputs"),
    ("determine", "2026-11-10", NEXT, "determined already"),
    ("determine", "2026-11-10", {"placement": "p9"}, "not on record: ?; on record|not on record"),
    ("serve_notice", "2026-11-10", {**NEXT, "to": ["uncle"], "method": "hand"}, "allowed"),
    ("register_at_provider", "2026-11-10", NEXT, "no school"),
    ("agree_plan", "2026-11-10", {**NEXT, "agreed_by": ["school"], "objectives": []}, "at least one objective"),
    ("start", "2026-11-15", NEXT, "weekend"),
    ("mark", "2026-11-16 08:30", MARK, "has not begun"),
    ("mark", "2026-11-13 09:00", MARK, "has not begun"),
    ("mark", "2026-11-16 10:00", {**MARK, "code": "H"}, "not in force on 16 November 2026"),
    ("amend_mark", "2026-11-16 10:00", {**MARK, "reason": "slip"}, "a session marked"),
    ("amend_mark", "2026-11-16 10:00", MARK, "reason"),
    ("assess_objective", "2026-11-16", {**NEXT, "objective": "o9", "result": "met"}, "o1"),
    ("schedule_review", "2026-11-16", {**NEXT, "review": "r9", "meets": "2026-11-13"}, "or later"),
    ("move_review", "2026-11-16", {"review": "r9", "meets": "2026-12-13"}, "not on record"),
    ("decide", "2026-11-16", {"review": "r1", "decision": "continue"}, "not held"),
    ("hold_review", "2026-11-16", {"review": "r1"}, "still to come"),
    ("notify_outcome", "2026-11-16", {"review": "r1", "to": ["provider"], "method": "hand"}, "nothing is decided"),
    ("raise_concern", "2026-11-16", {"concern": "c9", "kind": "concern", "about": "pupil"}, "exactly one"),
    ("close_concern", "2026-11-16", {"concern": "c1", "decision": "d"}, "dsl, deputy_dsl"),
    ("refer_to_lado", "2026-11-16", {"concern": "c1", "decision": "not_referred"}, "reasons"),
    ("find_child", "2026-11-16", {"concern": "c1"}, "missing"),
    ("lift_hold", "2026-11-16", {**NEXT, "reason": "r"}, "dsl, deputy_dsl"),
    ("plan_return", "2026-11-16", {**NEXT, "return_on": "2026-11-15"}, "or later"),
    ("begin_return", "2026-11-16", NEXT, "no plan"),
    ("step_back", "2026-11-16", NEXT, "no return has begun"),
    ("record_return_check", "2026-11-16", {**NEXT, "weeks": 3}, "2, 6, 12"),
    ("acknowledge", "2026-11-16", {"rule": "notice-late", **NEXT}, "no open alert"),
    ("resolve", "2026-11-16", {"rule": "concern-raised", **NEXT, "reason": "r"}, "close_concern"),
    ("take", "2026-11-16", {**OF_C1, "next_step": "r", "due": "2026-11-15"}, "allowed: 2026-11-16 or later"),
    ("correct", "2026-11-16", {"event": 1, "fields": {}, "reason": "r"}, "not corrected"),
    ("correct", "2026-11-16", {"event": 9999, "fields": {}, "reason": "r"}, "chronology"),
    ("erase_record", "2026-11-16", {"pupil": "ana", "class": "pupil", "reason": "r"}, "kept until 4 May 2036"),
    ("record_contact", "2026-11-16", {**NEXT, "with": "provider", "happened_": 1}, "Extra inputs"),
]


@pytest.fixture
def busy(placed, databases_kept):
    databases_kept.entered(placed, _enter_a_review_and_a_concern)
    return placed


def _enter_a_review_and_a_concern(placed):
    placed.do("schedule_review", "2026-11-09 09:00", review="r1", placement="p1", meets="2026-12-07")
    placed.do("raise_concern", "2026-11-09 10:00", concern="c1", placement="p1", kind="concern", about="pupil")


@pytest.mark.parametrize(("name", "at", "fields", "why"), REFUSED, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(REFUSED)])
def test_a_refused_command_says_why_and_changes_nothing(busy, name, at, fields, why):
    before = busy.rows()
    with pytest.raises((Refused, ValidationError), match=why):
        busy.do(name, at, by="clerk1", **fields)
    assert busy.rows() == before


def test_what_comes_after_closing_is_refused_but_for_what_is_allowed(busy):
    busy.do("close", "2026-11-17 09:00", placement="p1", outcome="moved_away")
    for name, fields in (("assess_risk", NEXT), ("close", {**NEXT, "outcome": "other"}), ("mark", MARK)):
        before = busy.rows()
        with pytest.raises(Refused, match="closed"):
            busy.do(name, "2026-11-18 09:00", **fields)
        assert busy.rows() == before
    busy.do("triage_concern", "2026-11-18 10:00", concern="c1", decision="seen")


@pytest.mark.parametrize("due", ["2026-11-16", "2026-11-17"])
def test_what_is_done_next_is_due_today_or_later(busy, due):
    busy.do("take", "2026-11-16 09:00", by="dsl1", **OF_C1, next_step="ring home", due=due)


def test_a_gate_that_is_shut_is_overridden_by_head_or_dsl_alone(busy):
    busy.do("confirm_safeguarding", "2026-11-10 09:00", provider="centre", status="rejected")
    for by in ("clerk1", "gov1"):
        with pytest.raises(Refused, match="head, dsl"):
            busy.do("start", "2026-11-16 08:30", placement="p1", override={"by": by, "reason": "r"})
    with pytest.raises(Refused, match="safeguarding confirmed"):
        busy.do("start", "2026-11-16 08:30", placement="p1")
    busy.do("start", "2026-11-16 08:30", placement="p1", override={"by": "dsl1", "reason": "confirmed by telephone"})
    from models.placement import Start

    [row] = busy.case().of(Start)
    assert (row.overridden_by, row.gates_shut) == ("dsl1", ["safeguarding confirmed"])


def test_an_override_that_names_nobody_is_that_of_whoever_records_it_also_once_it_is_corrected(busy):
    from models.placement import Start

    busy.do("confirm_safeguarding", "2026-11-10 09:00", provider="centre", status="rejected")
    with pytest.raises(Refused, match=r"override\.by"):
        busy.do("start", "2026-11-16 08:30", placement="p1", override={"reason": "r"})
    begun = busy.do("start", "2026-11-16 08:30", placement="p1", by="dsl1", override={"reason": "by telephone"})
    right = {"override": {"reason": "by letter"}}
    busy.do("correct", "2026-11-16 09:00", event=begun.event, fields=right, reason="slip", by="clerk1")
    [row] = busy.case().of(Start)
    assert row.overridden_by == "dsl1"


@pytest.mark.parametrize("role", ["dsl", "deputy_dsl", "head", "clerk"])
def test_nobody_of_a_provider_covers_a_role_of_the_school_on_any_day(hilltop, role):
    hilltop.do("add_person", "2026-11-02", id="out1", roles=["provider"], name="Invented", provider="centre")
    hilltop.do("add_person", "2026-11-02", id="in1", roles=["clerk"], name="Invented")
    days = {"from": "2026-11-10", "to": "2026-11-20"}
    with pytest.raises(Refused, match="never both"):
        hilltop.do("cover", "2026-11-09", role=role, person="out1", **days)
    hilltop.do("cover", "2026-11-09", role=role, person="in1", **days)
    for from_day in ("2026-11-15", "2026-11-10"):
        with pytest.raises(Refused, match="never both"):
            hilltop.do("change_person", "2026-11-09", person="in1", roles=["local_authority"], from_=from_day)
    hilltop.do("change_person", "2026-11-09", person="in1", roles=["local_authority"], from_="2026-11-21")
    with pytest.raises(Refused, match="never both"):
        hilltop.do("cover", "2026-11-09", role=role, person="in1", **{"from": "2026-11-20", "to": "2026-11-21"})


def test_the_same_key_twice_is_one_command(placed):
    first = placed.do("assess_risk", "2026-11-05 09:00", placement="p1", key="k1")
    before = placed.rows()
    again = placed.do("assess_risk", "2026-11-05 09:01", placement="p1", key="k1")
    assert (again.event, again.repeated) == (first.event, True)
    assert placed.rows() == before
    with pytest.raises(Refused, match="used for assess_risk"):
        placed.do("put_on_hold", "2026-11-05 09:02", placement="p1", reason="r", key="k1")


def test_of_two_who_edit_the_same_thing_one_gets_a_conflict(busy):
    seen = busy.do("record_contact", "2026-11-10 09:00", placement="p1", with_="provider").event
    busy.do("move_review", "2026-11-10 09:01", review="r1", meets="2026-12-08", by="clerk1", seen=seen)
    with pytest.raises(Conflict, match="review r1 was changed by clerk1"):
        busy.do("move_review", "2026-11-10 09:01", review="r1", meets="2026-12-09", by="gov1", seen=seen)


TWICE = [
    ("amend_mark", {**MARK, "code": "L", "reason": "r"}, "mark p1 2026-11-16 am provider"),
    ("confirm_safeguarding", {"provider": "centre", "status": "rejected"}, "check centre n"),
    ("cover", {"role": "clerk", "person": "dsl1", "from": "2026-11-17", "to": "2026-11-18"}, "cover clerk"),
    ("set_up_school", {}, "the school"),
    ("accept_change", {"change": "new-lead", "decision": "reject"}, "change new-lead"),
    ("assess_objective", {**NEXT, "objective": "o1", "result": "met"}, "objective p1 o1"),
]


@pytest.mark.parametrize(("name", "fields", "thing"), TWICE, ids=[name for name, *_ in TWICE])
def test_the_second_of_two_from_a_stale_page_is_told_of_the_first(busy, name, fields, thing):
    busy.do("start", "2026-11-16 08:30", placement="p1")
    busy.do("mark", "2026-11-16 09:00", **MARK)
    seen = busy.do("provider_change", "2026-11-16 09:01", change="new-lead", provider="centre", kind="staff").event
    if name == "set_up_school":
        school = busy.school()
        now = school.details_on(date(2026, 11, 16))
        terms = [{"first": first, "last": last} for first, last in school.half_terms]
        fields = {"name": "Hilltop", "urn": "100001", "kind": now.kind, "local_authority": now.local_authority,
                  "half_terms": terms}  # fmt: skip
    busy.do(name, "2026-11-16 09:02", by="dsl1", seen=seen, **fields)
    before = busy.rows()
    with pytest.raises(Conflict, match=f"{thing} was changed by dsl1"):
        busy.do(name, "2026-11-16 09:03", by="dsl1", seen=seen, **fields)
    assert busy.rows() == before


def test_marks_and_contacts_never_conflict(busy):
    busy.do("start", "2026-11-16 08:30", placement="p1")
    seen = 1
    busy.do("mark", "2026-11-16 09:00", **MARK, seen=seen)
    busy.do("mark", "2026-11-16 09:01", **{**MARK, "register": "home", "code": "B"}, seen=seen)
    busy.do("record_contact", "2026-11-16 09:02", placement="p1", with_="parent", seen=seen)


def test_a_late_entry_keeps_both_times_and_the_clock_judges_by_the_first(hilltop, placed):
    from models.chronology import Event
    from models.placement import Notice

    notice = placed.case().of(Notice)[0]
    assert notice.given_on.isoformat() == "2026-11-06"
    placed.do("record_contact", "2026-11-10 09:00", placement="p1", with_="parent", happened="2026-11-08 12:00")
    with placed.database.reading() as session:
        newest = session.query(Event).filter(Event.kind == "record_contact").one()
        assert (newest.happened_at.day, newest.recorded_at.day) == (8, 10)


def test_nothing_about_a_child_stands_in_plain_text(placed):
    """Reasons, concerns and notes are sealed from the first write on."""
    placed.do("raise_concern", "2026-11-10 09:00", concern="c1", placement="p1", kind="concern", about="pupil",
              text="bruise on the arm")  # fmt: skip
    with placed.database.reading() as session:
        tables = models.tables.metadata.sorted_tables
        dump = "\n".join(str(tuple(row)) for table in tables for row in session.execute(table.select()))
    assert "sealed:" in dump
    for secret in ("chair at Kim", "bruise", "stays calm"):
        assert secret not in dump


def test_a_lost_key_leaves_everything_else_readable(placed):
    from models.encrypted_text import KeyFile, Texts, TextUnreadable
    from models.placement import Terms

    sealed = placed.case().of(Terms)[0].reasons
    with placed.database.reading() as session:
        pupil = placed.case().pupil.id
        assert Texts(session, placed.key_file, 1).open(sealed, pupil) == "threw a chair at Kim"
        with pytest.raises(TextUnreadable, match="missing or damaged"):
            Texts(session, KeyFile(None, "keys/offsite.key"), 1).open(sealed, pupil)
        with pytest.raises(TextUnreadable, match="not the one"):
            Texts(session, KeyFile.throwaway(), 1).open(sealed, pupil)
    assert placed.case().of(Terms)[0].days == 30


def test_a_correction_stands_where_the_error_stood(placed):
    from models.placement import Terms

    number = placed.do("change_placement", "2026-11-09 09:00", placement="p1", start="2026-11-18").event
    placed.do("correct", "2026-11-10 09:00", event=number, fields={"start": "2026-11-17"}, reason="misheard")
    assert [row.start.day for row in placed.case().of(Terms)] == [16, 17]
    with pytest.raises(Refused, match="corrected already"):
        placed.do("correct", "2026-11-10 10:00", event=number, fields={}, reason="again")
