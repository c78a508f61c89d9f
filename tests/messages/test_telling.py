"""Who is told, when, and in which words."""

import pytest

from models.message import Message
from offsite.casework.replay.scenario import moment
from offsite.messages.addressing import whom
from offsite.messages.digest import digest_due, send_digests
from offsite.messages.escalation import escalate
from offsite.messages.wording import KINDS, Line, word

RAISED = "2026-11-10 10:20"
MON_10_20 = moment(RAISED)


@pytest.fixture
def hilltop(hilltop, databases_kept):
    """Full-time with a non-school provider is no alert of its own here: only what a test raises is told."""
    databases_kept.entered(hilltop, _set_a_high_threshold)
    return hilltop


def _set_a_high_threshold(hilltop):
    hilltop.do("change_settings", "2026-08-31 10:00", hours_threshold=30)


def told(hilltop, kind=None):
    with hilltop.database.reading() as session:
        refs = hilltop.school().person_refs
        rows = session.query(Message).order_by(Message.id).all()
        return [(row.kind, refs.get(row.person_id), row.channel) for row in rows if kind in (None, row.kind)]


def who(hilltop, roles, at=RAISED, against=None, provider_email=None):
    school = hilltop.school()
    found = whom(school, roles, moment(at), {against} if against else (), provider_email)
    return [school.person_refs.get(one.person_id, one.address) for one in found]


def test_everyone_with_the_role_is_told_once(hilltop):
    assert who(hilltop, ["attendance", "senco", "dsl"]) == ["att1", "dsl1"]


@pytest.mark.parametrize(
    ("against", "expected"),
    [
        ("head", ["dsl1", "gov1"]), ("head1", ["dsl1", "gov1"]), ("dsl", ["head1", "ddsl1"]), ("dsl1", ["head1", "ddsl1"]),
        ("att1", ["dsl1", "head1"]),
    ],
)  # fmt: skip
def test_whom_a_concern_is_against_is_never_told(hilltop, against, expected):
    found = who(hilltop, ["dsl", "head"], against=against)
    assert sorted(found) == sorted(expected)


def test_a_chair_takes_the_heads_place_before_the_governors(hilltop):
    hilltop.do("add_person", "2026-11-01", id="chair1", roles=["chair"], name="C", email="c@hilltop.example")
    assert who(hilltop, ["head"], against="head") == ["chair1"]


def test_somebody_covering_a_role_is_told_too(hilltop):
    hilltop.do("cover", "2026-11-16", role="dsl", person="att1", from_="2026-11-17", to="2026-11-18")
    assert "att1" not in who(hilltop, ["dsl"], at="2026-11-16 23:00")
    assert "att1" in who(hilltop, ["dsl"], at="2026-11-17 00:00")
    assert "att1" in who(hilltop, ["dsl"], at="2026-11-18 23:00")
    assert "att1" not in who(hilltop, ["dsl"], at="2026-11-19 00:00")


def test_an_empty_role_goes_to_the_dsl_never_to_nobody(hilltop):
    assert who(hilltop, ["data_protection"]) == ["dsl1"]
    assert who(hilltop, ["provider"], provider_email="lead@workshop.example") == ["lead@workshop.example"]
    assert who(hilltop, ["provider"]) == ["dsl1"]


@pytest.fixture
def provided(placed):
    """Two providers, somebody of each; the placement is at the centre."""
    contact = {"name": "Invented Lead", "email": "lead@workshop.example"}
    placed.do("change_provider", "2026-11-05 09:00", provider="centre", contact=contact)
    placed.do("add_provider", "2026-11-05 09:00", id="college", name="Invented College", kind="fe_college")
    for person, provider in (("prov1", "centre"), ("prov2", "college")):
        placed.do("add_person", "2026-11-05 09:00", id=person, roles=["provider"], name="P", email=f"{person}@invented.example",
                  provider=provider)  # fmt: skip
    return placed


def test_of_a_provider_its_contact_is_told_else_its_own_people_never_anothers(provided):
    school, centre = provided.school(), provided.case().provider.id
    refs = [
        [school.person_refs.get(one.person_id, one.address) for one in whom(school, ["provider"], moment(RAISED), (), *of)]
        for of in (("lead@workshop.example", centre), (None, centre), (None, None))
    ]
    assert refs == [["lead@workshop.example"], ["prov1"], ["dsl1"]]


def test_a_digest_of_a_placement_goes_to_its_provider_alone(provided):
    for day in ("2026-11-17", "2026-11-18"):
        provided.do("report_progress", f"{day} 09:00", placement="p1", objectives={"o1": "red"})
    [alert] = [a["alert"] for a in provided.alerts() if a["rule"] == "objective-off-track"]
    school = provided.school()
    with provided.database.writing() as session:
        send_digests(session, school, moment("2026-11-19 06:15"))
        told = session.query(Message).filter(Message.kind == "digest", Message.role == "provider").all()
        assert [row.address for row in told if alert in row.alerts] == ["lead@workshop.example"]
        assert not [row for row in told if row.address != "lead@workshop.example"]
        send_digests(session, school, moment("2026-11-20 06:15"))
        assert not [row for row in session.query(Message).filter(Message.role == "provider") if row.created_at.day == 20]


