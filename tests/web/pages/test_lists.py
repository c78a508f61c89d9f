"""Every list filters, sorts, pages and exports, all in one way; and nothing in one is ever cut off in silence."""

import csv
import io
import re
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from models.alert import CannotTell
from models.placement import Placement
from offsite.casework.replay.scenario import moment
from offsite.casework.watch.sweep import sweep
from offsite.messages.channels import Unready
from offsite.views.listed import Asked
from offsite.web.tables import Column, cut_here

NOW = moment("2026-11-25 10:20")
LISTS = {
    # address: who opens it, letters that some row holds and some does not
    "/placements": ("dsl1", "H8JE"),
    "/head": ("head1", "H8JE"),
    "/senco": ("senco1", "H8JE"),
    "/governor": ("gov1", "H8JE"),
    "/clerk": ("clerk1", "H8JE"),
    "/clerk/requests": ("clerk1", "A9KF"),
    "/attendance": ("att1", "H8JE"),
    "/provider": ("prov1", "pupil 5"),
    "/authority": ("la1", "T6MG"),
    "/authority/counts": ("la1", "Workshop"),
    "/alerts": ("dsl1", "{alert}"),
    "/dsl/unconfirmed": ("dsl1", "A9KF"),
    "/dsl/cannot-tell": ("dsl1", "notice-late"),
    "/providers": ("dsl1", "Workshop"),
    "/pupils": ("dsl1", "pupil 5"),
    "/people": ("head1", "clerk"),
    "/rules": ("dsl1", "notice-late"),
    "/settings": ("dsl1", "contact"),
    "/looks": ("dsl1", "ddsl1"),
    "/looks/broken-glass": ("dsl1", "att1"),
    "/placements/H8JE-66/chronology": ("dsl1", "determine"),
    "/placements/V5RC-73/documents": ("dsl1", "notice"),
    "/placements/V5RC-73/concerns": ("dsl1", "low"),
    "/placements/V5RC-73/contacts": ("dsl1", "visit"),
}
ALIKE = {
    ("/authority/counts", "school"), ("/authority/counts", "placements"), ("/authority", "stage"), ("/authority", "breached"),
    ("/governor", "stage"), ("/governor", "breached"), ("/governor", "next_due"),
}  # fmt: skip
"""Columns in which the demonstration has one value, or numbers too small to show."""
LOUDER = ("low", "medium", "high", "critical")
lists = pytest.mark.parametrize("path", LISTS)


@pytest.fixture(scope="module", autouse=True)
def more_in_the_lists(pages, two_schools):
    """What the demonstration has none or one of: lists of nothing sort by anything."""
    said = [
        ("dsl1", "change_pupil", {"pupil": "u05", "ehc_plan": True}),
        ("head1", "schedule_review", {"placement": "A9KF-28", "review": "A9KF-28-r1", "meets": "2026-12-03"}),
        ("dsl1", "raise_concern", {"placement": "V5RC-73", "concern": "V5RC-73-c2", "kind": "low_level", "about": "pupil",
                                   "text": "an invented worry"}),
        ("dsl1", "close_concern", {"concern": "V5RC-73-c1", "decision": "an invented decision"}),
        ("clerk1", "break_glass", {"placement": "V5RC-73", "reason": "invented"}),
        ("att1", "break_glass", {"placement": "T6MG-45", "reason": "invented"}),
        ("att1", "record_contact", {"placement": "J7DV-14", "with": "parent"}),
        ("att1", "record_contact", {"placement": "A9KF-28", "with": "parent", "reached": False}),
        ("head1", "change_provider", {"provider": "pru", "cutoff_minutes": 20}),
        ("head1", "change_provider", {"provider": "college", "cutoff_minutes": 30}),
        ("head1", "record_check", {"provider": "pru", "item": "a", "status": "rejected"}),
        ("head1", "record_check", {"provider": "college", "item": "b", "status": "rejected"}),
        ("head1", "record_check", {"provider": "tuition", "item": "c", "status": "verified", "valid_until": "2026-12-20"}),
        ("clerk1", "request_review", {"request": "D3PX-19-q1", "placement": "D3PX-19", "asked_by": "parent"}),
        ("dsl1", "mark", {"placement": "J7DV-14", "session": "am", "register": "home", "code": "/"}),
        ("dsl1", "mark", {"placement": "J7DV-14", "session": "am", "register": "provider", "code": "I"}),
        ("dsl1", "mark", {"placement": "A9KF-28", "session": "am", "register": "provider", "code": "N"}),
    ]  # fmt: skip
    for minutes, (by, do, fields) in enumerate(said, -len(said)):
        pages.clock.at = NOW + timedelta(minutes=minutes)
        answer = pages.api(by).post(f"/api/do/{do}", json={"fields": fields})
        assert answer.status_code == 201, (do, answer.text)
        if do == "close_concern":
            pages.as_("dsl1").get("/concerns/V5RC-73-c1")
    pages.as_("ddsl1").get("/concerns/V5RC-73-c2")
    pages.api("ddsl1").get("/api/concerns/V5RC-73-c2")
    with two_schools.database.writing() as session:
        school, placement = session.execute(select(Placement.school_id, Placement.id).order_by(Placement.id).limit(1)).one()
        for days, rule in enumerate(("notice-late", "outcome-late")):
            since = pages.clock.at.replace(day=20 + days)
            row = {"school_id": school, "placement_id": placement, "rule": rule, "subject": rule, "until": None}
            session.add(CannotTell(**row, missing=["an invented fact"], since=since))


