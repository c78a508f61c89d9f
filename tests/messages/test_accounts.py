"""A changed e-mail address is told to the address before it; of somebody who reads concerns, to the others who read them."""

from datetime import date

import pytest
from sqlalchemy import select

from models.chronology import Event
from models.message import Message
from offsite.access.readers import reads_or_will
from offsite.casework.replay.scenario import moment
from offsite.law.london import day_of
from offsite.messages.accounts import addresses_lately

DSL, DEPUTY, HEAD, CLERK = "dana@hilltop.example", "drew@hilltop.example", "head@hilltop.example", "clerk@hilltop.example"
NEW, NEWER = "new@elsewhere.example", "newer@elsewhere.example"
MON = "2026-11-02 09:00"


def told(hilltop):
    """Address, severity and first sentence of every message about an account, and forget them."""
    with hilltop.database.writing() as session:
        rows = session.scalars(select(Message).where(Message.kind == "account").order_by(Message.id)).all()
        found = [(row.address, row.severity, row.body.partition(",")[0]) for row in rows]
        for row in rows:
            session.delete(row)
    return found


def of_holder(*addresses):
    return [(address, "low", "Your e-mail address on record was changed") for address in addresses]


def to_others(ref, *addresses):
    return [(address, "critical", f"The e-mail address on record for {ref} was changed") for address in addresses]


def lately(hilltop, ref, at):
    with hilltop.database.reading() as session:
        school = hilltop.school()
        person = next(number for number, each in school.person_refs.items() if each == ref)
        return set(addresses_lately(session, school, person, moment(at)))


def test_the_deputys_changed_address_is_told_there_and_to_the_safeguarding_lead_but_not_to_the_head(hilltop):
    hilltop.do("change_person", MON, by="head1", person="ddsl1", email=NEW)
    assert told(hilltop) == of_holder(DEPUTY, NEW) + to_others("ddsl1", DSL)


def test_somebody_who_reads_no_concerns_is_told_alone(hilltop):
    hilltop.do("change_person", MON, person="clerk1", email=NEW)
    assert told(hilltop) == of_holder(CLERK, NEW)


def test_an_address_that_is_taken_away_is_told_there_and_to_the_other_reader(hilltop):
    hilltop.do("change_person", MON, by="head1", person="ddsl1", email="", phone="")
    assert told(hilltop) == of_holder(DEPUTY) + to_others("ddsl1", DSL)
    [deputy] = [person for person, roles in hilltop.school().people_on(date(2026, 11, 10)) if "deputy_dsl" in roles]
    assert (deputy.email, deputy.phone) == (None, None)


@pytest.mark.parametrize("fields", [{"phone": "07700 900123"}, {"email": DEPUTY}, {"name": "Drew Other"}])
def test_an_address_that_stays_is_told_to_nobody(hilltop, fields):
    hilltop.do("change_person", MON, person="ddsl1", **fields)
    assert told(hilltop) == []


def test_two_changes_in_a_row_still_reach_the_first_address_and_that_of_the_other_reader(hilltop):
    hilltop.do("change_person", MON, person="dsl1", email=NEW)
    told(hilltop)
    hilltop.do("change_person", "2026-11-02 09:05", person="ddsl1", email=NEWER)
    assert set(told(hilltop)) == set(of_holder(DEPUTY, NEWER) + to_others("ddsl1", NEW, DSL))
    hilltop.do("change_person", "2026-11-02 09:10", person="ddsl1", email="newest@elsewhere.example")
    assert of_holder(DEPUTY)[0] in told(hilltop)


def test_a_change_from_a_later_day_is_told_now(hilltop):
    hilltop.do("change_person", MON, person="ddsl1", email=NEW, from_="2026-12-01")
    assert told(hilltop) == of_holder(DEPUTY, NEW) + to_others("ddsl1", DSL)


@pytest.mark.parametrize("roles", [["senco"], ["senco", "deputy_dsl"]], ids=["a role is lost", "it stays"])
def test_whoever_loses_the_role_in_the_same_breath_is_still_told_of(hilltop, roles):
    hilltop.do("change_person", MON, person="ddsl1", email=NEW, roles=roles)
    assert to_others("ddsl1", DSL)[0] in told(hilltop)


def test_whoever_gets_the_role_in_the_same_breath_is_told_of(hilltop):
    hilltop.do("change_person", MON, person="clerk1", email=NEW, roles=["clerk", "deputy_dsl"])
    assert to_others("clerk1", DSL, DEPUTY) == told(hilltop)[2:]


def test_a_correction_that_puts_another_address_in_the_place_of_a_change_is_told_there(hilltop):
    hilltop.do("change_person", "2026-09-01 09:00", person="ddsl1", email=NEW)
    with hilltop.database.reading() as session:
        number = session.scalars(select(Event.number).where(Event.kind == "change_person")).one()
    told(hilltop)
    hilltop.do("correct", MON, event=number, fields={"email": NEWER}, reason="mistyped")
    assert set(told(hilltop)) == set(of_holder(NEW, DEPUTY, NEWER) + to_others("ddsl1", DSL))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param("2026-12-02 09:00", {DEPUTY, NEW}, id="the thirtieth day after"),
        pytest.param("2027-01-05 09:00", {NEW}, id="later"),
    ],
)
def test_an_old_address_is_told_for_a_month(hilltop, at, expected):
    hilltop.do("change_person", "2026-11-03 09:00", person="ddsl1", email=NEW)
    assert lately(hilltop, "ddsl1", at) == expected


@pytest.mark.parametrize(
    ("on", "reads"),
    [
        pytest.param("2026-11-16 09:00", True, id="before the cover"),
        pytest.param("2026-11-18 09:00", True, id="its last day"),
        pytest.param("2026-11-19 09:00", False, id="the day after"),
    ],
)
def test_whoever_will_cover_the_safeguarding_lead_is_one_who_reads_concerns(hilltop, on, reads):
    hilltop.do("cover", "2026-11-10", role="dsl", person="clerk1", from_="2026-11-17", to="2026-11-18")
    school = hilltop.school()
    clerk = next(number for number, ref in school.person_refs.items() if ref == "clerk1")
    assert reads_or_will(school, clerk, day_of(moment(on))) is reads
