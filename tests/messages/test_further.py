"""What is critical goes by text and call too: made at dispatch, tried apart from mail, given up and told like any message."""

import threading
import time
from datetime import timedelta

import pytest

from models.message import Delivery, Message
from offsite.casework.replay.scenario import moment
from offsite.messages.channels import Bounced, ChannelError
from offsite.messages.channels.files import Files
from offsite.messages.dispatch import GIVEN_UP_AFTER, dispatch, send_critical_now
from offsite.messages.escalation import escalate
from offsite.messages.further import send_further, sibling_id

RAISED = moment("2026-11-10 10:20")
MINUTE = timedelta(minutes=1)
NUMBER = {"dsl1": "07700 900123", "head1": "07700 900456"}


class Refusing:
    """A mail server that answers so, as long as it is set to."""

    taker = "a mail server"

    def __init__(self, error):
        self.error, self.tried, self.taken = error, 0, []

    def send(self, message):
        self.tried += 1
        if self.error:
            raise self.error
        self.taken.append(message)


@pytest.fixture
def hilltop(hilltop):
    """Full-time with a non-school provider is no alert of its own here: only what a test raises is told."""
    hilltop.do("change_settings", "2026-08-31 10:00", hours_threshold=30)
    return hilltop


@pytest.fixture
def mail(tmp_path):
    return Files(tmp_path / "outbox", "o@invented.example")


@pytest.fixture
def concern(placed):
    """Told to dsl1, who has a number, and to ddsl1, who has none; nothing is sent yet."""
    for person, phone in NUMBER.items():
        placed.do("change_person", "2026-11-09 09:00", person=person, phone=phone)
    placed.do("raise_concern", "2026-11-10 10:20", concern="c1", placement="p1", kind="concern", about="pupil", text="bruise")
    return placed


def rows(school, **wanted):
    refs = school.school().person_refs
    with school.database.reading() as session:
        found = session.query(Message).filter_by(**wanted).order_by(Message.id).all()
        session.expunge_all()
    return [(row.kind, refs.get(row.person_id), row.channel) for row in found]


def outcomes(school, channel):
    with school.database.reading() as session:
        found = session.query(Delivery.outcome).join(Message, Message.id == Delivery.message_id)
        return [outcome for (outcome,) in found.filter(Message.channel == channel).order_by(Delivery.id)]


def test_off_by_default_a_dispatch_adds_nothing(concern, mail):
    before = rows(concern)
    assert dispatch(concern.database, {"email": mail, "phone": mail}, RAISED).sent == len(before)
    assert rows(concern) == before
    assert {channel for _, _, channel in before} == {"email"}


def test_what_is_critical_goes_by_every_channel_to_whoever_has_a_number(concern, mail, texts, calls, notify_service, webhook):
    send_critical_now(concern.database, {"email": mail, "phone": mail, "text": texts, "call": calls}, RAISED)
    assert rows(concern, kind="alert") == [
        ("alert", "dsl1", "email"), ("alert", "ddsl1", "email"), ("alert", "dsl1", "text"), ("alert", "dsl1", "call"),
    ]  # fmt: skip
    [alert] = concern.alerts()
    [text] = notify_service.taken
    said = text["personalisation"]["message"]
    assert text["phone_number"] == "+447700900123"
    assert said == (
        f"Offsite: critical {alert['alert']}. The designated safeguarding lead must act now: "
        f"https://offsite.invented.example/alerts/{alert['alert']}"
    )
    assert [(path, sent["message"]) for path, _, sent in webhook.taken] == [("/ring/447700900123", said)]
    assert outcomes(concern, "text") == outcomes(concern, "call") == ["sent"]


def test_what_is_critical_and_handed_over_goes_by_text_too(concern, mail, texts):
    about = {"rule": "concern-raised", "placement": "p1", "subject": "c1"}
    concern.do("hand_over", "2026-11-10 10:30", by="ddsl1", to="dsl1", **about)
    send_critical_now(concern.database, {"email": mail, "phone": mail, "text": texts}, RAISED + 10 * MINUTE)
    assert rows(concern, kind="handed_over") == [("handed_over", "dsl1", "email"), ("handed_over", "dsl1", "text")]


def test_no_text_holds_a_personal_word(concern, mail, texts, calls):
    """Several alerts and a broken glass, as mail has them: never a name, a reason, a provider or a health word."""
    concern.do("raise_concern", "2026-11-10 10:20", concern="c2", placement="p1", kind="missing", about="pupil", text="ran off")
    concern.do("break_glass", "2026-11-10 10:21", by="att1", placement="p1", reason="Ana's mother called")
    dispatch(concern.database, {"email": mail, "phone": mail, "text": texts, "call": calls}, RAISED)
    with concern.database.reading() as session:
        bodies = {row.kind: row.body for row in session.query(Message).filter(Message.channel.in_(("text", "call")))}
    assert (
        bodies["broken_glass"] == "Offsite: glass broken for p1. You are told as designated safeguarding lead: offsite:/looks\n"
    )
    for body in bodies.values():
        for personal in ("Ana", "Brook", "Workshop", "bruise", "ran", "Dana", "mother", "concern", "missing"):
            assert personal not in body