def who_for(pages, path):
    return pages.as_(LISTS[path][0])


def exported(answer):
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


def sorting(shown, path):
    """The columns by which a page says that its list sorts."""
    return sorted(set(re.findall(rf'href="{path}\?(?:[^"]*&amp;)?sort=-?([a-z_0-9]+)', shown)))


def rows_shown(shown):
    """How many rows the first list of a page shows: of its table, or its boxes."""
    table = re.search(r"<tbody>(.*?)</tbody>", shown, re.S)
    return len(re.findall("<tr", table[1]) if table else re.findall(r'<(?:div|section) class="offsite-alert', shown))


def by_value(path, column):
    """How a column of an export compares."""
    if column == "severity":
        return LOUDER.index
    if column == "breached":
        return lambda said: len(said.split(","))
    if column == "attendance":
        return Fraction
    return lambda said: (0, int(said), "") if re.fullmatch(r"-?\d+", said) else (1, 0, said.casefold())


@lists
def test_a_list_is_exported_as_csv_with_every_row_of_it(pages, path, monkeypatch):
    """On three rows a page, every row of the export is on some page, and each page leads on to the next."""
    who = who_for(pages, path)
    rows = exported(who.get(f"{path}.csv"))
    assert rows
    assert f'href="{path}.csv' in who.get(path).text
    monkeypatch.setattr("offsite.web.visit.A_PAGE", 3)
    at, shown = path, 0
    while at:
        page = who.get(at.replace("&amp;", "&")).text
        shown += rows_shown(page)
        at = next(iter(re.findall(rf'rel="next" href="({path}\?[^"]*)"', page)), None)
    assert shown == len(rows)


@lists
def test_a_list_sorts_both_ways_by_every_column_that_says_so(pages, path):
    who = who_for(pages, path)
    columns = sorting(who.get(path).text, path)
    assert columns
    for column in columns:
        rows, turned = (exported(who.get(f"{path}.csv?sort={sign}{column}")) for sign in ("", "-"))
        given, reverse = ([row[column] for row in found if row[column] not in ("", "0/0")] for found in (rows, turned))
        key = by_value(path, column)
        assert [key(each) for each in given] == sorted(map(key, given)), column
        assert [key(each) for each in reverse] == sorted(map(key, given), reverse=True), column
        assert len(set(given)) > 1 or (path, column) in ALIKE, f"{column}: nothing to sort"


@lists
def test_a_list_is_narrowed_by_letters(pages, path):
    who, letters = who_for(pages, path), LISTS[path][1]
    whole = exported(who.get(f"{path}.csv"))
    letters = letters.replace("{alert}", whole[0].get("alert", ""))
    assert 0 < len(exported(who.get(f"{path}.csv?q={letters}"))) < len(whole)


@lists
def test_what_a_list_is_filtered_by_leaves_rows_out_and_adds_none(pages, path):
    who = who_for(pages, path)
    whole, shown = exported(who.get(f"{path}.csv")), who.get(path).text
    form = next(iter(re.findall(rf'<form method="get" action="{path}" class="offsite-filters.*?</form>', shown, re.S)))
    boxes = re.findall(r'type="checkbox" id="[^"]*" name="([a-z_]+)"', form)
    asked = [f"{name}=true" for name in boxes if name != "closed"]
    for name, options in re.findall(r'<select [^>]*name="([a-z_]+)">(.*?)</select>', form, re.S):
        asked += [f"{name}={value}" for value in re.findall(r'<option value="([^"]+)"', options)]
    for question in asked:
        narrowed = exported(who.get(f"{path}.csv?{question}"))
        assert all(row in whole for row in narrowed), question
    assert 'name="q"' in form


