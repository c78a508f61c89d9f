"""Texts by GOV.UK Notify and calls by Apprise, against stand-ins on loopback that speak the real protocols."""

import pytest

from offsite.messages.channels import Bounced, ChannelError, Outgoing, Unready
from offsite.messages.channels.apprise import Apprise
from offsite.messages.channels.files import Files
from offsite.messages.channels.notify import Notify
from offsite.messages.settings import MessageSettings

NUMBER = "+447700900123"
TEXT = Outgoing("abc@offsite.invalid", NUMBER, "Offsite: critical A-7K2F9R", "Offsite. Act now: offsite:/alerts/A-7K2F9R\n")
KEY = "offsite-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "740e5834-3a29-46b4-9a6f-16142fde533a"
NOTIFY = {"kind": "notify", "template": TEMPLATE}


def test_notify_is_given_number_words_link_and_the_messages_id(texts, notify_service):
    texts.send(TEXT)
    [taken] = notify_service.taken
    assert taken["phone_number"] == NUMBER
    assert taken["reference"] == "abc@offsite.invalid"
    assert taken["personalisation"] == {"message": "Offsite. Act now: https://offsite.invented.example/alerts/A-7K2F9R"}


def test_a_repeat_carries_the_same_reference(texts, notify_service):
    texts.send(TEXT)
    texts.send(TEXT)
    assert [taken["reference"] for taken in notify_service.taken] == ["abc@offsite.invalid"] * 2


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        ((400, "ValidationError", "phone_number {phone} Not a UK mobile number"), Bounced, "400 .*Not a UK mobile number"),
        ((400, "BadRequestError", "Can't send to this recipient using a team-only API key"), Bounced, "400 .*team-only"),
        ((400, "BadRequestError", "Missing personalisation: message"), ChannelError, "400 .*Missing personalisation"),
        ((403, "AuthError", "Invalid token: API key not found"), ChannelError, "403 .*API key not found"),
        ((429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"), ChannelError, "429"),
        ((429, "TooManyRequestsError", "Exceeded send limits (250) for today"), ChannelError, "429 .*send limits"),
        ((500, "Exception", "Internal server error"), ChannelError, "500 .*Internal server error"),
    ],
)
def test_what_notify_refuses_is_said_without_the_number(texts, notify_service, caplog, answer, kind, said):
    notify_service.answers = [answer]
    with pytest.raises(ChannelError, match=said) as error:
        texts.send(TEXT)
    assert type(error.value) is kind
    assert "7700" not in str(error.value) + caplog.text
    assert notify_service.taken == []


def test_a_wrong_key_is_refused_by_its_signature(notify_service):
    wrong = Notify(KEY[:-1] + "1", TEMPLATE, f"http://{notify_service.address}")
    with pytest.raises(ChannelError, match=r"403 .*API key not found"):
        wrong.send(TEXT)


def test_a_notify_that_is_away_is_an_error_in_words():
    with pytest.raises(ChannelError, match=r"GOV\.UK Notify could not be reached"):
        Notify(KEY, TEMPLATE, "http://127.0.0.1:1").send(TEXT)


def test_apprise_is_given_number_words_link_and_the_messages_id(calls, webhook):
    calls.send(TEXT)
    [(path, message_id, sent)] = webhook.taken
    assert path == "/ring/447700900123"
    assert message_id == "abc"
    assert sent["message"] == "Offsite. Act now: https://offsite.invented.example/alerts/A-7K2F9R"


@pytest.mark.parametrize("status", [400, 403, 429, 500])
def test_what_a_service_refuses_is_said_with_its_status_and_no_number(calls, webhook, caplog, capfd, status):
    webhook.answers = [status]
    with pytest.raises(ChannelError, match=f"json:// said {status}") as error:
        calls.send(TEXT)
    assert "7700" not in str(error.value) + caplog.text + "".join(capfd.readouterr())


def test_a_service_that_is_away_or_unknown_is_an_error_in_words():
    with pytest.raises(ChannelError, match="json:// could not be reached"):
        Apprise("json://127.0.0.1:1/{phone}").send(TEXT)
    with pytest.raises(ChannelError, match="knows no service"):
        Apprise("nosuchservice://secret/{phone}").send(TEXT)


def test_beside_mail_every_channel_is_off_until_it_is_named(tmp_path):
    assert list(MessageSettings().channels(tmp_path, demo=False)) == ["email", "phone"]


def test_a_key_or_an_address_may_come_from_a_file(tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")
    (tmp_path / "address").write_text("twilio://AC0:token@15551234567/{phone}\n")
    settings = MessageSettings(
        text={**NOTIFY, "api_key_file": tmp_path / "key"}, call={"kind": "apprise", "address_file": tmp_path / "address"}
    )
    channels = settings.channels(tmp_path, demo=False)
    assert channels["text"].api_key == KEY
    assert channels["call"].taker == "the service behind twilio://"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (NOTIFY, "messages.text has no api_key: set OFFSITE_MESSAGES__TEXT__API_KEY or messages.text.api_key_file"),
        ({**NOTIFY, "api_key": "short"}, "messages.text.api_key is no key of GOV.UK Notify"),
        ({**NOTIFY, "api_key_file": "/nowhere/key"}, "messages.text.api_key_file cannot be read: No such file"),
        ({"kind": "apprise"}, "messages.text has no address: set OFFSITE_MESSAGES__TEXT__ADDRESS"),
        ({"kind": "apprise", "address": "json://127.0.0.1/"}, "messages.text.address has no {phone}"),
    ],
)
def test_a_channel_that_lacks_something_says_so_and_holds_no_other_back(tmp_path, text, why):
    channels = MessageSettings(text=text).channels(tmp_path, demo=False)
    assert isinstance(channels["text"], Unready)
    with pytest.raises(ChannelError) as error:
        channels["text"].send(TEXT)
    assert why in str(error.value)
    assert isinstance(channels["email"], Files)


def test_a_mail_server_without_its_password_holds_no_text_back(tmp_path):
    settings = MessageSettings(channel="smtp", user="offsite", text={**NOTIFY, "api_key": KEY})
    channels = settings.channels(tmp_path, demo=False)
    assert isinstance(channels["email"], Unready)
    assert isinstance(channels["text"], Notify)


def test_a_demonstration_has_files_only_whatever_is_set(tmp_path):
    settings = MessageSettings(
        channel="smtp", text={**NOTIFY, "api_key": KEY}, call={"kind": "apprise", "address": "json://127.0.0.1/{phone}"}
    )
    channels = settings.channels(tmp_path / "outbox", demo=True)
    assert set(channels) == {"email", "phone", "text", "call"}
    assert all(isinstance(channel, Files) for channel in channels.values())
    channels["text"].send(TEXT)
    assert len(list((tmp_path / "outbox").iterdir())) == 1


def test_settings_and_secrets_meet_from_file_and_environment(tmp_path, monkeypatch):
    from offsite.casework.keeping.settings import Settings

    (tmp_path / "offsite.toml").write_text(f'[messages.text]\nkind = "notify"\ntemplate = "{TEMPLATE}"\n')
    monkeypatch.setenv("OFFSITE_MESSAGES__TEXT__API_KEY", KEY)
    settings = Settings.read(tmp_path / "offsite.toml").messages
    assert isinstance(settings.channels(tmp_path, demo=False)["text"], Notify)
    assert KEY not in repr(settings)
