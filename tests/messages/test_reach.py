"""Who cannot be reached: an empty role, no address, or everybody's last message came back; decided once."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from models.message import Delivery, Message
from offsite.casework.replay.scenario import moment
from offsite.messages.reach import Way, last_attempts, undelivered, unreachable
from offsite.messages.trial import send_test

AT = moment("2026-11-10 10:20")
BY_MAIL = ("email", "phone")
WITH_TEXT = (*BY_MAIL, "text")
MAIL, NUMBER = "dsl@hilltop.example", "+447700900123"


@pytest.fixture
def school(hilltop):
    """dsl1 and ddsl1, by mail; dsl1 has a number too."""
    hilltop.do("change_person", "2026-11-02 09:00", person="dsl1", email=MAIL, phone="07700 900123")
    return hilltop


def tried(school, person, outcome, *, channel="email", address=MAIL, later=0, kind="alert"):
    """A message to somebody, and what became of it."""
    at = AT + timedelta(minutes=later)
    person_id = next(id for id, ref in school.school().person_refs.items() if ref == person)
    with school.database.writing() as session:
        number = session.query(Message).count()
        session.add(Message(
            school_id=1, message_id=f"m{number}@offsite.invalid", kind=kind, alerts=[], role="dsl", person_id=person_id,
            channel=channel, address=address, severity="critical", subject="Offsite", body="Act.", created_at=at,
        ))  # fmt: skip
        session.flush()
        [message] = session.query(Message.id).filter_by(message_id=f"m{number}@offsite.invalid").one()
        session.add(Delivery(message_id=message, at=at, outcome=outcome, error=None if outcome == "sent" else "refused (550)"))
    return message


def lost(school, role="dsl", on=BY_MAIL, at=AT):
    with school.database.reading() as session:
        return [one.why for one in unreachable(session, school.school(), (role,), at, on)]


CAME_BACK = ["what was sent to them last came back or was given up"]


def test_whom_nothing_was_sent_to_yet_counts_as_reached(school):
    assert lost(school) == []


def test_an_empty_role_cannot_be_reached(school):
    assert lost(school, "data_protection") == ["nobody holds or covers the role"]


def test_somebody_without_an_address_cannot_be_reached_even_with_a_number(school):
    school.do("add_person", "2026-11-02 09:00", id="dpo1", roles=["data_protection"], name="Invented", phone="07700 900789")
    assert lost(school, "data_protection", WITH_TEXT) == ["nobody in the role has an e-mail address on record"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2026-11-16 23:59", ["nobody holds or covers the role"], id="day before"),
        pytest.param("2026-11-17 00:00", [], id="first day"),
        pytest.param("2026-11-18 23:59", [], id="last day"),
        pytest.param("2026-11-19 00:00", ["nobody holds or covers the role"], id="day after"),
    ],
)
def test_a_cover_makes_an_empty_role_reachable_for_its_days(school, day, expected):
    school.do("cover", "2026-11-10", role="data_protection", person="att1", from_="2026-11-17", to="2026-11-18")
    assert lost(school, "data_protection", at=moment(day)) == expected


@pytest.mark.parametrize("outcome", ["dead", "bounced"])
def test_where_the_last_message_came_back_nobody_is_reached_until_one_is_sent(school, outcome):
    tried(school, "dsl1", "sent")
    tried(school, "dsl1", outcome, later=1)
    assert lost(school) == CAME_BACK
    tried(school, "dsl1", "failed", later=2)
    assert lost(school) == CAME_BACK
    tried(school, "dsl1", "sent", later=3)
    assert lost(school) == []


def test_what_is_still_being_tried_is_not_given_up(school):
    tried(school, "dsl1", "failed")
    assert lost(school) == []


def test_one_holder_who_is_reached_is_enough(school):
    tried(school, "dsl1", "dead")
    school.do("cover", "2026-11-09", role="dsl", person="att1", from_="2026-11-09", to="2026-11-20")
    assert lost(school) == []


def test_a_changed_address_has_not_come_back(school):
    tried(school, "dsl1", "bounced")
    school.do("change_person", "2026-11-09 09:00", person="dsl1", email="new@hilltop.example")
    assert lost(school) == []


def test_a_text_that_was_taken_reaches_while_texts_are_on(school):
    tried(school, "dsl1", "bounced")
    assert lost(school, on=WITH_TEXT) == CAME_BACK
    tried(school, "dsl1", "sent", channel="text", address=NUMBER)
    assert lost(school, on=WITH_TEXT) == []
    assert lost(school, on=BY_MAIL) == CAME_BACK


def test_a_text_that_fails_says_nothing_of_mail_that_was_never_tried(school):
    tried(school, "dsl1", "bounced", channel="text", address=NUMBER)
    assert lost(school, on=WITH_TEXT) == []


def test_the_phone_list_is_mailed_and_counts_as_mail(school):
    tried(school, "dsl1", "bounced")
    tried(school, "dsl1", "sent", channel="phone", later=1)
    assert lost(school) == []


def test_it_is_one_query_however_many_people_and_messages(school):
    for number in range(20):
        tried(school, "dsl1", "failed", later=number)
    loaded = school.school()
    counted = []
    listener = lambda *args: counted.append(args[2])  # noqa: E731
    with school.database.reading() as session:
        session.connection()
        event.listen(school.database.engine, "before_cursor_execute", listener)
        unreachable(session, loaded, ("dsl", "deputy_dsl", "head", "attendance"), AT, WITH_TEXT)
        event.remove(school.database.engine, "before_cursor_execute", listener)
    assert len(counted) == 1


def test_the_newest_attempt_by_each_way_is_found(school):
    first = tried(school, "dsl1", "sent")
    tried(school, "dsl1", "failed", later=5)
    with school.database.reading() as session:
        way = Way(session.get_one(Message, first).person_id, "email", MAIL)
        assert last_attempts(session, [way], ("sent", "failed"))[way].at == AT + timedelta(minutes=5)
        assert last_attempts(session, [way] * 250, ("sent",))[way].at == AT


def test_what_was_not_delivered_lately_is_listed_until_it_is_sent_and_for_a_week(school):
    tried(school, "dsl1", "bounced")
    tried(school, "dsl1", "dead", kind="test")
    second = tried(school, "ddsl1", "bounced", later=1)
    with school.database.writing() as session:
        session.add(Delivery(message_id=second, at=AT + timedelta(minutes=2), outcome="sent", error=None))
    with school.database.reading() as session:
        [one] = undelivered(session, 1, AT + timedelta(days=7) - timedelta(seconds=1))
        assert (one.role, one.channel, one.error) == ("dsl", "email", "refused (550)")
        assert undelivered(session, 1, AT + timedelta(days=7)) == []


class Counting:
    """A channel that takes everything, or fails."""

    taker = "nobody"

    def __init__(self, error=None):
        self.error, self.taken = error, []

    def send(self, message):
        if self.error:
            raise self.error
        self.taken.append(message)


def dsl_by_mail(school):
    return Way(next(id for id, ref in school.school().person_refs.items() if ref == "dsl1"), "email", MAIL)


def test_a_test_message_is_sent_at_once_and_only_once_a_key(school):
    channel, way = Counting(), dsl_by_mail(school)
    first, second, other = (send_test(school.database, {"email": channel}, 1, way, "dsl", key, AT) for key in ("k", "k", "l"))
    assert first == second != other
    assert [message.subject for message in channel.taken] == ["Offsite: a test"] * 2


def test_a_test_message_that_fails_says_that_nobody_is_reached_and_is_not_tried_again(school):
    from offsite.messages.channels import ChannelError
    from offsite.messages.dispatch import dispatch

    way = dsl_by_mail(school)
    failing, working = Counting(ChannelError("the mail server said 421")), Counting()
    dispatch(school.database, {"email": working, "phone": working}, AT)  # what tells of the changed address
    send_test(school.database, {"email": failing}, 1, way, "dsl", "k", AT)
    assert lost(school) == CAME_BACK
    assert dispatch(school.database, {"email": working, "phone": working}, AT + timedelta(minutes=1)) == (0, 0, 0)
    send_test(school.database, {"email": working}, 1, way, "dsl", "l", AT + timedelta(minutes=2))
    assert lost(school) == []