def against_dsl(hilltop):
    hilltop.do("raise_concern", RAISED, concern="c1", placement="p1", kind="allegation", about="placement", against="dsl1",
               text="an invented allegation")  # fmt: skip
    refs = hilltop.school().person_refs
    with hilltop.database.reading() as session:
        return {refs[row.person_id]: row.body for row in session.query(Message).filter(Message.kind != "account")}


NOBODY_READS = "Nobody is left who may read all of it. Appoint a deputy designated safeguarding lead"


def test_of_an_allegation_against_the_dsl_head_and_deputy_are_told(placed):
    bodies = against_dsl(placed)
    assert set(bodies) == {"head1", "ddsl1"}
    assert not any(NOBODY_READS in body for body in bodies.values())


@pytest.mark.parametrize("left", [{"roles": ["senco"]}, {"email": "head@hilltop.example", "roles": ["clerk"]}])
def test_where_nobody_is_left_who_may_read_it_the_head_is_told_whom_to_appoint(placed, left):
    placed.do("change_person", "2026-11-09 09:00", person="ddsl1", **left)
    bodies = against_dsl(placed)
    assert set(bodies) == {"head1"} and NOBODY_READS in bodies["head1"]
    assert escalated(placed, "2026-11-10 10:35") == 1
    with placed.database.reading() as session:
        assert NOBODY_READS in session.query(Message).filter(Message.kind == "escalation").one().body


def test_of_a_concern_somebody_is_told_who_may_read_it_though_the_rule_names_them_not(placed):
    """A missing child is for DSL, head and attendance lead; there is no DSL, and the head may not read it."""
    placed.do("change_person", "2026-11-09 09:00", person="dsl1", roles=["senco"])
    placed.do("raise_concern", RAISED, concern="c1", placement="p1", kind="missing", about="pupil", text="ran off")
    [missing], refs = [a["alert"] for a in placed.alerts() if a["rule"] == "child-missing"], placed.school().person_refs
    with placed.database.reading() as session:
        told = {refs[row.person_id] for row in session.query(Message) if missing in row.alerts}
    assert told == {"head1", "att1", "ddsl1"}


def test_of_an_allegation_against_the_head_dsl_and_chair_are_told(placed):
    placed.do("add_person", "2026-11-01", id="chair1", roles=["chair"], name="C", email="c@hilltop.example")
    placed.do("raise_concern", RAISED, concern="c1", placement="p1", kind="allegation", about="placement", against="head")
    assert {person for _, person, _ in told(placed)} == {"dsl1", "ddsl1", "chair1"}
    escalated(placed, "2026-11-10 10:35")
    assert {person for kind, person, _ in told(placed, "escalation")} == {"ddsl1", "chair1"}


@pytest.fixture
def concern(placed, databases_kept):
    databases_kept.entered(placed, _raise_concern)
    return placed


def _raise_concern(placed):
    placed.do("raise_concern", RAISED, concern="c1", placement="p1", kind="concern", about="pupil", text="bruise")


def escalated(hilltop, at):
    with hilltop.database.writing() as session:
        return escalate(session, hilltop.school(), moment(at))


def test_critical_is_told_at_once_to_everyone_and_always_the_dsl(concern):
    assert told(concern) == [("alert", "dsl1", "email"), ("alert", "ddsl1", "email")]


def test_critical_goes_further_at_15_and_30_minutes(concern):
    assert escalated(concern, "2026-11-10 10:34") == 0
    assert escalated(concern, "2026-11-10 10:35") == 2
    assert escalated(concern, "2026-11-10 10:49") == 0
    assert escalated(concern, "2026-11-10 10:50") == 1
    assert told(concern)[2:] == [
        ("escalation", "ddsl1", "email"), ("escalation", "head1", "email"), ("phone", "head1", "phone"),
    ]  # fmt: skip
    assert escalated(concern, "2026-11-11 10:50") == 0


@pytest.fixture
def flood(concern):
    """Three concerns at once, and a fourth two minutes later."""
    for name, at in (("c2", RAISED), ("c3", RAISED), ("c4", "2026-11-10 10:22")):
        concern.do("raise_concern", at, concern=name, placement="p1", kind="concern", about="pupil")
    return concern


def lists(hilltop, kind):
    """To whom, and about which concerns."""
    refs, about = hilltop.school().person_refs, {a["alert"]: a["subject"] for a in hilltop.alerts()}
    with hilltop.database.reading() as session:
        rows = session.query(Message).filter(Message.kind == kind).order_by(Message.id).all()
        return [(refs[row.person_id], [about[ref] for ref in row.alerts]) for row in rows]


