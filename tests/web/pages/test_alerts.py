"""Alerts on the pages: in which order, with whose name and phone, to whom they are handed; nobody unlocated is lost."""

import csv
import io
import re

import pytest
from sqlalchemy import select

from models.message import Message
from models.school import School
from offsite.case.loading import load_school
from offsite.casework.replay.scenario import moment
from offsite.casework.watch.sweep import sweep
from offsite.casework.watch.system_alerts import raise_system

LOUDNESS = ["low", "medium", "high", "critical"]


def do(pages, ref, command, expect=201, **fields):
    answer = pages.api(ref).post(f"/api/do/{command}", json={"fields": fields})
    assert answer.status_code == expect, answer.text
    return answer.json()


def raised(pages, name, placement="H8JE-66", **more):
    """A concern of this name, and its alert as the safeguarding lead has it."""
    do(pages, "dsl1", "raise_concern", placement=placement, concern=name, kind="concern", about="pupil", **more)
    return named(pages, "dsl1", name)


def named(pages, ref, subject):
    """The loudest open alert about a subject, as somebody has it."""
    return next(row for row in every(pages, ref) if row["subject"] == subject and row["rule"] == "concern-raised")


def every(pages, ref, asked=""):
    """All open alerts somebody is told of, a page after another."""
    first = pages.api(ref).get(f"/api/alerts?{asked}").json()
    more = [pages.api(ref).get(f"/api/alerts?{asked}&page={page}").json() for page in range(2, first["pages"] + 1)]
    return [row for page in (first, *more) for row in page["rows"]]


def about(row):
    return {"rule": row["rule"], "placement": row["placement"], "subject": row["subject"]}


def test_those_nobody_acknowledged_come_first_then_ones_own_then_the_rest_each_loudest_first(pages):
    mine, theirs = raised(pages, "order-mine"), raised(pages, "order-theirs")
    do(pages, "dsl1", "take", **about(mine), next_step="ring home", due="2026-11-25")
    do(pages, "head1", "take", **about(theirs), next_step="ring home", due="2026-11-25")
    rows = every(pages, "dsl1")
    groups = [0 if not row["acknowledged"] else 1 if row["taken_by"] == "dsl1" else 2 for row in rows]
    assert groups == sorted(groups) and set(groups) == {0, 1, 2}
    for group in (0, 1, 2):
        loud = [LOUDNESS.index(row["severity"]) for row, of in zip(rows, groups, strict=True) if of == group]
        assert loud == sorted(loud, reverse=True)


def test_sorted_by_severity_an_acknowledged_one_stands_among_its_like_and_the_first_click_shows_the_loudest(pages):
    do(pages, "dsl1", "acknowledge", **about(raised(pages, "order-read")))
    for sort in ("severity", "-severity"):
        loud = [LOUDNESS.index(row["severity"]) for row in every(pages, "dsl1", f"sort={sort}")]
        assert loud == sorted(loud, reverse=sort == "-severity")
    page = pages.as_("dsl1")
    assert 'href="/alerts?sort=-severity">severity' in page.get("/alerts").text
    assert 'href="/alerts?sort=severity"' in page.get("/alerts?sort=-severity").text
    exported = list(csv.DictReader(io.StringIO(page.get("/alerts.csv?sort=-severity").text)))
    assert {"True", "False"} == {row["acknowledged"] for row in exported if row["severity"] == "critical"}


def test_a_card_names_the_pupil_and_whom_to_ring_to_those_who_see_them(pages):
    row = raised(pages, "card")
    assert (row["pupil_name"], row["provider_phone"]) == ("Invented Pupil 5", "01632 960001")
    for path in ("/alerts", f"/alerts/{row['alert']}", "/dsl"):
        shown = pages.as_("dsl1").get(path).text
        assert "Invented Pupil 5" in shown and 'href="tel:01632 960001"' in shown
        assert f'href="/do/record_contact?placement={row["placement"]}"' in shown
    assert "Invented Pupil" not in pages.as_("dp1").get("/alerts").text
    with_plan = [row for row in every(pages, "la1") if row["placement"]]
    assert all(row["placement"] == "T6MG-45" and row["pupil_name"] for row in with_plan)


