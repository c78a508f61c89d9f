"""No page asks more of the database when there is more that it does not show: 11 live placements, then 40 more."""

import csv
import io
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from offsite.casework.command import Said, commands
from offsite.casework.keeping import demonstration
from offsite.casework.keeping.demonstration import URN, Story
from offsite.casework.perform import perform
from offsite.casework.watch.rule_runner import NoRules
from offsite.casework.watch.sweep import sweep
from offsite.law.calendars import SchoolDays
from offsite.law.london import day_of

NOW_PAGES = {
    "dsl1": """/dsl /dsl/unconfirmed /dsl/cannot-tell /placements?sort=-stage /alerts /attendance /providers /looks
        /looks/broken-glass /placements/H8JE-66 /dsl/unconfirmed?sort=provider_name&uncontacted=true
        /attendance?sort=-provider_name&one_sided=true /placements/H8JE-66/contacts /search?q=V5RC-73-c1""",
    "head1": """/head /people /settings /rules /placements/H8JE-66 /search?q=inv /placements /pupils /documents/inspection-sheet
        /placements/H8JE-66/documents /placements/H8JE-66/chronology""",
    "clerk1": "/clerk /clerk/requests /clerk?sort=-due /clerk/requests?sort=last_held&unanswered=true /search?q=H8JE-66-r1",
    "senco1": "/senco",
    "prov1": "/provider /provider?unmarked=true /placements/H8JE-66 /placements/H8JE-66/concerns",
    "la1": "/authority /authority/counts",
    "gov1": "/governor",
}
PATHS = [(ref, path) for ref, paths in NOW_PAGES.items() for path in paths.split()]
MORE = 40
GROW = {
    "dsl1": """/placements /alerts /dsl/unconfirmed /looks/broken-glass /placements/H8JE-66/chronology
        /placements/H8JE-66/concerns /placements/H8JE-66/contacts""",
    "clerk1": "/clerk /clerk/requests",
    "senco1": "/senco",
    "prov1": "/placements /provider",
    "la1": "/authority",
}
"""Lists that are longer afterwards, by MORE rows or more: else this file would test nothing."""


@contextmanager
def statements(database):
    found = []

    def note(connection, cursor, statement, *_):
        if not statement.startswith(("BEGIN", "COMMIT", "PRAGMA", "SAVEPOINT")):
            found.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


def counted(pages, two_schools):
    found = {}
    for ref, path in PATHS:
        who = pages.as_(ref)
        who.get(path)
        with statements(two_schools.database) as asked:
            assert who.get(path).status_code == 200
        found[ref, path] = len(asked)
    return found


def rows_listed(pages):
    lists = [(pages.as_(ref), path) for ref, paths in GROW.items() for path in paths.split()]
    return {path: len(list(csv.reader(io.StringIO(who.get(f"{path}.csv").text)))) for who, path in lists}


def enter_more(here, now):
    """Placements under way at one provider, each with a request for review; concerns and contacts about one placement."""
    today = day_of(now)
    terms = demonstration.half_terms(today)
    inset = terms[1].first
    teller = demonstration._Teller(here, today, now, SchoolDays(terms, {inset: "INSET"}))
    begun = inset + timedelta(1)
    for number in range(MORE):
        story = Story(f"X{number:03}", "workshop", -24, 60, "invitations due", plan=True)
        demonstration._tell(teller, begun, 100 + number, story)
        for by, do, fields in (
            ("la1", "request_review", {"request": f"q{number}", "placement": story.ref, "asked_by": "parent"}),
            ("prov1", "record_contact", {"placement": "H8JE-66", "with": "parent"}),
            ("prov1", "raise_concern", {"concern": f"x{number}", "placement": "H8JE-66", "kind": "concern", "about": "pupil",
                                        "text": "an invented worry"}),
            ("clerk1", "break_glass", {"placement": story.ref, "reason": "invented"}),
        ):  # fmt: skip
            said = Said(commands()[do].model_validate(fields), now, by)
            perform(here.database, here.key_file, URN, said, NoRules())


@pytest.fixture(scope="module")
def before_and_after(pages, two_schools):
    before, rows = counted(pages, two_schools), rows_listed(pages)
    enter_more(two_schools, pages.clock())
    for clock in ("quarter_hour", "daily"):
        sweep(two_schools.database, two_schools.rules, clock, pages.clock() + timedelta(minutes=1))
    grown = {path: now - rows[path] for path, now in rows_listed(pages).items()}
    assert all(number >= MORE for number in grown.values()), grown
    return before, counted(pages, two_schools)


@pytest.mark.parametrize(("ref", "path"), PATHS)
def test_a_page_asks_no_more_with_forty_more_of_everything(before_and_after, ref, path):
    before, after = before_and_after
    assert after[ref, path] <= before[ref, path] + 2, "two more: what was empty before is looked up once now"
