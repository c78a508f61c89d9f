"""Handing an alert over: to whom it can be, whom that tells, and that it is waited for until they read it themselves."""

import pytest

from models.message import Message
from offsite.casework.refusals import Refused
from offsite.casework.replay.scenario import moment
from offsite.messages.escalation import escalate

ABOUT = {"rule": "concern-raised", "placement": "p1", "subject": "c1"}


@pytest.fixture
def concern(placed, databases_kept):
    """Critical, told to dsl1 and ddsl1 at 10:20."""
    databases_kept.entered(placed, _raise_concern)
    return placed


def _raise_concern(placed):
    placed.do("change_settings", "2026-08-31 10:00", hours_threshold=30)
    placed.do("raise_concern", "2026-11-10 10:20", concern="c1", placement="p1", kind="concern", about="pupil", text="bruise")


def at(clock):
    return f"2026-11-10 {clock}"


def escalated(school, clock):
    with school.database.writing() as session:
        return escalate(session, school.school(), moment(at(clock)))


def handed(school):
    with school.database.reading() as session:
        refs = school.school().person_refs
        rows = session.query(Message).filter(Message.kind == "handed_over").order_by(Message.id)
        return [(refs[row.person_id], row.role, row.severity, row.channel) for row in rows]


def steps(school):
    return [
        (step["step"], step["by"], step["to"]) for a in school.alerts() if a["rule"] == "concern-raised" for step in a["steps"]
    ]


def test_whoever_it_is_handed_to_is_told_at_once_by_reference_alone(concern):
    concern.do("hand_over", at("10:30"), by="dsl1", to="ddsl1", **ABOUT)
    assert handed(concern) == [("ddsl1", "deputy_dsl", "critical", "email")]
    with concern.database.reading() as session:
        row = session.query(Message).filter(Message.kind == "handed_over").one()
        subject, body = row.subject, row.body
    [alert] = [a for a in concern.alerts() if a["rule"] == "concern-raised"]
    assert subject == f"Offsite: Handed over to you: critical {alert['alert']}"
    assert "handed over to you by dsl1" in body and f"offsite:/alerts/{alert['alert']}" in body
    assert not any(word in body for word in ("Dana", "Drew", "Ana", "bruise", "concern"))
    assert steps(concern) == [("handed_over", "dsl1", "ddsl1")]


def test_its_clock_begins_anew_and_it_goes_further_until_acknowledged(concern):
    """Escalated once before: what was written then says nothing of the new wait."""
    assert escalated(concern, "10:35") == 2
    concern.do("hand_over", at("10:40"), by="dsl1", to="ddsl1", **ABOUT)
    assert [escalated(concern, clock) for clock in ("10:50", "10:54", "10:55", "10:56", "11:09", "11:10", "11:11")] == [
        0, 0, 2, 0, 0, 1, 0,
    ]  # fmt: skip


@pytest.mark.parametrize(("command", "by"), [("acknowledge", "ddsl1"), ("take", "ddsl1"), ("take", "head1")])
def test_it_waits_no_longer_once_the_receiver_has_read_it_or_anybody_takes_it(concern, command, by):
    concern.do("hand_over", at("10:30"), by="dsl1", to="ddsl1", **ABOUT)
    more = {"next_step": "ring home", "due": "2026-11-10"} if command == "take" else {}
    concern.do(command, at("10:44"), by=by, **ABOUT, **more)
    assert escalated(concern, "12:00") == 0


@pytest.mark.parametrize("by", ["dsl1", "head1"])
def test_that_somebody_else_has_read_it_ends_no_waiting(concern, by):
    concern.do("acknowledge", at("10:25"), by="dsl1", **ABOUT)
    concern.do("hand_over", at("10:30"), by="dsl1", to="ddsl1", **ABOUT)
    concern.do("acknowledge", at("10:31"), by=by, **ABOUT)
    assert steps(concern)[-1] == ("read", by, None)
    assert escalated(concern, "10:45") == 2


