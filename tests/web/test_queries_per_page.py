"""No page asks more of the database when there is more that it does not show: 11 live placements, then 60 more."""

from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event

from offsite.casework.command import Said, commands
from offsite.casework.perform import perform
from offsite.casework.watch.rule_runner import NoRules
from offsite.casework.watch.sweep import sweep

NOW_PAGES = {
    "dsl1": "/dsl /dsl/unconfirmed /dsl/cannot-tell /placements?sort=-stage /alerts /attendance /providers /looks",
    "head1": "/head /people /settings /rules /placements/H8JE-66 /search?q=inv /placements /pupils",
    "clerk1": "/clerk /clerk/requests",
    "senco1": "/senco",
    "prov1": "/provider",
    "la1": "/authority",
    "gov1": "/governor",
}
PATHS = [(ref, path) for ref, paths in NOW_PAGES.items() for path in paths.split()]
MORE = 60


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


@pytest.fixture(scope="module")
def before_and_after(pages, two_schools):
    before = counted(pages, two_schools)
    for number in range(MORE):
        for do, fields in (
            ("add_pupil", {"id": f"x{number}", "name": f"Invented Pupil X{number}", "born": date(2013, 5, 4),
                           "parents": [{"id": f"x{number}-m", "name": "Invented Parent", "email": "p@home.example"}]}),
            ("propose_placement", {"placement": f"X{number:03}", "pupil": f"x{number}", "provider": "college", "site": "main",
                                   "purpose": "improve_behaviour", "tried": ["invented"], "reasons": "invented", "days": 30,
                                   "start": "2026-12-07", "sessions": "full_time"}),
            ("determine", {"placement": f"X{number:03}", "minute": "FGB 9"}),
        ):  # fmt: skip
            said = Said(commands()[do].model_validate(fields), pages.clock(), "operator")
            perform(two_schools.database, two_schools.key_file, "999001", said, NoRules())
    sweep(two_schools.database, two_schools.rules, "daily", pages.clock())
    return before, counted(pages, two_schools)


@pytest.mark.parametrize(("ref", "path"), PATHS)
def test_a_page_asks_no_more_with_sixty_more_placements(before_and_after, ref, path):
    before, after = before_and_after
    assert after[ref, path] <= before[ref, path] + 2, "two more: what was empty before is looked up once now"