def test_what_goes_further_at_once_is_one_message_a_person_and_none_is_lost(flood):
    assert [escalated(flood, f"2026-11-10 10:{minute}") for minute in (35, 36, 37, 38)] == [2, 0, 2, 0]
    first, later = ["c1", "c2", "c3"], ["c4"]
    assert lists(flood, "escalation") == [("ddsl1", first), ("head1", first), ("ddsl1", later), ("head1", later)]
    flood.do("acknowledge", "2026-11-10 10:40", by="dsl1", rule="concern-raised", placement="p1", subject="c2")
    assert escalated(flood, "2026-11-10 10:52") == 1
    assert lists(flood, "phone") == [("head1", ["c1", "c3", "c4"])]
    assert escalated(flood, "2026-11-11 10:52") == 0


def test_a_message_of_many_holds_a_link_for_each(flood):
    escalated(flood, "2026-11-10 10:37")
    with flood.database.reading() as session:
        row = session.query(Message).filter(Message.kind == "escalation", Message.role == "head").one()
        assert row.subject.startswith("Offsite: Not acknowledged: critical A-") and row.subject.endswith(" and 1 more")
        assert all(row.body.count(f"offsite:/alerts/{ref}") == 1 for ref in row.alerts) and len(row.alerts) == 4


def test_what_is_acknowledged_goes_no_further(concern):
    concern.do("acknowledge", "2026-11-10 10:30", by="dsl1", rule="concern-raised", placement="p1", subject="c1")
    assert escalated(concern, "2026-11-10 12:00") == 0


def test_high_goes_further_at_the_end_of_the_next_school_day(placed):
    """A start nobody recorded, on Monday the 16th; the next school day ends on Tuesday at 15:15."""
    placed.do("record_contact", "2026-11-16 10:00", placement="p1", with_="provider")
    [alert] = [a for a in placed.alerts() if a["rule"] == "start-not-recorded"]
    before = len(told(placed, "escalation"))
    assert escalated(placed, "2026-11-17 15:14") == before == 0
    assert escalated(placed, "2026-11-17 15:15") >= 2
    assert alert["severity"] == "high"


def test_what_becomes_worse_after_it_was_acknowledged_waits_to_be_acknowledged_again(placed):
    """What was read was a milder one: nobody has read that it is critical now."""
    of = {"rule": "start-not-recorded", "placement": "p1"}
    placed.do("record_contact", "2026-11-16 10:00", placement="p1", with_="provider")
    placed.do("take", "2026-11-16 10:05", by="head1", next_step="ring them", due="2026-11-16", **of)
    placed.do("change_pupil", "2026-11-16 10:10", pupil="ana", social_worker=True)
    [alert] = [a for a in placed.alerts() if a["rule"] == of["rule"]]
    assert alert["severity"] == "critical"

    def further(at):
        escalated(placed, at)
        with placed.database.reading() as session:
            return sum(alert["alert"] in row.alerts for row in session.query(Message).filter_by(kind="escalation"))

    assert further("2026-11-16 10:24") == 0
    assert (first := further("2026-11-16 10:25")) >= 1
    placed.do("acknowledge", "2026-11-16 10:27", by="dsl1", **of)
    assert further("2026-11-18 12:00") == first


def test_the_digest_comes_at_06_15_and_tells_each_thing_once(placed):
    placed.do("close_day", "2026-11-10 09:00", day="2026-12-18", reason="INSET")
    with placed.database.writing() as session:
        school = placed.school()
        assert not digest_due(session, 1, moment("2026-11-17 06:14"))
        assert digest_due(session, 1, moment("2026-11-17 06:15"))
        first = send_digests(session, school, moment("2026-11-17 06:15"))
        assert send_digests(session, school, moment("2026-11-18 06:15")) == 0
    assert first == len(told(placed, "digest"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("instead_of", [None, "clerk"])
def test_no_message_holds_a_personal_word(concern, kind, instead_of):
    lines = [Line("A-7K2F9R", "p1", None, "critical"), Line("A-8K2F9R", "p1", moment(RAISED).date(), "high")]
    said = word(kind, "critical", "dsl", lines, instead_of)
    text = f"{said.subject}\n{said.body}".lower()
    for personal in ("ana", "brook", "workshop", "bruise", "chair", "2011", "ehc", "health", "home.example", "concern"):
        assert personal not in text.replace("manager", "")
    assert "A-7K2F9R" in said.subject
    assert "A-7K2F9R" in said.body


def test_messages_of_real_alerts_hold_no_personal_word(concern):
    with concern.database.reading() as session:
        for row in session.query(Message):
            for personal in ("Ana", "Brook", "Workshop", "bruise", "Dana", "EHC"):
                assert personal not in row.subject + row.body
