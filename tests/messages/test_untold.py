"""What the rules cannot tell: counted on the digest; five school days of it, and the head is told, once."""

from datetime import date

import pytest

from models.alert import CannotTell
from models.message import Message
from offsite.casework.replay.scenario import moment
from offsite.messages.digest import send_digests
from offsite.messages.untold import tell_head_of_untold, untold_now

LONG_AFTER = (date(2027, 9, 1), date(2028, 7, 20))


@pytest.fixture
def untold(hilltop):
    """From Thursday 3 September 2026 on: a direction that runs past the calendar on file, so that its end cannot be told."""
    hilltop.do(
        "propose_placement", "2026-09-03 09:00", placement="p1", pupil="ana", provider="centre", site="main",
        purpose="improve_behaviour", tried=["mentoring"], reasons="threw a chair at Kim", start="2026-09-08", days=300,
        sessions="full_time", approved_by="head1", supervised_by="lead",
    )  # fmt: skip
    hilltop.do("determine", "2026-09-03 09:30", placement="p1")
    return hilltop


def tell(hilltop, day):
    school = hilltop.school()
    with hilltop.database.writing() as session:
        return tell_head_of_untold(session, school, moment(f"{day} 06:15"))


def messages(hilltop, kind):
    refs = hilltop.school().person_refs
    with hilltop.database.reading() as session:
        return [(refs.get(m.person_id), m.body) for m in session.query(Message).filter_by(kind=kind).order_by(Message.id)]


def test_the_head_is_told_on_the_fifth_school_day_and_once(untold):
    assert tell(untold, "2026-09-09") == 0
    assert tell(untold, "2026-09-10") == 1
    assert tell(untold, "2026-09-10") == tell(untold, "2026-09-11") == 0
    [(person, body)] = messages(untold, "untold")
    assert person == "head1"
    assert "placement p1:" in body
    for personal in ("ana", "kim", "chair", "centre", "plan"):
        assert personal not in body.lower()


def test_what_is_known_by_then_is_not_told(untold):
    terms = [{"first": first, "last": last} for first, last in [*untold.school().half_terms, LONG_AFTER]]
    untold.do("set_up_school", "2026-09-09 12:00", name="Hilltop", urn="100001", kind="maintained",
              local_authority="Buckinghamshire", half_terms=terms,
              sessions={"am": ["08:45", "12:15"], "pm": ["13:10", "15:15"]})  # fmt: skip
    untold.do("record_contact", "2026-09-09 13:00", placement="p1", with_="provider")
    assert tell(untold, "2026-09-10") == 0


def test_where_the_calendar_is_what_is_missing_seven_days_stand_for_five_school_days(hilltop):
    with hilltop.database.writing() as session:
        session.add(CannotTell(school_id=1, placement_id=None, rule="calendar-ending", subject="school",
                               missing=["days"], since=moment("2027-07-19 06:00")))  # fmt: skip
    assert tell(hilltop, "2027-07-25") == 0
    assert tell(hilltop, "2027-07-26") == 1
    assert "the school: 1 rule:" in messages(hilltop, "untold")[0][1]


def test_every_digest_counts_what_cannot_be_told(untold):
    objective = {"id": "o1", "text": "stays calm", "measure": "incidents", "target": "1", "by": "2026-12-18"}
    untold.do("agree_plan", "2026-09-03 10:00", placement="p1", agreed_by=["school", "provider"], objectives=[objective],
              english=False)  # fmt: skip
    school = untold.school()
    with untold.database.writing() as session:
        count = untold_now(session, 1)
        assert count > 0
        assert send_digests(session, school, moment("2026-09-04 06:15")) > 0
    for _, body in messages(untold, "digest"):
        assert (f"there are {count} things" if count > 1 else "there is 1 thing") in body
