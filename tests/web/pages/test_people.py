"""The page of people: who covers which role when, how everybody is reached, test messages, and the warning on every page."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from offsite.casework.command import Said, commands
from offsite.casework.perform import perform
from offsite.casework.watch.rule_runner import NoRules
from offsite.messages.channels import Unready
from offsite.messages.channels.smtp import Smtp

HERE, ELSEWHERE = "999001", "999003"
LACKING = "messages.text has no api_key: set OFFSITE_MESSAGES__TEXT__API_KEY or messages.text.api_key_file"
AWAY = Smtp("127.0.0.1", 1, "offsite@invented.example", "none")


@pytest.fixture
def do(two_schools, pages):
    def doing(name, **fields):
        command = commands()[name].model_validate(fields)
        return perform(two_schools.database, two_schools.key_file, HERE, Said(command, pages.clock.at), NoRules())

    return doing


@pytest.fixture
def mail_away(two_schools, monkeypatch):
    monkeypatch.setitem(two_schools.channels, "email", AWAY)


def press(who, ref, **typed):
    """The page of people after a press of the test button."""
    answer = who.post(f"/people/{ref}/test", page="/people", **typed)
    assert answer.status_code == 303
    return who.get(answer.headers["location"]).text


def outbox(two_schools):
    return len(list((two_schools.data / "outbox").glob("*.eml")))


def test_a_test_message_is_sent_at_once_and_its_outcome_said(pages, two_schools):
    before = outbox(two_schools)
    said = press(pages.as_("head1"), "clerk1", channel="email")
    assert "Test message to clerk1 by e-mail, Wed 25 Nov 2026, 10:20am: handed to the outbox folder" in said
    assert "Last handed to the outbox folder Wed 25 Nov 2026, 10:20am" in said
    assert outbox(two_schools) == before + 1


def test_a_double_click_sends_one_test_message(pages, two_schools):
    who, before = pages.as_("head1"), outbox(two_schools)
    first, second = (press(who, "att1", channel="email", key="the-same") for _ in range(2))
    assert "handed to" in first and "handed to" in second
    assert outbox(two_schools) == before + 1


def test_a_test_message_that_fails_says_why(pages, mail_away):
    said = press(pages.as_("head1"), "gov1", channel="email")
    assert "failed: the mail server could not be reached: ConnectionRefusedError" in said


def test_a_channel_without_a_number_or_switched_off_cannot_be_tested(pages, two_schools, monkeypatch):
    who = pages.as_("head1")
    assert "off; whoever runs Offsite may switch it on" in who.get("/people").text
    assert who.post("/people/gov1/test", page="/people", channel="text").status_code == 422
    monkeypatch.setitem(two_schools.channels, "text", Unready("messages.text has no api_key"))
    assert "cannot be used: messages.text has no api_key." in who.get("/people").text
    assert "no phone number on record" in who.get("/people").text
    assert who.post("/people/gov1/test", page="/people", channel="text").status_code == 422


def test_a_text_is_tested_and_a_number_that_cannot_be_dialled_is_said(pages, two_schools, monkeypatch, do):
    monkeypatch.setitem(two_schools.channels, "text", Unready("messages.text has no api_key"))
    do("change_person", person="clerk1", phone="07700 900123")
    do("change_person", person="att1", phone="01632 960001 ext 12")
    who = pages.as_("head1")
    assert "cannot be dialled from anywhere" in who.get("/people").text
    assert "by text, Wed 25 Nov 2026, 10:20am: <strong" in press(who, "clerk1", channel="text")
    assert "failed: messages.text has no api_key." in press(who, "clerk1", channel="text")


def test_every_page_warns_while_the_safeguarding_lead_cannot_be_reached(pages, two_schools, mail_away, monkeypatch):
    """Whoever looks: a test that fails begins it, one that is taken ends it."""
    lead, clerk = pages.as_("dsl1"), pages.as_("clerk1")
    warned = "The designated safeguarding lead cannot be reached: what was sent to them last came back or was given up."
    looked_at = [(lead, "/dsl"), (lead, "/placements"), (clerk, "/clerk"), (clerk, "/placements/H8JE-66"), (clerk, "/account"),
                 (clerk, "/dsl"), (clerk, "/nowhere"), (clerk, "/placements/NONE"), (clerk, "/clerk?page=x")]  # fmt: skip
    assert not any(warned in who.get(path).text for who, path in looked_at)
    press(lead, "dsl1", channel="email")
    assert all(warned in who.get(path).text for who, path in looked_at)
    assert warned not in pages.as_("dsl1", ELSEWHERE).get("/dsl").text
    assert f"{HERE}: dsl cannot be reached" in lead.get("/health").text
    monkeypatch.undo()
    pages.clock.at += timedelta(minutes=1)
    press(lead, "dsl1", channel="email")
    assert not any(warned in who.get(path).text for who, path in looked_at)


def test_a_test_message_of_the_other_school_is_not_shown(pages):
    answer = pages.as_("head1", ELSEWHERE).post("/people/clerk1/test", page="/people", channel="email")
    theirs = answer.headers["location"]
    assert "Test message to clerk1" in pages.as_("head1", ELSEWHERE).get(theirs).text
    assert "Test message to" not in pages.as_("head1").get(theirs).text
    assert "Test message to" not in pages.as_("head1").get("/people?tested=%25").text


def test_covers_in_force_and_coming_are_shown_by_role(pages, do):
    do("cover", role="dsl", person="head1", **{"from": "2026-11-25", "to": "2026-11-25"})
    do("cover", role="dsl", person="att1", **{"from": "2026-11-26", "to": "2026-11-27"})
    said = pages.as_("head1").get("/people").text
    assert "Invented Person Three (head1) until Wednesday 25 November 2026" in said
    assert "Invented Person Six (att1) from Thursday 26 November 2026 to Friday 27 November 2026" in said
    pages.clock.at += timedelta(days=1)
    said = pages.as_("head1").get("/people").text
    assert "(head1) until" not in said
    assert "Invented Person Six (att1) until Friday 27 November 2026" in said
    pages.clock.at += timedelta(days=2)
    assert "November 2026" not in pages.as_("head1").get("/people").text.split("How everybody is reached")[0]


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_in_a_browser_a_head_tests_a_text_that_fails_then_mail_that_leaves(pages, two_schools, tab, monkeypatch, do, script):
    """On a phone, with every channel on: one press a way, the outcome in words, nothing that axe complains of."""
    monkeypatch.setitem(two_schools.channels, "text", Unready(LACKING))
    monkeypatch.setitem(two_schools.channels, "call", Unready("messages.call has no address"))
    do("change_person", person="clerk1", phone="07700 900123")
    page = tab("head1", script=script, width=360)
    page.goto("/people")
    page.get_by_role("button", name="Test message to clerk1 by text").click()
    assert page.get_by_role("status").get_by_text(f"failed: {LACKING}.").is_visible()
    page.get_by_role("button", name="Test message to clerk1 by e-mail").click()
    assert page.get_by_role("status").get_by_text("handed to the outbox folder").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    if script:
        assert [found["id"] for found in Axe().run(page).response["violations"]] == []
