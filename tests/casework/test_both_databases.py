"""The same commands and sweeps on SQLite and on PostgreSQL leave the same record; and a day without Prefect loses nothing."""

from datetime import timedelta

from sqlalchemy import text

from models.chronology import breaks
from models.database import Database
from models.migrations import schema
from offsite.casework.outgoing import send_what_is_due
from offsite.casework.replay.answer import answer
from offsite.casework.replay.play import Played
from offsite.casework.replay.scenario import moment, read_scenario
from offsite.casework.watch.sweep import sweep
from offsite.messages.channels.files import Files

SIX = moment("2026-11-24 06:00")


def lived(hilltop_class, database, runner, scenarios):
    """A fortnight at Hilltop: the events of two scenarios as they happened, and the daily rules each morning."""
    schema.upgrade(database)
    school = hilltop_class(database, runner)
    told = read_scenario(scenarios / "review-late.yaml")
    school.do("set_up_school", "2026-08-31 09:00", **told.school)
    for name, entries in (("add_person", told.people), ("add_pupil", told.pupils), ("add_provider", told.providers)):
        for entry in entries:
            school.do(name, "2026-08-31 09:00", **entry)
    for event in told.events:
        school.do(event.do, event.at.isoformat(), **event.fields)
        sweep(database, runner, "daily", event.at, slot=event.at)
    school.do("raise_concern", "2026-12-09 10:00", concern="c1", placement="p1", kind="allegation", about="provider")
    school.do("correct", "2026-12-09 11:00", event=len(told.people) + 4, fields={"days": 31}, reason="misread")
    played = Played(told, database, school.key_file, school.urn, moment("2026-12-10 09:00"))
    found = answer(played)
    for alert in found["alerts"]:
        del alert["alert"]
    with database.reading() as session:
        assert list(breaks(session, 1)) == []
    return found


def test_sqlite_and_postgresql_leave_the_same_record(tmp_path, postgres, runner, hilltop_class, request):
    scenarios = request.config.rootpath / "tests" / "scenarios"
    lite, real = Database(f"sqlite:///{tmp_path / 'lite.db'}"), Database(postgres)
    with real.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    one, other = (lived(hilltop_class, database, runner, scenarios) for database in (lite, real))
    assert one["alerts"]
    for part in ("alerts", "placements", "deadlines", "cannot_tell"):
        assert one[part] == other[part]
    assert [(m["to"], m["person"], m["at"]) for m in one["messages"]] == [
        (m["to"], m["person"], m["at"]) for m in other["messages"]
    ]
    lite.close()
    real.close()


def test_after_a_day_without_prefect_overdue_sweeps_are_one_sweep(placed, tmp_path):
    """Ninety-six quarter-hours come at once: the first judges at now, the others find themselves made up for."""
    late = [SIX - timedelta(minutes=15 * n) for n in range(96, 0, -1)]
    swept = [sweep(placed.database, placed.runner, "quarter_hour", SIX, slot=slot) for slot in late]
    assert [one.done_before for one in swept] == [False] + [True] * 95
    assert swept[0].raised > 0
    before = len(placed.alerts())
    channels = {"email": Files(tmp_path, "o@invented.example"), "phone": Files(tmp_path, "o@invented.example")}
    first = send_what_is_due(placed.database, channels, SIX + timedelta(minutes=1))
    again = send_what_is_due(placed.database, channels, SIX + timedelta(minutes=2))
    assert first["sent"] > 0
    assert again["sent"] == 0
    assert len(placed.alerts()) == before