def test_handed_there_and_back_each_is_told_again(concern):
    for clock, by, to in (("10:30", "dsl1", "ddsl1"), ("10:31", "ddsl1", "dsl1"), ("10:32", "dsl1", "ddsl1")):
        concern.do("hand_over", at(clock), by=by, to=to, **ABOUT)
    assert [person for person, *_ in handed(concern)] == ["ddsl1", "dsl1", "ddsl1"]
    assert escalated(concern, "10:46") == 0
    assert escalated(concern, "10:47") == 2


def test_handed_to_a_role_all_who_hold_it_are_told_and_any_of_them_reads_it(concern):
    concern.do("add_person", at("09:00"), id="ddsl2", roles=["deputy_dsl"], name="Two", email="two@hilltop.example")
    concern.do("hand_over", at("10:30"), by="dsl1", to="deputy_dsl", **ABOUT)
    assert [(person, role) for person, role, *_ in handed(concern)] == [("ddsl1", "deputy_dsl"), ("ddsl2", "deputy_dsl")]
    concern.do("acknowledge", at("10:31"), by="ddsl2", **ABOUT)
    assert escalated(concern, "12:00") == 0


@pytest.mark.parametrize("to", ["dsl1", "dsl", "att1", "clerk1", "gov1", "prov1", "provider", "nobody", "silent"])
def test_it_is_handed_to_nobody_who_does_not_see_it_nor_to_oneself(concern, to):
    """The attendance lead is not told of a concern, nor is a provider; somebody without an address could not be told."""
    concern.do(
        "add_person", at("09:00"), id="prov1", roles=["provider"], name="P", email="p@invented.example", provider="centre"
    )
    concern.do("add_person", at("09:00"), id="silent", roles=["deputy_dsl"], name="S")
    before = concern.rows()
    with pytest.raises(Refused, match="allowed: ddsl1, head1"):
        concern.do("hand_over", at("10:30"), by="dsl1", to=to, **ABOUT)
    assert concern.rows() == before


def test_it_is_handed_to_nobody_whom_it_is_against(placed):
    placed.do("raise_concern", at("10:20"), concern="c1", placement="p1", kind="allegation", about="placement", against="ddsl1")
    with pytest.raises(Refused, match="allowed: head1"):
        placed.do("hand_over", at("10:30"), by="dsl1", to="ddsl1", **ABOUT)


def test_somebody_of_a_provider_hands_over_by_role_and_is_told_no_names(placed):
    placed.do(
        "add_person", at("09:00"), id="prov1", roles=["provider"], name="P", email="p@invented.example", provider="centre"
    )
    placed.do("record_contact", "2026-11-16 09:50", placement="p1", with_="provider", reached=False)
    [alert] = [a for a in placed.alerts() if a["rule"] == "register-not-received"]
    about = {"rule": "register-not-received", "placement": "p1", "subject": alert["subject"]}
    with pytest.raises(Refused) as refused:
        placed.do("hand_over", "2026-11-16 10:00", by="prov1", to="nobody", **about)
    assert str(refused.value).endswith("allowed: dsl, deputy_dsl, head, attendance, senco, designated_teacher.")
    placed.do("hand_over", "2026-11-16 10:00", by="prov1", to="attendance", **about)
    assert handed(placed)[0][:2] == ("att1", "attendance")


def test_what_is_not_urgent_is_told_at_once_too(placed):
    """Medium: it would be in no more than a digest, and goes no further."""
    for day in ("2026-11-08", "2026-11-09"):
        placed.do("report_progress", f"{day} 09:00", placement="p1", objectives={"o1": "red"})
    about = {"rule": "objective-off-track", "placement": "p1", "subject": "o1"}
    placed.do("hand_over", at("10:30"), by="att1", to="head1", **about)
    assert handed(placed) == [("head1", "head", "medium", "email")]
