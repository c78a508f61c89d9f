"""Where each placement stands is derived: after a whole demonstration, every row worked out again is the row that is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.placement import Placement
from models.school import School
from models.standing import Standing
from offsite.case.loading import load_cases, load_school
from offsite.casework.command import Said, commands
from offsite.casework.keeping import demonstration
from offsite.casework.keeping.installation import Installation
from offsite.casework.perform import perform
from offsite.casework.replay.scenario import moment
from offsite.casework.watch.standings import standing
from offsite.casework.watch.sweep import sweep
from offsite.cli.setting_up import TOML

NOW = moment("2026-11-25 10:20")


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    made = Installation.create(tmp_path_factory.mktemp("standings"), TOML.format(urn=demonstration.URN, demo="true"))
    demonstration.load(made, NOW)
    sweep(made.database, made.rules, "daily", NOW)
    yield made
    made.database.close()


def differences(here, at):
    """What is kept of each placement beside what the record gives at an instant, where they differ."""
    with here.database.reading() as session:
        school = load_school(session, session.scalars(select(School.id)).one())
        cases = load_cases(session, school, session.scalars(select(Placement.id)).all())
        kept = {row.placement_id: row for row in session.scalars(select(Standing))}
        found = []
        for case in cases:
            worked_out = {name: value for name, value in standing(case, at).items() if name != "as_of"}
            stored = {name: getattr(kept[case.id], name) for name in worked_out}
            found += [(case.ref, name, stored[name], worked_out[name]) for name in stored if stored[name] != worked_out[name]]
        return found, len(kept)


def test_every_row_is_what_the_record_gives(here):
    found, rows = differences(here, NOW)
    assert found == []
    assert rows == 12


def test_what_is_owed_without_a_day_and_a_meeting_past_and_not_held_are_named(here):
    """A review asked for has no due day in law (reg 4A(3)); both belong in the clerk's calendar."""
    with here.database.reading() as session:
        school = load_school(session, session.scalars(select(School.id)).one())
        ids = {ref: id_ for id_, ref in session.execute(select(Placement.id, Placement.ref)).tuples()}
        cases = {case.ref: case for case in load_cases(session, school, [ids["A9KF-28"], ids["R9TH-07"]])}
    asked = standing(cases["A9KF-28"], NOW)
    assert (asked["next_due"], asked["next_duty"]) == (None, "requested_review")
    met = standing(cases["R9TH-07"], NOW + timedelta(days=60))
    assert (met["next_due"], met["next_duty"], met["meets_on"]) == (None, "meeting", None)


def test_a_command_brings_the_row_of_its_placement_up_to_date(here):
    later = NOW + timedelta(minutes=5)
    command = commands()["put_on_hold"].model_validate({"placement": "H8JE-66", "reason": "an invented worry"})
    perform(here.database, here.key_file, demonstration.URN, Said(command, later, "head1"), here.rules)
    with here.database.reading() as session:
        assert session.scalars(select(Standing.held).where(Standing.ref == "H8JE-66")).one()
    assert differences(here, later)[0] == []


def test_the_daily_sweep_brings_every_row_up_to_the_day(here):
    tomorrow = NOW + timedelta(days=1)
    assert differences(here, tomorrow)[0] != []
    sweep(here.database, here.rules, "daily", tomorrow)
    assert differences(here, tomorrow)[0] == []
