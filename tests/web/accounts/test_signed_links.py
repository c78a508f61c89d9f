"""A signed link: one register of one day, for as long as whoever handed it out could hand it out, and nothing beside it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from models.account import SignInAttempt
from models.attendance import Mark
from models.chronology import Event
from offsite.accounts import directory, ending
from offsite.casework.command import Said, commands
from offsite.casework.perform import perform
from offsite.casework.watch.rule_runner import NoRules

HERE = "999001"
GONE = "This link does not work any more"


@pytest.fixture(autouse=True)
def no_attempts(two_schools):
    with two_schools.database.writing() as session:
        session.execute(delete(SignInAttempt))


@pytest.fixture
def do(two_schools, pages):
    def doing(name, by="operator", **fields):
        said = Said(commands()[name].model_validate(fields), pages.clock(), by)
        return perform(two_schools.database, two_schools.key_file, HERE, said, NoRules()).event

    return doing


@pytest.fixture
def link(pages):
    """The address of a link that the attendance lead handed out."""
    return re.search(r"/register/[\w.\-]+", pages.as_("att1").get("/providers/workshop/link").text).group()


@pytest.fixture
def holder(pages):
    return pages.nobody()


def tap(holder, link, page):
    """Tap "absent" beside the first pupil of a page that was loaded."""
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text.split("<form", 1)[1]))
    return holder.client.post(link, data={**sent, "tap": "absent"})


def marks(two_schools):
    with two_schools.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Mark))


def end_access(pages, do):
    with pages.here.database.writing() as session:
        person = pages.person(session, "att1")
        account, _ = directory.account_of(session, person.id)
        ending.end_membership(session, account, person.id, "head1", pages.clock())


def end_account(pages, do):
    with pages.here.database.writing() as session:
        account, _ = directory.account_of(session, pages.person(session, "att1").id)
        ending.end_account(session, account, "operator", pages.clock())


def take_the_role_away(pages, do):
    do("change_person", person="att1", roles=["data_protection"])


def let_the_day_end(pages, do):
    pages.clock.at += timedelta(days=1)


def give_back(pages, do):
    do("change_person", person="att1", roles=["attendance"])
    with pages.here.database.writing() as session:
        directory.invite(session, pages.person(session, "att1"), pages.clock(), by_operator=True)


@pytest.mark.parametrize("end", [end_access, end_account, take_the_role_away, let_the_day_end])
def test_a_link_ends_with_what_it_was_made_from(pages, two_schools, do, link, holder, end):
    page, before = holder.get(link), marks(two_schools)
    assert page.status_code == 200
    end(pages, do)
    try:
        assert holder.get(link).status_code == 404 and GONE in holder.get(link).text
        assert tap(holder, link, page).status_code == 404
        assert marks(two_schools) == before
    finally:
        give_back(pages, do)


def test_whoever_holds_a_link_marks_in_the_name_of_who_handed_it_out(two_schools, link, holder):
    assert tap(holder, link, holder.get(link)).headers["location"] == link
    with two_schools.database.reading() as session:
        made = select(Event.by).where(Event.kind.in_(("mark", "amend_mark"))).order_by(Event.id.desc())
        assert session.scalars(made).first() == "att1"


@pytest.mark.parametrize("signed_in", [False, True], ids=["nobody", "in a browser somebody is signed in with"])
def test_a_link_does_not_tell_what_was_recorded_by_who_handed_it_out(pages, do, link, holder, signed_in):
    number = do("record_contact", "att1", placement="H8JE-66", **{"with": "parent"})
    assert 'role="status"' in pages.as_("att1").get(f"/attendance?done={number}").text
    holder = pages.as_("att1") if signed_in else holder
    page = holder.get(f"{link}?done={number}")
    assert page.status_code == 200 and 'role="status"' not in page.text


def test_a_link_does_not_tell_how_the_school_and_offsite_are_doing(pages, do, link, holder):
    do("change_person", person="dsl1", roles=["data_protection"])
    try:
        assert "cannot be reached" in pages.as_("att1").get("/attendance").text
        assert "offsite-warning" in pages.as_("att1").get("/attendance").text
        assert "offsite-warning" not in holder.get(link).text
    finally:
        do("change_person", person="dsl1", roles=["dsl"])


def test_forged_links_end_in_a_wait_but_one_that_was_signed_goes_through(link, holder):
    forged = [holder.get(f"/register/junk{i}").status_code for i in range(51)]
    assert forged == [404] * 50 + [429]
    assert holder.get(link).status_code == 200


def test_a_link_of_yesterday_is_no_forged_one(pages, two_schools, link, holder):
    pages.clock.at += timedelta(days=1)
    assert {holder.get(link).status_code for _ in range(51)} == {404}
