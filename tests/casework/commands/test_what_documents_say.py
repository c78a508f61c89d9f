"""What the documents say is recorded by commands, sealed with the pupil's key, in the rows and in the chronology alike."""

import json

from sqlalchemy import select, text

from models.chronology import Event
from models.encrypted_text import Texts
from offsite.casework.replay.scenario import moment
from offsite.letters.packs.review_pack import draft_review_pack
from offsite.letters.prescribed.invitation import draft_invitation
from offsite.letters.prescribed.notice import draft_notice
from offsite.letters.records.return_plan import reintegration_plan
from offsite.letters.records.visits import SEEN, visit_record

AT = moment("2026-11-27 09:00")
SECRET = "not for the rows"


def drafted(hilltop, draft, *args):
    with hilltop.database.reading() as session:
        return draft(hilltop.case(), *args, Texts(session, hilltop.key_file, 1), AT)


def test_all_of_it_is_recorded_printed_and_sealed(placed):
    """Through the real commands, and nowhere in plain text in the database."""
    placed.do("change_placement", "2026-11-06 10:00", placement="p1", transport=f"taxi, {SECRET}", meals=f"lunch, {SECRET}",
              report_to="Lee Park")  # fmt: skip
    placed.do("record_consultation", "2026-11-09 09:00", placement="p1", with_="pupil", said=f"mornings, {SECRET}")
    placed.do("schedule_review", "2026-11-16 09:00", review="r1", placement="p1", meets="2026-11-30 16:00", place="Library")
    placed.do("move_review", "2026-11-17 09:00", review="r1", meets="2026-12-01 16:00")
    placed.do("receive_views", "2026-11-18 09:00", review="r1", from_="relevant_person", said=f"calmer, {SECRET}")
    placed.do("record_visit", "2026-11-19 09:00", placement="p1", **{part: f"{part}, {SECRET}" for part in SEEN})
    placed.do("raise_concern", "2026-11-19 10:00", placement="p1", concern="c1", kind="concern", about="pupil", text=SECRET)
    placed.do("triage_concern", "2026-11-19 11:00", by="dsl1", concern="c1", decision=SECRET, summary=f"sleep, {SECRET}")
    placed.do("plan_return", "2026-11-20 09:00", placement="p1", return_on="2027-01-11", worked=f"walks, {SECRET}",
              risk=f"corridors, {SECRET}", step_back=f"two days, {SECRET}", review_on=["2027-01-18", "2027-01-15"],
              part_time_agreed_on="2026-11-19", support=["mentor"], key_adult="Sam Hill")  # fmt: skip
    notice = drafted(placed, draft_notice).text
    assert f"taxi, {SECRET}" in notice and f"lunch, {SECRET}" in notice
    assert "Place: Library" in drafted(placed, lambda case, *rest: draft_invitation(case, "r1", "parent", *rest)).text
    visit = drafted(placed, visit_record).text
    assert all(f"{name}: {part}, {SECRET}" in visit for part, name in SEEN.items())
    plan = drafted(placed, reintegration_plan)
    assert plan.to_complete == () and "Friday 15 January 2027\nMonday 18 January 2027" in plan.text
    pack = drafted(placed, lambda case, *rest: draft_review_pack(case, "r1", *rest)).text
    for said in ("mornings", "calmer", "sleep", "pupil_seen", "actions"):
        assert f"{said}, {SECRET}" in pack
    with placed.database.reading() as session:
        tables = ("terms", "consultation", "view", "visit", "triage", "return_plan", "review", "document")
        rows = [list(row) for table in tables for row in session.execute(text(f'SELECT * FROM "{table}"'))]
        payloads = list(session.scalars(select(Event.payload)))
    assert SECRET not in json.dumps([rows, payloads], default=str)


def test_moving_a_review_keeps_its_place_until_another_is_named(placed):
    placed.do("schedule_review", "2026-11-16 09:00", review="r1", placement="p1", meets="2026-11-30", place="Library")
    placed.do("move_review", "2026-11-17 09:00", review="r1", meets="2026-12-01", place="Room 4")
    placed.do("move_review", "2026-11-18 09:00", review="r1", meets="2026-12-02")
    assert "Place: Room 4" in drafted(placed, lambda case, *rest: draft_invitation(case, "r1", "parent", *rest)).text