def test_after_a_crash_the_next_dispatch_makes_what_is_missing_and_once(concern, mail, texts, notify_service):
    """Killed after the commit: nothing but mail is there. Killed once the text is made: it is sent, and made no second time."""
    channels = {"email": mail, "phone": mail, "text": texts}
    assert [channel for _, _, channel in rows(concern)] == ["email", "email"]
    with concern.database.reading() as session:
        waiting = session.query(Message).all()
        session.expunge_all()
    assert send_further(concern.database, waiting, channels, RAISED) == 1
    assert send_further(concern.database, waiting, channels, RAISED) == 0
    assert dispatch(concern.database, channels, RAISED + MINUTE).sent == 3
    assert dispatch(concern.database, channels, RAISED + 2 * MINUTE).sent == 0
    [text] = notify_service.taken
    assert text["reference"] == sibling_id(waiting[0].message_id, "text")


def test_a_text_is_tried_again_with_the_same_reference_until_it_is_taken(concern, mail, texts, notify_service):
    channels = {"email": mail, "phone": mail, "text": texts}
    notify_service.answers = [(429, "RateLimitError", "Exceeded rate limit"), (500, "Exception", "Internal server error")]
    assert dispatch(concern.database, channels, RAISED) == (2, 1, 0)
    assert dispatch(concern.database, channels, RAISED + timedelta(seconds=59)) == (0, 0, 0)
    assert dispatch(concern.database, channels, RAISED + MINUTE) == (0, 1, 0)
    assert dispatch(concern.database, channels, RAISED + 2 * MINUTE) == (1, 0, 0)
    assert outcomes(concern, "text") == ["failed", "failed", "sent"]
    assert len(notify_service.taken) == 1


def test_a_text_given_up_after_a_day_is_told_to_the_head(concern, mail, texts, notify_service):
    channels = {"email": mail, "phone": mail, "text": texts}
    notify_service.answers = [(500, "Exception", "Internal server error")] * 3
    for later in (timedelta(), GIVEN_UP_AFTER - timedelta(seconds=1)):
        assert dispatch(concern.database, channels, RAISED + later).failed == 1
    assert rows(concern, kind="dead_letter") == []
    assert dispatch(concern.database, channels, RAISED + GIVEN_UP_AFTER + timedelta(hours=1)).dead == 1
    assert rows(concern, kind="dead_letter") == [("dead_letter", "head1", "email")]


def test_a_bounce_is_told_to_the_head_at_once_and_tried_again_less_often(concern, mail, texts, notify_service):
    """A minute after the first, five after the second: whoever holds the role is no further away for a number put right."""
    channels = {"email": mail, "phone": mail, "text": texts}
    notify_service.answers = [(400, "ValidationError", "phone_number Not a UK mobile number")] * 2
    assert dispatch(concern.database, channels, RAISED) == (2, 1, 0)
    assert rows(concern, kind="dead_letter") == [("dead_letter", "head1", "email")]
    assert dispatch(concern.database, channels, RAISED + MINUTE) == (1, 1, 0)
    assert dispatch(concern.database, channels, RAISED + 5 * MINUTE) == (0, 0, 0)
    assert dispatch(concern.database, channels, RAISED + 6 * MINUTE) == (1, 0, 0)
    assert outcomes(concern, "text") == ["bounced", "bounced", "sent"]
    assert len(rows(concern, kind="dead_letter")) == 1


def test_mail_that_fails_holds_no_text_back(concern, texts, notify_service):
    away = Refusing(ChannelError("the mail server could not be reached"))
    assert dispatch(concern.database, {"email": away, "phone": away, "text": texts}, RAISED) == (1, 2, 0)
    assert len(notify_service.taken) == 1


def test_a_fault_in_a_channel_is_recorded_and_holds_no_other_back(concern, texts, notify_service, caplog):
    broken = Refusing(RuntimeError("dsl@hilltop.example"))
    assert dispatch(concern.database, {"email": broken, "phone": broken, "text": texts}, RAISED) == (1, 2, 0)
    with concern.database.reading() as session:
        assert {row.error for row in session.query(Delivery)} == {None, "the channel failed: RuntimeError"}
    assert "hilltop" not in caplog.text


def test_a_channel_that_hangs_holds_neither_mail_nor_text_back(concern, mail, texts, calls, notify_service, webhook):
    webhook.heard.clear()
    channels = {"email": mail, "phone": mail, "text": texts, "call": calls}
    running = threading.Thread(target=dispatch, args=(concern.database, channels, RAISED))
    running.start()
    assert webhook.asked.wait(30)
    until = time.monotonic() + 30
    while (not notify_service.taken or len(list(mail.folder.glob("*.eml"))) < 2) and time.monotonic() < until:
        time.sleep(0.01)
    still_hanging = running.is_alive() and not webhook.taken
    webhook.heard.set()
    running.join()
    assert still_hanging
    assert len(notify_service.taken) == 1
    assert outcomes(concern, "call") == ["sent"]