@lists
def test_a_page_past_the_end_is_the_last_and_nonsense_is_told(pages, path):
    who = who_for(pages, path)
    assert who.get(f"{path}?page=9999").status_code == 200
    refused = who.get(f"{path}?page=nonsense")
    assert refused.status_code == 422 and "The address is not understood" in refused.text


def refs(pages, who, path):
    return [row["placement"] for row in exported(pages.as_(who).get(path))]


def test_whom_to_ring_about_is_found_by_provider_and_by_whether_anybody_was_spoken_to(pages):
    everybody = set(refs(pages, "dsl1", "/dsl/unconfirmed.csv"))
    assert {"J7DV-14", "A9KF-28", "C4WN-52"} <= everybody
    assert set(refs(pages, "dsl1", "/dsl/unconfirmed.csv?uncontacted=true")) == everybody - {"J7DV-14"}
    assert refs(pages, "dsl1", "/dsl/unconfirmed.csv?provider=college") == ["A9KF-28"]


def test_registers_that_differ_are_told_apart_by_which_says_away(pages):
    differing = refs(pages, "att1", "/attendance.csv?differing=true")
    assert "J7DV-14" in differing
    assert set(refs(pages, "att1", "/attendance.csv?away=provider")) == set(differing)
    assert refs(pages, "att1", "/attendance.csv?away=home") == []


def test_a_session_marked_in_one_register_alone_is_found(pages):
    rows = exported(pages.as_("att1").get("/attendance.csv?one_sided=true"))
    assert "A9KF-28" in {row["placement"] for row in rows if row["mark"] and not row["session_at_home"]}
    assert "H8JE-66" not in {row["placement"] for row in rows}


def test_requests_that_were_answered_may_be_left_out(pages):
    assert set(refs(pages, "clerk1", "/clerk/requests.csv?unanswered=true")) == {"A9KF-28", "V5RC-73", "D3PX-19"}
    fields = {"request": "V5RC-73-q1"}
    assert pages.api("clerk1").post("/api/do/reply_to_request", json={"fields": fields}).status_code == 201
    assert set(refs(pages, "clerk1", "/clerk/requests.csv?unanswered=true")) == {"A9KF-28", "D3PX-19"}


def test_the_ten_week_test_of_a_request_is_seen_on_the_clerks_page(pages):
    shown = pages.as_("clerk1").get("/clerk").text
    assert "yes: no review was held in the ten weeks before" in shown
    assert "no: a review was held in the ten weeks before" in shown


def test_what_is_owed_without_a_day_is_in_the_calendar(pages):
    """A review that was asked for is due as soon as practicable: the law sets no day (reg 4A(3))."""
    owed = [row for row in exported(pages.as_("clerk1").get("/clerk.csv")) if row["duty"] == "requested_review"]
    assert [(row["placement"], row["due"]) for row in owed] == [("A9KF-28", "")]


def test_pupils_who_are_still_to_be_marked_and_a_tap_goes_back_to_where_it_was(pages):
    provider = pages.as_("prov1")
    unmarked = exported(provider.get("/provider.csv?unmarked=true"))
    assert [(row["placement"], row["session"], row["mark"]) for row in unmarked] == [("C4WN-52", "am", "")]
    answer = provider.post("/provider/mark", page="/provider?unmarked=true", tap="present")
    assert answer.headers["location"] == "/provider?unmarked=true"
    assert exported(provider.get("/provider.csv?unmarked=true")) == []


def test_a_tap_that_was_overtaken_is_told_of_beside_its_pupil_also_in_the_list_of_those_still_to_be_marked(pages):
    """By then the pupil is on that list no more: the answer shows them all the same, and what was typed."""
    provider = pages.as_("prov1")
    answer = provider.post("/provider/mark", page="/provider?q=C4WN-52", back="/provider?unmarked=true", tap="absent",
                           reason="an invented reason", marked="")  # fmt: skip
    assert answer.status_code == 409 and 'id="reason-C4WN-52-am"' in answer.text and "an invented reason" in answer.text


def test_people_by_role_and_those_who_lack_a_way(pages, two_schools, monkeypatch):
    head = pages.as_("head1")
    assert [row["person"] for row in exported(head.get("/people.csv?role=dsl"))] == ["dsl1"]
    assert exported(head.get("/people.csv?trouble=true")) == []
    monkeypatch.setitem(two_schools.channels, "text", Unready("messages.text has no api_key"))
    lacking = exported(head.get("/people.csv?trouble=true"))
    assert {"gov1", "dp1"} <= {row["person"] for row in lacking} and "dsl1" not in {row["person"] for row in lacking}
    assert all("no phone number on record" in row["ways"] for row in lacking)