def test_an_alert_handed_over_waits_for_the_receiver_alone_and_names_them(pages, two_schools):
    row = raised(pages, "handed")
    offered = pages.as_("dsl1").get(f"/do/hand_over?alert={row['alert']}").text
    assert re.findall(r'name="to"[^>]*value="([^"]+)"', offered) == ["ddsl1", "head1"]
    sent = pages.as_("dsl1").post("/do/hand_over", f"/do/hand_over?alert={row['alert']}", to="ddsl1", step="record")
    assert sent.status_code == 303
    with two_schools.database.reading() as session:
        told = session.scalars(
            select(Message).where(Message.kind == "handed_over", Message.alerts.contains(row["alert"]))
        ).all()
        assert [message.address for message in told] == ["deputy@invented.example"]
    giver, receiver = named(pages, "dsl1", "handed"), named(pages, "ddsl1", "handed")
    assert (giver["acknowledged"], giver["taken_by"], giver["taken_by_name"]) == (False, "ddsl1", "Invented Person Two")
    assert (giver["waits_for_viewer"], receiver["waits_for_viewer"]) == (False, True)
    for ref, taps in (("dsl1", False), ("ddsl1", True)):
        page = pages.as_(ref).get(f"/alerts/{row['alert']}").text
        assert "Handed over to Invented Person Two, who has not acknowledged it." in page
        assert "by dsl1 to Invented Person Two (ddsl1)" in page
        assert ('action="/do/acknowledge"' in page) is taps
    found = pages.api("head1").get(f"/api/alerts/{row['alert']}").json()
    assert [(step["to"], step["to_name"]) for step in found["steps"]] == [("ddsl1", "Invented Person Two")]


def test_an_alert_that_comes_back_is_acknowledged_once_more(pages):
    row = raised(pages, "back")
    tap = pages.as_("dsl1")
    at = f"/alerts/{row['alert']}"
    tap.post("/do/acknowledge", at)
    do(pages, "dsl1", "hand_over", **about(row), to="ddsl1")
    pages.clock.at = moment("2026-11-25 10:21")
    do(pages, "ddsl1", "hand_over", **about(row), to="dsl1")
    assert not named(pages, "dsl1", "back")["acknowledged"]
    tap.post("/do/acknowledge", at)
    assert named(pages, "dsl1", "back")["acknowledged"]


@pytest.mark.parametrize("to", ["dsl1", "prov1", "la1", "clerk1"])
def test_an_alert_is_handed_to_nobody_who_cannot_read_it(pages, to):
    row = raised(pages, f"handed-to-{to}")
    refused = do(pages, "dsl1", "hand_over", expect=422, **about(row), to=to)
    assert "allowed: ddsl1, head1" in refused["why"]


def test_the_head_can_act_on_an_allegation_against_the_safeguarding_lead(pages):
    do(pages, "ddsl1", "raise_concern", placement="H8JE-66", concern="against-dsl", kind="allegation", about="placement",
       against="dsl1", text="an invented allegation")  # fmt: skip
    row = named(pages, "head1", "against-dsl")
    assert pages.as_("head1").get(f"/alerts/{row['alert']}").status_code == 200
    assert pages.as_("dsl1").get(f"/alerts/{row['alert']}").status_code == 404
    do(pages, "head1", "acknowledge", **about(row))
    do(pages, "head1", "refer_to_lado", concern="against-dsl", decision="referred", reasons="an invented reason")
    assert "an invented allegation" in pages.as_("ddsl1").get("/concerns/against-dsl").text


def test_the_chair_told_in_the_heads_place_sees_the_alert_and_no_other_of_that_placement(pages):
    do(pages, "dsl1", "raise_concern", placement="T6MG-45", concern="against-head", kind="allegation", about="placement",
       against="head1", text="an invented allegation")  # fmt: skip
    mine = [row for row in every(pages, "gov1") if row["placement"] == "T6MG-45"]
    assert {row["subject"] for row in mine} == {"against-head"} and {row["rule"] for row in mine} == {"allegation-not-referred"}
    assert all(row["pupil_name"] is None for row in mine)
    assert "an invented allegation" not in pages.as_("gov1").get(f"/alerts/{mine[0]['alert']}").text
    assert pages.as_("gov1").post("/do/acknowledge", f"/alerts/{mine[0]['alert']}").status_code == 303
    assert all(row["acknowledged"] for row in every(pages, "gov1") if row["subject"] == "against-head")


def test_the_authority_opens_the_one_alert_that_tells_it_about_a_provider_and_no_provider_does(pages):
    """Education Act 1996 s.463: a provider that may be an unregistered school; of all pupils there, so about no placement."""
    do(pages, "head1", "change_provider", provider="workshop", declared={"full_time": 6})
    [row] = [row for row in every(pages, "la1") if row["placement"] is None]
    assert (row["rule"], row["subject"]) == ("provider-must-register", "workshop")
    assert pages.as_("la1").get(f"/alerts/{row['alert']}").status_code == 200
    assert pages.as_("prov1").get(f"/alerts/{row['alert']}").status_code == 404
    do(pages, "la1", "acknowledge", **about(row))


