"""Messages by SMTP, against a real server on loopback: plain, STARTTLS, TLS, with and without sign-in, away and back."""

import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from deployments.embedded import free_port
from models.message import Delivery, Message
from models.school import School
from offsite.messages.channels import Bounced, ChannelError, Outgoing
from offsite.messages.channels.files import Files, as_email
from offsite.messages.channels.smtp import Smtp
from offsite.messages.dispatch import GIVEN_UP_AFTER, dispatch
from offsite.messages.settings import MessageSettings

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
MAIL = Outgoing("abc@offsite.invalid", "dsl@invented.example", "Offsite: critical A-7K2F9R", "CRITICAL.\n")


class Inbox:
    """What the server took; `answers` are given in turn before it takes anything; `refusal`: of every recipient."""

    def __init__(self):
        self.mails, self.answers, self.refusal = [], [], None

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        envelope.rcpt_tos.append(address)
        return self.refusal or "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(envelope.content.decode())
        return "250 taken"


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def server(request, authority, tmp_path):
    """Parametrised by the kind of TLS; yields the inbox and a channel to it."""
    tls, wants_sign_in = request.param
    inbox, context = Inbox(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    sign_in = {
        "authenticator": lambda _s, _se, _e, _m, data: AuthResult(success=data.password == b"secret", handled=False),
        "auth_required": wants_sign_in,
        "auth_require_tls": False,
    }
    extra = {"ssl_context": context} if tls == "tls" else {"tls_context": context} if tls == "starttls" else {}
    port = free_port(0)
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **sign_in, **extra)
    controller.start()

    def channel(password="secret"):
        user = "offsite" if wants_sign_in else None
        return Smtp("127.0.0.1", port, "offsite@invented.example", tls, user, password, ca_file)

    yield inbox, channel
    controller.stop()


KINDS = [("none", False), ("starttls", False), ("tls", False), ("starttls", True), ("tls", True)]
each_kind = pytest.mark.parametrize("server", KINDS, indirect=True, ids=lambda k: f"{k[0]}-{'signed' if k[1] else 'open'}")
plain = pytest.mark.parametrize("server", [("none", False)], indirect=True)


@each_kind
def test_a_message_arrives_with_its_stable_id(server):
    inbox, channel = server
    channel().send(MAIL)
    [mail] = inbox.mails
    assert "Message-ID: <abc@offsite.invalid>" in mail
    assert "To: dsl@invented.example" in mail


@pytest.mark.parametrize("server", [("starttls", True)], indirect=True)
def test_a_refused_sign_in_is_an_error_without_any_address(server):
    inbox, channel = server
    with pytest.raises(ChannelError, match="535") as error:
        channel("wrong").send(MAIL)
    assert "invented.example" not in str(error.value)
    assert inbox.mails == []


@plain
@pytest.mark.parametrize(("refusal", "kind"), [("550 no such mailbox", Bounced), ("450 try later", ChannelError)])
def test_a_refused_recipient_bounces_and_one_put_off_does_not(server, refusal, kind):
    inbox, channel = server
    inbox.refusal = refusal
    with pytest.raises(ChannelError, match=refusal[:3]) as error:
        channel().send(MAIL)
    assert type(error.value) is kind
    assert "invented.example" not in str(error.value)


@pytest.fixture
def database(database):
    with database.writing() as session:
        session.add(School(id=1, urn="100001"))
        session.flush()
        for number, severity in enumerate(("critical", "high")):
            session.add(Message(
                school_id=1, message_id=f"m{number}@offsite.invalid", kind="alert", alerts=[], role="dsl", person_id=None,
                channel="email", address="dsl@invented.example", severity=severity, subject="Offsite", body="Act.",
                created_at=AT,
            ))  # fmt: skip
    return database


def outcomes(database):
    with database.reading() as session:
        return [(row.message_id, row.outcome) for row in session.query(Delivery).order_by(Delivery.id)]


@plain
def test_a_server_that_is_away_loses_nothing(database, server):
    """A minute later the critical one is tried again, and the high one; taken once each."""
    inbox, channel = server
    inbox.answers = ["451 try later", "451 try later"]
    assert dispatch(database, {"email": channel()}, AT) == (0, 2, 0)
    assert dispatch(database, {"email": channel()}, AT + timedelta(seconds=59)) == (0, 0, 0)
    assert dispatch(database, {"email": channel()}, AT + timedelta(seconds=60)) == (2, 0, 0)
    assert dispatch(database, {"email": channel()}, AT + timedelta(minutes=5)) == (0, 0, 0)
    assert len(inbox.mails) == 2
    assert [outcome for _, outcome in outcomes(database)] == ["failed", "failed", "sent", "sent"]


def test_back_off_grows_for_what_is_not_critical(database):
    away = {"email": Smtp("127.0.0.1", 1, "offsite@invented.example", "none")}
    for minutes, failed in ((0, 2), (1, 2), (2, 1), (5, 1), (6, 2)):
        assert dispatch(database, away, AT + timedelta(minutes=minutes)).failed == failed, minutes


def test_after_a_day_a_message_is_given_up_and_shown(database):
    away = {"email": Smtp("127.0.0.1", 1, "offsite@invented.example", "none")}
    assert dispatch(database, away, AT + GIVEN_UP_AFTER - timedelta(seconds=1)).dead == 0
    assert dispatch(database, away, AT + GIVEN_UP_AFTER + timedelta(hours=1)).dead == 2
    assert dispatch(database, away, AT + GIVEN_UP_AFTER + timedelta(hours=2)) == (0, 0, 0)


def test_files_take_their_own_place_when_repeated(tmp_path):
    channel = Files(tmp_path / "outbox", "offsite@invented.example")
    channel.send(MAIL)
    channel.send(MAIL)
    [file] = (tmp_path / "outbox").iterdir()
    assert "Message-ID: <abc@offsite.invalid>" in file.read_text()


def test_links_lead_to_where_the_settings_say(tmp_path):
    channel = MessageSettings(base_url="https://offsite.invented.example/").channels(tmp_path, demo=True)["email"]
    channel.send(MAIL._replace(body="- alert A-1: offsite:/alerts/A-1"))
    [file] = tmp_path.iterdir()
    assert "A-1: https://offsite.invented.example/alerts/A-1" in file.read_text()


def test_a_demonstration_can_never_send_real_mail(tmp_path):
    channels = MessageSettings(channel="smtp").channels(tmp_path, demo=True)
    assert all(isinstance(channel, Files) for channel in channels.values())


@pytest.mark.parametrize("more", [60, 68, 70, 74, 77, 78, 120])
def test_a_subject_of_any_length_is_read_as_it_was_written(more):
    subject = f"Offsite: {'A-7K2F9R, ' * 20}"[:more].strip()
    mail = bytes(as_email(Outgoing("abc@offsite.invalid", "dsl@invented.example", subject, "x\n"), "o@invented.example", ""))
    assert message_from_bytes(mail, policy=policy.default)["Subject"] == subject