def test_a_channel_switched_on_while_mail_is_away_helps_at_once(concern, texts, notify_service):
    away = Refusing(ChannelError("the mail server could not be reached"))
    dispatch(concern.database, {"email": away, "phone": away}, RAISED)
    dispatch(concern.database, {"email": away, "phone": away, "text": texts}, RAISED + MINUTE)
    assert len(notify_service.taken) == 1


def test_a_channel_switched_off_leaves_what_waited_for_it_to_be_given_up(concern, mail, texts, notify_service):
    notify_service.answers = [(500, "Exception", "Internal server error")]
    dispatch(concern.database, {"email": mail, "phone": mail, "text": texts}, RAISED)
    assert dispatch(concern.database, {"email": mail, "phone": mail}, RAISED + MINUTE) == (0, 1, 0)
    assert dispatch(concern.database, {"email": mail, "phone": mail}, RAISED + GIVEN_UP_AFTER).dead == 1
    assert rows(concern, kind="dead_letter") == [("dead_letter", "head1", "email")]


def test_the_phone_list_rings_the_head_at_30_minutes(concern, mail, calls, webhook):
    channels = {"email": mail, "phone": mail, "call": calls}
    dispatch(concern.database, channels, RAISED)
    for minutes in (15, 29, 30):
        with concern.database.writing() as session:
            escalate(session, concern.school(), RAISED + minutes * MINUTE)
        dispatch(concern.database, channels, RAISED + minutes * MINUTE)
        rung = [sent["message"] for path, _, sent in webhook.taken if path == "/ring/447700900456"]
        assert any("Telephone now" in said for said in rung) == (minutes == 30)
    assert rows(concern, kind="phone") == [("phone", "head1", "phone"), ("phone", "head1", "call")]


def test_what_is_not_critical_goes_by_mail_alone(placed, mail, texts, notify_service):
    """A start nobody recorded on Monday the 16th: high, told to the DSL at once."""
    placed.do("change_person", "2026-11-09 09:00", person="dsl1", phone="07700 900123")
    placed.do("record_contact", "2026-11-16 10:00", placement="p1", with_="provider")
    assert {alert["severity"] for alert in placed.alerts() if alert["rule"] == "start-not-recorded"} == {"high"}
    dispatch(placed.database, {"email": mail, "phone": mail, "text": texts}, moment("2026-11-16 10:00"))
    assert all("critical" in taken["personalisation"]["message"] for taken in notify_service.taken)
    assert len(notify_service.taken) == len(rows(placed, severity="critical", channel="text"))


@pytest.mark.parametrize(("against", "told"), [("head1", False), ("head", False), (None, True)])
def test_whom_a_concern_is_against_is_not_told_of_a_bounce_either(placed, against, told):
    """Against the head, the chair, here a governor, takes the head's place."""
    fields = {"against": against} if against else {}
    placed.do("raise_concern", "2026-11-10 10:20", concern="c1", placement="p1", kind="allegation", about="provider", **fields)
    bouncing = Refusing(Bounced("the mail server refused the recipient (550)"))
    dispatch(placed.database, {"email": bouncing, "phone": bouncing}, RAISED)
    people = {person for _, person, _ in rows(placed, kind="dead_letter")}
    assert ("head1" in people) == told
    assert "gov1" in people


def test_where_nothing_reaches_the_head_either_the_next_is_told(concern):
    """The DSL's mail bounces: the head is told. The head's own bounces too: then the chair, one of the governors, is."""
    bouncing = Refusing(Bounced("the mail server refused the recipient (550)"))
    channels = {"email": bouncing, "phone": bouncing}
    dispatch(concern.database, channels, RAISED)
    assert rows(concern, kind="dead_letter") == [("dead_letter", "head1", "email")]
    dispatch(concern.database, channels, RAISED + MINUTE)
    assert rows(concern, kind="dead_letter")[1:] == [("dead_letter", "gov1", "email")]


def test_in_a_day_without_mail_at_all_what_is_given_up_still_waits_for_the_head(concern):
    away = Refusing(ChannelError("the mail server could not be reached"))
    channels = {"email": away, "phone": away}
    dispatch(concern.database, channels, RAISED)
    assert dispatch(concern.database, channels, RAISED + GIVEN_UP_AFTER).dead == 2
    away.error = None
    assert dispatch(concern.database, channels, RAISED + GIVEN_UP_AFTER + MINUTE).sent == 1
    [told] = away.taken
    assert told.subject.startswith("Offsite: Could not be delivered: critical")