def test_a_pupil_not_located_this_morning_stays_at_the_top_though_nobody_expects_them_any_more(pages, two_schools):
    """J7DV-14 returns in phases: at the provider in the morning alone, at school in the afternoon."""
    pages.clock.at = moment("2026-11-25 11:00")
    sweep(two_schools.database, two_schools.rules, "quarter_hour", pages.clock())
    still = "Still not located since an earlier session today"
    now = pages.as_("dsl1").get("/dsl").text
    assert "J7DV-14" in now and still not in now
    pages.clock.at = moment("2026-11-25 13:30")
    dsl = pages.as_("dsl1")
    assert "J7DV-14" not in dsl.get("/dsl/unconfirmed").text
    waiting = [row for row in every(pages, "dsl1", "rule=location-unknown") if row["subject"] == "2026-11-25 am"]
    shown = dsl.get("/dsl").text.partition(still)[2].partition('id="alerts"')[0]
    assert "J7DV-14" in shown and all(row["placement"] in shown and row["alert"] in shown for row in waiting)
    one, other = "J7DV-14", next(row["placement"] for row in waiting if row["placement"] != "J7DV-14")
    do(pages, "dsl1", "record_contact", placement=one, **{"with": "provider"}, reached=False)
    do(pages, "dsl1", "record_contact", placement=other, **{"with": "provider"})
    shown = dsl.get("/dsl").text.partition(still)[2].partition('id="alerts"')[0]
    assert one in shown and other not in shown
    do(pages, "att1", "mark", placement=one, session="pm", register="home", code="\\")
    assert one not in dsl.get("/dsl").text.partition(still)[2].partition('id="alerts"')[0]


@pytest.mark.parametrize(("rule", "ref", "offered"), [
    ("invitations-late", "head1", True), ("invitations-late", "gov1", False), ("concern-raised", "head1", False),
    ("system-sweep-late", "head1", True),
])  # fmt: skip
def test_closing_is_offered_where_the_command_allows_it_and_nowhere_else(pages, on_record, rule, ref, offered):
    if rule.startswith("system"):
        with pages.here.database.writing() as session:
            school = load_school(session, session.scalars(select(School.id).where(School.urn == "999001")).one())
            raise_system(session, school, rule, "invented", "invented", pages.clock())
    row = next(row for row in every(pages, ref) if row["rule"] == rule)
    assert row["may_be_closed"] is offered
    who, form = pages.as_(ref), f'href="/do/resolve?alert={row["alert"]}"'
    assert (form in who.get(f"/alerts/{row['alert']}").text) is offered
    assert (form in who.get(f"/alerts?rule={rule}&q={row['alert']}").text) is offered
    answer = pages.api(ref).post("/api/do/resolve", json={"fields": {**about(row), "reason": "invented"}})
    assert (answer.status_code == 201) is offered, answer.text


@pytest.mark.parametrize(("due", "status"), [("24", 422), ("25", 303), ("26", 303)])
def test_what_is_done_next_is_not_due_by_a_day_that_has_passed(pages, due, status):
    row, who = raised(pages, f"due-{due}"), pages.as_("dsl1")
    form = f"/do/take?alert={row['alert']}"
    typed = {"next_step": "ring home", "due-day": due, "due-month": "11", "due-year": "2026"}
    answer = who.post("/do/take", page=form, step="record", **typed)
    assert answer.status_code == status
    if status == 422:
        told = "By when: you gave Tuesday 24 November 2026; allowed: Wednesday 25 November 2026 or later"
        assert f'<a href="#due">{told}</a>' in answer.text
        fields = {**about(row), "next_step": "ring home", "due": "2026-11-24"}
        refused = do(pages, "dsl1", "take", expect=422, **fields)
        assert refused["why"] == "due is '2026-11-24'; allowed: 2026-11-25 or later."


@pytest.mark.parametrize("corrected", [{"strike_out": True}, {"fields": {"code": "N"}}])
def test_a_mark_whose_entry_was_corrected_confirms_nobody(pages, corrected):
    """A pupil was marked present by mistake: as long as that counts, nobody looks for them."""
    pages.clock.at, placement = moment("2026-11-25 11:00"), "C4WN-52"

    def shown():
        return pages.as_("dsl1").get("/dsl/unconfirmed.csv").text

    assert placement in shown()
    mark = {"placement": placement, "session": "am", "register": "provider", "code": "/"}
    number = do(pages, "dsl1", "mark", **mark)["event"]
    assert placement not in shown()
    do(pages, "dsl1", "correct", event=number, reason="another pupil", **corrected)
    assert placement in shown()
