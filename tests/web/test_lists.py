"""Every list filters, sorts, pages and exports, all in one way."""

import csv
import io
import re

import pytest

from offsite.views.listed import Asked
from offsite.web.tables import Column, cut_here

LISTS = {
    # address: a column to sort by, letters that some row holds and some does not
    "/placements": ("placement", "H8JE"),
    "/head": ("start", "H8JE"),
    "/senco": ("placement", "H8JE"),
    "/clerk": ("placement", "H8JE"),
    "/attendance": ("placement", "H8JE"),
    "/alerts": ("raised", ""),
    "/dsl/unconfirmed": ("placement", ""),
    "/dsl/cannot-tell": ("rule", ""),
    "/providers": ("name", "Workshop"),
    "/pupils": ("pupil", "pupil 5"),
    "/rules": ("id", "notice-late"),
    "/settings": ("setting", "contact"),
    "/looks": ("at", ""),
    "/placements/H8JE-66/chronology": ("number", "determine"),
    "/placements/V5RC-73/documents": ("number", "notice"),
}
lists = pytest.mark.parametrize("path", LISTS)


def who_for(pages, path):
    return pages.as_("senco1" if path == "/senco" else "head1" if path in ("/head", "/clerk") else "dsl1")


def exported(answer):
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


@lists
def test_a_list_is_exported_as_csv_with_every_row_of_it(pages, path):
    who = who_for(pages, path)
    shown = who.get(path).text
    rows = exported(who.get(f"{path}.csv"))
    assert f'href="{path}.csv' in shown or not rows
    assert len(rows) >= shown.count('<th class="govuk-table__header" scope="row">') or path == "/looks"


@lists
def test_a_list_sorts_both_ways(pages, path):
    who, (column, _) = who_for(pages, path), LISTS[path]
    rows, turned = (exported(who.get(f"{path}.csv?sort={sign}{column}")) for sign in ("", "-"))
    values = [row[column] for row in rows if row[column]]
    assert values == sorted(values, key=_numbers_first)
    assert [row[column] for row in turned if row[column]] == sorted(values, key=_numbers_first, reverse=True)


def _numbers_first(value):
    return (0, int(value), "") if value.isdigit() else (1, 0, value.casefold())


@lists
def test_a_list_is_narrowed_by_letters(pages, path):
    who, (_, letters) = who_for(pages, path), LISTS[path]
    if not letters:
        return
    whole, narrowed = exported(who.get(f"{path}.csv")), exported(who.get(f"{path}.csv?q={letters}"))
    assert 0 < len(narrowed) < len(whole)


@lists
def test_a_page_past_the_end_is_the_last_and_nonsense_is_told(pages, path):
    who = who_for(pages, path)
    assert who.get(f"{path}?page=9999").status_code == 200
    refused = who.get(f"{path}?page=nonsense")
    assert refused.status_code == 422 and "The address is not understood" in refused.text


def test_alerts_are_filtered_by_severity_and_by_whether_anybody_read_them(pages):
    dsl = pages.as_("dsl1")
    assert {row["severity"] for row in exported(dsl.get("/alerts.csv?severity=critical"))} == {"critical"}
    assert {row["acknowledged"] for row in exported(dsl.get("/alerts.csv?unread=true"))} == {"False"}


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


def test_a_short_list_keeps_what_is_missing_last_whichever_way():
    columns = [Column("n", "N", lambda row: row)]
    assert cut_here([2, None, 1], columns, Asked(sort="n")).rows == [1, 2, None]
    assert cut_here([2, None, 1], columns, Asked(sort="-n")).rows == [2, 1, None]
