"""Nobody comes to read concerns by taking over the account of somebody who does, and nobody does so unseen."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from models.account import Account, AccountInvitation, Membership, OpenIdIdentity, SignIn, SignInAttempt
from models.message import Delivery, Message
from models.people import PersonDetails
from offsite.casework.command import Said, commands
from offsite.casework.perform import perform
from offsite.casework.watch.rule_runner import NoRules

HERE = "999001"
GOOD = "walnut-otter-lantern-quay"
DSL, DEPUTY, HEAD, ATT = (f"{who}@invented.example" for who in ("dsl", "deputy", "head", "attendance"))
OWN = "heads-own@elsewhere.example"
WHY = "reads concerns and you do not"


@pytest.fixture(autouse=True)
def afresh(two_schools):
    """Each test begins with no account and no message about one, and with everybody's first address."""
    with two_schools.database.writing() as session:
        for table in (OpenIdIdentity, AccountInvitation, SignIn, Membership, Account, SignInAttempt):
            session.execute(delete(table))
        about = select(Message.id).where(Message.kind == "account")
        session.execute(delete(Delivery).where(Delivery.message_id.in_(about)))
        session.execute(delete(Message).where(Message.kind == "account"))
    yield
    with two_schools.database.writing() as session:
        first = {}
        for row in session.scalars(select(PersonDetails).order_by(PersonDetails.id)):
            row.email = first.setdefault(row.person_id, row.email)


@pytest.fixture
def do(two_schools, pages):
    def doing(name, /, **fields):
        said = Said(commands()[name].model_validate(fields), pages.clock(), "head1")
        return perform(two_schools.database, two_schools.key_file, HERE, said, NoRules())

    return doing


def take_up(pages, ref):
    assert pages.nobody().post(f"/invitation/{pages.invite(ref)}", password=GOOD).status_code == 303


@pytest.fixture
def in_use(pages):
    """The accounts of the safeguarding lead and of the deputy were taken up."""
    for ref in ("dsl1", "ddsl1"):
        take_up(pages, ref)


def invite(who, ref):
    token = re.search(r'name="csrf" value="([^"]+)"', who.get("/people").text).group(1)
    return who.client.post(f"/people/{ref}/invite", data={"csrf": token})


def told(two_schools):
    """Address, severity and first sentence of every message about an account."""
    with two_schools.database.reading() as session:
        rows = session.scalars(select(Message).where(Message.kind == "account").order_by(Message.id)).all()
        return [(row.address, row.severity, row.body.partition(",")[0]) for row in rows]


def test_a_head_makes_no_account_link_for_the_deputy_at_an_address_of_their_own(pages, two_schools, do, in_use):
    do("change_person", person="ddsl1", email=OWN)
    head = pages.as_("head1")
    answer = invite(head, "ddsl1")
    assert answer.status_code == 422 and WHY in answer.text
    assert 'action="/people/ddsl1/invite"' not in head.get("/people").text
    assert 'action="/people/att1/invite"' in head.get("/people").text
    page = head.get("/people/ddsl1/account").text
    assert WHY in page and "Make an account link" not in page
    with two_schools.database.reading() as session:
        assert session.scalars(select(Account).where(Account.email == OWN)).first() is None


def test_whoever_will_cover_the_safeguarding_lead_is_kept_back_too(pages, do, in_use):
    do("cover", role="dsl", person="senco1", **{"from": pages.clock().date() + timedelta(days=7), "to": "2026-12-18"})
    assert invite(pages.as_("head1"), "senco1").status_code == 422


def test_another_who_reads_concerns_makes_the_link_and_it_is_told_at_the_old_address_too(pages, two_schools, do, in_use):
    do("change_person", person="ddsl1", email=OWN)
    before = len(told(two_schools))
    assert invite(pages.as_("dsl1"), "ddsl1").status_code == 200
    found = told(two_schools)[before:]
    assert {address for address, severity, _ in found if severity == "low"} == {DEPUTY, OWN}
    assert [one for one in found if one[1] == "critical"] == [(DSL, "critical", "A new account link was made for ddsl1")]


