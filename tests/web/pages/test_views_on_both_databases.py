"""What each role is shown is the same on SQLite and on PostgreSQL: every list, filtered and sorted, of the demonstration."""

import pytest
from sqlalchemy import create_engine, make_url, select, text

from models.people import Person
from offsite.access.viewer import viewer_for
from offsite.casework.keeping import demonstration
from offsite.casework.keeping.installation import Installation
from offsite.casework.replay.scenario import moment
from offsite.casework.watch.sweep import sweep
from offsite.cli.setting_up import TOML
from offsite.views.listed import Asked
from offsite.views.papers.duties import DutiesAsked, RequestsAsked, duties, requests_tested
from offsite.views.placements.placements import PlacementsAsked, placements
from offsite.views.placements.plans import plans
from offsite.views.safeguarding.alerts import AlertsAsked, cannot_tell, open_alerts
from offsite.views.safeguarding.looks import looks
from offsite.views.safeguarding.this_session import SessionAsked, this_session
from offsite.views.school.providers import providers_checked
from offsite.views.school.registers import RegisterAsked, RegistersAsked, both_sides, own_pupils, own_register
from offsite.views.search import search

NOW = moment("2026-11-25 10:20")
PEOPLE = ("dsl1", "head1", "clerk1", "gov1", "att1", "senco1", "prov1", "la1", "dp1")
VIEWS = {
    "placements": lambda s, v: placements(s, v, PlacementsAsked(sort="-attendance", closed=True), None),
    "overdue": lambda s, v: placements(s, v, PlacementsAsked(overdue=True, stage="review"), 3),
    "called": lambda s, v: placements(s, v, PlacementsAsked(q="pupil 1"), None),
    "alerts": lambda s, v: open_alerts(s, v, AlertsAsked(sort="raised", unread=True, severity="high"), None),
    "loudest": lambda s, v: open_alerts(s, v, AlertsAsked(), 10),
    "cannot tell": lambda s, v: cannot_tell(s, v, Asked()),
    "duties": lambda s, v: duties(s, v, DutiesAsked(sort="-due"), 5),
    "requests": lambda s, v: requests_tested(s, v, RequestsAsked(unanswered=True, sort="-last_held")),
    "registers": lambda s, v: both_sides(s, v, v.today, RegistersAsked(), None),
    "differing": lambda s, v: both_sides(s, v, v.today, RegistersAsked(differing=True), None),
    "away in one": lambda s, v: both_sides(s, v, v.today, RegistersAsked(away="provider", sort="provider_name"), None),
    "one alone": lambda s, v: both_sides(s, v, v.today, RegistersAsked(one_sided=True, provider="workshop"), None),
    "own register": lambda s, v: own_register(s, v, RegisterAsked(unmarked=True, sort="-pupil_name"), None),
    "own pupils": lambda s, v: own_pupils(s, v),
    "this session": lambda s, v: this_session(s, v, SessionAsked(), None),
    "not spoken to": lambda s, v: this_session(s, v, SessionAsked(uncontacted=True, sort="-minutes_late"), None),
    "by mark": lambda s, v: this_session(s, v, SessionAsked(sort="mark"), None),
    "by contact": lambda s, v: this_session(s, v, SessionAsked(sort="-last_contact", provider="pru"), None),
    "plans": lambda s, v: plans(s, v, PlacementsAsked(), None),
    "looks": lambda s, v: looks(s, v, Asked(q="dsl1", sort="by")),
    "providers": lambda s, v: providers_checked(s, v),
    "search": lambda s, v: search(s, v, "inv"),
}


def seen(here):
    """Every view of every person, without the references that are drawn by chance."""
    found = {}
    with here.database.reading() as session:
        for ref in PEOPLE:
            viewer = viewer_for(session, session.scalars(select(Person.id).where(Person.ref == ref)).one(), NOW)
            for name, view in VIEWS.items():
                shown = view(session, viewer)
                rows = shown if isinstance(shown, list) else [shown]
                found[ref, name] = [_without_refs(row.model_dump(mode="json")) for row in rows]
    return found


def _without_refs(value):
    if isinstance(value, dict):
        return {k: _without_refs(v) for k, v in value.items() if k not in ("alert", "path", "words")}
    return [_without_refs(v) for v in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def on_both(tmp_path_factory, postgres):
    found = []
    engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE views"))
    engine.dispose()
    real = make_url(postgres).set(database="views").render_as_string(hide_password=False)
    for name, url in (("lite", None), ("real", real)):
        toml = TOML.format(urn=demonstration.URN, demo="true")
        toml = f'database_url = "{url}"\n{toml}' if url else toml
        here = Installation.create(tmp_path_factory.mktemp(name), toml)
        demonstration.load(here, NOW)
        for clock in ("quarter_hour", "daily"):
            sweep(here.database, here.rules, clock, NOW)
        found.append(seen(here))
        here.database.close()
    return found


@pytest.mark.parametrize("ref", PEOPLE)
def test_everybody_sees_the_same_on_either(on_both, ref):
    lite, real = on_both
    for name in VIEWS:
        assert lite[ref, name] == real[ref, name], name


def test_there_is_something_to_see(on_both):
    lite, _ = on_both
    shown = {name for (_, name), rows in lite.items() if rows and rows != [{"rows": [], "total": 0, "page": 1, "pages": 1}]}
    assert set(VIEWS) - shown <= {"cannot tell", "differing", "away in one", "one alone", "looks"}