def test_open_concerns_only(pages):
    path = "/placements/V5RC-73/concerns.csv"
    assert {row["name"] for row in exported(pages.as_("dsl1").get(path))} == {"V5RC-73-c1", "V5RC-73-c2"}
    assert [row["name"] for row in exported(pages.as_("dsl1").get(f"{path}?open=true"))] == ["V5RC-73-c2"]
    assert pages.as_("att1").get(path).status_code == 404


def test_alerts_are_filtered_by_severity_and_by_whether_anybody_read_them(pages):
    dsl = pages.as_("dsl1")
    assert {row["severity"] for row in exported(dsl.get("/alerts.csv?severity=critical"))} == {"critical"}
    assert {row["acknowledged"] for row in exported(dsl.get("/alerts.csv?unread=true"))} == {"False"}


def test_alerts_of_one_placement_are_a_list_that_stays_of_that_placement(pages):
    dsl = pages.as_("dsl1")
    assert 'href="/alerts?placement=T6MG-45"' in dsl.get("/placements/T6MG-45").text
    shown = dsl.get("/alerts?placement=T6MG-45").text
    assert '<input type="hidden" name="placement" value="T6MG-45">' in shown
    assert {row["placement"] for row in exported(dsl.get("/alerts.csv?placement=T6MG-45"))} == {"T6MG-45"}


def test_a_page_that_shows_the_first_of_a_list_says_how_many_there_are_and_leads_to_all(pages, monkeypatch):
    monkeypatch.setattr("offsite.web.pages.placements.FEW", 1)
    shown = pages.as_("dsl1").get("/placements/V5RC-73").text
    assert re.search(r'href="/placements/V5RC-73/contacts">All 3<', shown) and shown.count("visit to the provider") == 0
    assert re.search(r'href="/placements/V5RC-73/concerns">All 2<', shown) and shown.count("/concerns/V5RC-73-c") == 1
    assert "V5RC-73-c2" in shown, "the open one first"
    provider = pages.as_("prov1").get("/provider").text
    assert 'href="/alerts">As a list' in provider and 'href="/placements">As a list' in provider


def test_overdue_placements_only(pages):
    rows = exported(pages.as_("head1").get("/placements.csv?overdue=true"))
    assert rows and all(row["breached"] for row in rows)


def test_what_was_found_sorts_and_is_exported_and_what_is_cut_off_is_said(pages, monkeypatch):
    head = pages.as_("head1")
    rows = exported(head.get("/search.csv?q=inv&sort=-words"))
    words = [row["words"] for row in rows]
    assert len(words) > 5 and words == sorted(words, key=str.casefold, reverse=True)
    assert "There may be more" not in head.get("/search?q=inv").text
    monkeypatch.setattr("offsite.views.search.MOST", 3)
    monkeypatch.setattr("offsite.web.pages.search.MOST", 3)
    assert "There may be more" in head.get("/search?q=inv").text


def test_pages_go_on_with_what_was_asked(pages):
    text = pages.as_("dsl1").get("/alerts?sort=-raised").text
    assert re.search(r'rel="next" href="/alerts\?sort=-raised&amp;page=2"', text)


def test_a_cell_that_a_spreadsheet_would_run_is_disarmed(pages):
    from offsite.views.listed import Listed
    from offsite.web.tables import Table, as_csv

    column = Column("name", "Name", lambda row: row)
    table = Table("/x", "X", [column], Listed(rows=["=1+1", "@a", "plain"], total=3, page=1, pages=1), {})
    assert as_csv(table).body.decode().splitlines() == ["name", "'=1+1", "'@a", "plain"]
    numbers = Table("/x", "X", [column], Listed(rows=[-1, "-1"], total=2, page=1, pages=1), {})
    assert as_csv(numbers).body.decode().splitlines() == ["name", "-1", "'-1"]


def test_a_short_list_keeps_what_is_missing_last_whichever_way():
    columns = [Column("n", "N", lambda row: row)]
    assert cut_here([2, None, 1], columns, Asked(sort="n")).rows == [1, 2, None]
    assert cut_here([2, None, 1], columns, Asked(sort="-n")).rows == [2, 1, None]


def test_a_meeting_that_was_not_recorded_as_held_stays_in_the_calendar(pages, two_schools):
    pages.clock.at += timedelta(days=9)
    sweep(two_schools.database, two_schools.rules, "daily", pages.clock.at)
    rows = exported(pages.as_("clerk1").get("/clerk.csv"))
    assert ("A9KF-28", "-1") in {(row["placement"], row["days_left"]) for row in rows if row["duty"] == "meeting"}