def test_the_address_of_the_account_is_told_however_long_ago_it_was_on_record(pages, two_schools, do):
    take_up(pages, "att1")
    do("change_person", person="att1", email="att-new@invented.example")
    pages.clock.at += timedelta(days=60)
    with two_schools.database.writing() as session:
        session.execute(delete(Message).where(Message.kind == "account"))
    assert invite(pages.as_("head1"), "att1").status_code == 200
    assert {address for address, *_ in told(two_schools)} == {ATT, "att-new@invented.example"}


def test_the_first_who_reads_concerns_is_let_in_by_any_leader_and_the_next_by_them(pages):
    head = pages.as_("head1")
    assert invite(head, "dsl1").status_code == 200
    assert invite(head, "dsl1").status_code == 200  # the first was lost
    take_up(pages, "dsl1")
    assert invite(head, "dsl1").status_code == invite(head, "ddsl1").status_code == 422
    assert invite(pages.as_("dsl1"), "ddsl1").status_code == 200


def test_ending_the_access_of_all_who_read_concerns_opens_no_way_in_and_is_told_at_once(pages, two_schools, in_use):
    head = pages.as_("head1")
    for ref in ("dsl1", "ddsl1"):
        assert head.post(f"/people/{ref}/account/end").status_code == 303
    assert invite(head, "ddsl1").status_code == 422
    assert told(two_schools) == [
        (DSL, "low", "Your access was ended"), (DEPUTY, "critical", "The access of dsl1 was ended"),
        (DEPUTY, "low", "Your access was ended"), (DSL, "critical", "The access of ddsl1 was ended"),
    ]  # fmt: skip
    with two_schools.database.reading() as session:
        sent = select(Message.address).join(Delivery, Delivery.message_id == Message.id)
        sent = sent.where(Message.kind == "account", Delivery.outcome == "sent")
        assert set(session.scalars(sent)) == {DSL, DEPUTY}


def test_a_link_for_somebody_who_reads_no_concerns_is_told_to_them_alone(pages, two_schools, in_use):
    assert invite(pages.as_("head1"), "att1").status_code == 200
    assert told(two_schools) == [(ATT, "low", "A new account link was made for you")]


@pytest.mark.parametrize("signs_in_with", ["password", "provider"])
def test_an_account_counts_as_taken_up_by_a_password_or_by_a_provider(pages, two_schools, signs_in_with):
    take_up(pages, "dsl1")
    if signs_in_with == "provider":
        with two_schools.database.writing() as session:
            account = session.scalars(select(Account).where(Account.email == DSL)).one()
            session.add(OpenIdIdentity(account_id=account.id, issuer="https://invented", subject="x", made_at=pages.clock()))
            session.execute(update(Account).values(password_hash=None))
    assert invite(pages.as_("head1"), "ddsl1").status_code == 422


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("change_person", {"person": "clerk1", "roles": ["clerk", "deputy_dsl"]}),
        ("add_person", {"id": "ddsl9", "roles": ["deputy_dsl"], "name": "Invented"}),
        ("cover", {"role": "dsl", "person": "senco1", "from": "2027-03-01", "to": "2027-03-02"}),
    ],
)
def test_whoever_reads_concerns_is_told_that_the_head_gave_somebody_a_role_that_does(two_schools, do, command, fields):
    who = fields.get("person") or fields["id"]
    try:
        do(command, **fields)
        assert {(to, severity) for to, severity, words in told(two_schools) if f"{who} was given a role" in words} >= {
            (DSL, "critical"), (DEPUTY, "critical")
        }  # fmt: skip
    finally:
        if command != "cover":
            do("change_person", person=who, roles=["clerk"])
    assert not [one for one in told(two_schools) if "att1 was given" in one[2]]


def test_a_role_that_reads_nothing_or_is_given_by_the_safeguarding_lead_is_not_told(two_schools, pages, do):
    do("change_person", person="senco1", roles=["senco", "designated_teacher"])
    said = commands()["add_person"].model_validate({"id": "ddsl8", "roles": ["deputy_dsl"], "name": "Invented"})
    perform(two_schools.database, two_schools.key_file, HERE, Said(said, pages.clock(), "dsl1"), NoRules())
    do("change_person", person="ddsl8", roles=["clerk"])
    assert told(two_schools) == []
