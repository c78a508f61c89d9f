"""The command line as people use it: a school of one's own, refusals, backups, the watchdog, registers read from files."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from offsite.casework.command import commands
from offsite.casework.keeping.installation import Installation
from offsite.casework.watch.watchdog import late_jobs, watch
from offsite.cli.main import SUBJECTS, put_together

app = put_together(*SUBJECTS)

SCHOOL = """
school:
  name: Invented School
  urn: "100009"
  kind: maintained
  local_authority: Invented County
  half_terms: [{first: 2026-09-02, last: 2026-10-23}, {first: 2026-11-02, last: 2027-12-17}]
  sessions: {am: ["08:45", "12:15"], pm: ["13:10", "15:15"]}
"""
TABLE = """
set_up_school add_person add_pupil add_provider change_person change_provider change_pupil change_settings cover close_day
propose_placement withdraw record_consultation record_check confirm_safeguarding assess_risk determine serve_notice
register_at_provider record_statutory_step agree_plan change_placement start mark marks amend_mark record_contact
record_visit report_progress assess_objective record_partnership raise_concern triage_concern find_child close_concern
refer_to_lado review_safety put_on_hold lift_hold provider_change accept_change schedule_review move_review cancel_review
nominate invite request_review reply_to_request receive_views hold_review decide amend_decision notify_outcome
request_readiness assess_readiness plan_return begin_return step_back record_return_check close acknowledge take hand_over
resolve mark_not_useful erase_record keep_record correct
"""


@pytest.fixture
def offsite(tmp_path):
    """Runs a command line in a folder of its own; returns exit code and output."""
    data = tmp_path / "data"

    def run(*arguments, code=0, input=None):
        found = CliRunner().invoke(app, [*arguments, "--data", str(data)], input=input)
        assert found.exit_code == code, found.output + str(found.exception or "")
        return found.output

    run.data = data
    return run


@pytest.fixture
def school(offsite, tmp_path):
    """A school of one's own, set up from a file, with a DSL and a pupil at a provider."""
    (tmp_path / "school.yaml").write_text(SCHOOL)
    offsite("init", "--from", str(tmp_path / "school.yaml"))
    for person, role in (("dsl1", "dsl"), ("ddsl1", "deputy_dsl"), ("head1", "head"), ("clerk1", "clerk")):
        offsite("do", "add_person", "--id", person, "--roles", role, "--name", "X", "--email", f"{person}@invented.example")
    offsite("do", "add_pupil", "--id", "u1", "--name", "Zebedee", "--born", "2012-03-04",
            "--parents", '[{"id": "m1", "name": "Mo"}]')  # fmt: skip
    offsite("do", "add_provider", "--id", "workshop", "--name", "W", "--kind", "non_school")
    return offsite


def propose(offsite, code=0, **changed):
    day = next_school_day(datetime.now(UTC).date() + timedelta(days=20))
    fields = {"placement": "P1", "pupil": "u1", "provider": "workshop", "purpose": "improve_behaviour",
              "reasons": "shouted", "start": str(day), "days": "30", "sessions": "full_time", **changed}  # fmt: skip
    return offsite("do", "propose_placement", *[part for k, v in fields.items() for part in (f"--{k}", v)], code=code)


def next_school_day(day):
    while day.weekday() > 4 or (day.month, day.day) in ((12, 25), (12, 28), (1, 1)):
        day += timedelta(days=1)
    return day


def test_every_command_of_the_table_is_on_the_command_line():
    assert set(TABLE.split()) <= commands().keys()


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_explains_itself(name):
    found = CliRunner().invoke(app, ["do", name, "--help"])
    assert found.exit_code == 0
    assert "--happened" in found.output


def test_a_new_school_is_warned_until_somebody_can_be_reached(offsite, tmp_path):
    (tmp_path / "school.yaml").write_text(SCHOOL)
    assert "no DSL and no deputy" in offsite("init", "--from", str(tmp_path / "school.yaml"))
    assert "dsl cannot be reached: nobody holds or covers the role" in offsite("doctor", code=1)
    offsite("init", "--from", str(tmp_path / "school.yaml"), code=5)


def test_the_doctor_says_which_channels_are_on_and_what_they_lack(school):
    said = school("doctor")
    assert "texts: off" in said and "calls: off" in said
    assert "e-mail: written to" in said and "sent to nobody" in said
    with (school.data / "offsite.toml").open("a") as file:
        file.write('[messages.text]\nkind = "notify"\ntemplate = "740e5834-3a29-46b4-9a6f-16142fde533a"\n')
        file.write('[messages.call]\nkind = "apprise"\naddress = "json://127.0.0.1/secret-path/{phone}"\n')
    said = school("doctor", code=1)
    assert "texts: messages.text has no api_key: set OFFSITE_MESSAGES__TEXT__API_KEY" in said
    assert "calls: handed to the service behind json://" in said
    assert "secret-path" not in said


def test_the_doctor_warns_where_a_proxy_must_stand_and_none_is_named(school, monkeypatch):
    warning = "pages.trusted_proxies names no proxy"
    assert warning not in school("doctor")
    monkeypatch.setenv("OFFSITE_MESSAGES__BASE_URL", "https://offsite.school.example")
    assert warning in school("doctor").replace("\n", " ")
    monkeypatch.setenv("OFFSITE_PAGES__TRUSTED_PROXIES", '["192.0.2.7"]')
    assert warning not in school("doctor").replace("\n", " ")


def test_init_asks_where_no_file_is_given(offsite):
    answers = ["Invented School", "100008", "academy", "Invented County", "2026-09-02", "2027-12-17", "", "", *[""] * 4]
    assert "Made" in offsite("init", input="\n".join(answers) + "\n")
    assert Installation.open(offsite.data).schools() == ["100008"]


def test_a_refusal_names_field_value_and_what_is_allowed(school):
    output = propose(school, code=3, provider="nowhere")
    assert "provider is 'nowhere'" in output.replace("\n", " ")
    assert "workshop" in output
    assert "days is '0'" in propose(school, code=3, days="0").replace("\n", " ")
    school("do", "assess_risk", "--placement", "P9", code=3)
    school("show", "P9", code=3)


def test_a_placement_is_shown_and_a_second_edit_from_before_is_a_conflict(school):
    propose(school)
    shown = json.loads(school("show", "P1", "--json"))
    assert (shown["stage"], shown["placement"]) == ("setup", "P1")
    assert shown["chronology"][0]["what"] == "propose_placement"
    school("do", "change_placement", "--placement", "P1", "--days", "20", "--by", "clerk1")
    school("do", "change_placement", "--placement", "P1", "--days", "25", "--seen", str(shown["seen"]), code=4)
    assert "Zebedee" not in school("show", "P1")


def test_verify_names_what_was_tampered_with(school):
    propose(school)
    assert "whole" in school("verify")
    here = Installation.open(school.data)
    with here.database.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER event_never_updated"))
        connection.execute(text("UPDATE event SET by = 'dsl1' WHERE number = 3"))
    assert "event 3 changed" in school("verify", code=1)


def test_backup_and_restore_of_database_and_key_apart(school, tmp_path):
    propose(school)
    school("backup", str(tmp_path / "db"))
    school("backup", "--key", str(tmp_path / "key"))
    school("backup", str(tmp_path / "db"), code=1)
    school("do", "assess_risk", "--placement", "P1")
    after = json.loads(school("verify", "--json"))[0]["events"]
    school("restore", str(tmp_path / "db"))
    assert json.loads(school("verify", "--json"))[0]["events"] < after
    (school.data / "keys" / "offsite.key").unlink()
    assert "missing or damaged" in school("doctor", code=1)
    assert "P1" in school("show")
    school("do", "put_on_hold", "--placement", "P1", "--reason", "r", code=6)
    school("restore", "--key", str(tmp_path / "key"))
    school("do", "put_on_hold", "--placement", "P1", "--reason", "r")
    (tmp_path / "bad").write_bytes(b"no database")
    school("restore", "--key", str(tmp_path / "bad"), code=1)


def test_the_watchdog_cries_when_the_rules_stop_and_stops_when_they_run_again(school):
    here = Installation.open(school.data)
    now = datetime.now(UTC)
    assert {job.job for job in late_jobs(here.database, now + timedelta(minutes=9))} == set()
    assert {job.job for job in late_jobs(here.database, now + timedelta(minutes=36))} == {"dispatch", "sweep_quarter_hour"}
    watch(here.database, now + timedelta(minutes=36))
    shown = json.loads(school("show", "--json"))
    assert {a["rule"] for a in shown["alerts"]} == {"system-dispatch-late", "system-sweep-late"}
    school("sweep", "--quarter-hour")
    watch(here.database, datetime.now(UTC))
    assert {a["rule"] for a in json.loads(school("show", "--json"))["alerts"]} <= {"calendar-ending"}


def test_a_sweep_is_never_of_the_future_nor_before_the_last(school):
    assert "in the future" in school("sweep", "--as-of", "2099-01-01", code=3)
    school("sweep")
    assert "before the last sweep" in school("sweep", "--as-of", "2026-09-01", code=3).replace("\n", " ")


def test_marks_are_read_row_by_row_and_never_twice(school, tmp_path):
    propose(school)
    file = tmp_path / "marks.csv"
    file.write_text(
        "Pupil,Day,Session,Register,Code,Activity,Reason\n"
        "u1,2026-11-16,am,home,/,,\n"
        "u1,2026-11-16,pm,home,\\,,\n"
        "u1,2026-11-16,noon,home,/,,\n"
        "u1,2026-11-17,am,home,H,,\n"
        "u7,2026-11-17,am,home,/,,\n"
        "u1,2099-11-17,am,home,/,,\n"
    )
    dry = json.loads(school("import", "marks", str(file), "--dry-run", "--json", code=1))
    assert (dry["entered"], dry["would_enter"]) == (0, 2)
    done = json.loads(school("import", "marks", str(file), "--json", code=1))
    assert (done["entered"], [row["line"] for row in done["refused"]]) == (2, [4, 5, 6, 7])
    again = json.loads(school("import", "marks", str(file), "--json", code=1))
    assert (again["entered"], again["already_there"]) == (0, 2)
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    school("import", "marks", str(tmp_path / "bad.csv"), code=2)


def test_without_an_installation_every_command_says_what_to_do(offsite):
    assert "offsite init" in offsite("show", code=5).replace("\n", " ")


def test_the_law_of_a_day_is_printed_without_an_installation():
    run = CliRunner().invoke
    found = run(app, ["law", "--on", "2012-12-31", "--json"])
    document = json.loads(found.output)
    assert [regime["id"] for regime in document["regimes"]] == ["osd-2010"]
    assert "review-thirty-days" in [duty["rule"] for duty in document["duties"] if duty["authority"] == "law"]
    assert "the next" in run(app, ["law", "--on", "2026-07-25", "--school-kind", "academy"]).output
    refused = run(app, ["law", "--school-kind", "college"])
    assert refused.exit_code == 3 and "maintained" in refused.output


def test_a_changed_setting_says_since_when_and_a_person_says_why(school):
    school("do", "change_settings", "--settings", '{"contact_days": 5}', "--by", "head1", code=3)
    school("do", "change_settings", "--settings", '{"persistent": 12}', "--reason", "try", "--by", "head1", code=3)
    school("do", "change_settings", "--settings", '{"contact_days": 5}', "--reason", "two scares", "--by", "head1",
           "--from", "2090-01-09")  # fmt: skip
    days = ("2090-01-08", "2090-01-09", "2090-01-10")
    listed = [json.loads(school("settings", "--on", day, "--json"))["settings"] for day in days]
    rows = [next(row for row in one if row["setting"] == "contact_days") for one in listed]
    assert [row["value"] for row in rows] == [7, 5, 5]
    assert [row["changed"] for row in rows] == [None, "2090-01-09", "2090-01-09"]
    assert rows[1]["unit"] == "calendar days"


def test_reports_of_alerts_and_sweeps(school, tmp_path):
    assert "No daily sweep" in school("report", "sweep")
    school("sweep")
    found = json.loads(school("report", "sweep", "--json"))
    assert {row["rule"] for row in found["rules"]} >= {"calendar-ending", "provider-must-register"}
    assert found["before"] is None
    rows = school("report", "alerts", "--csv", str(tmp_path / "alerts.csv"), "--json")
    assert (tmp_path / "alerts.csv").read_text().startswith("rule,month,raised")
    assert isinstance(json.loads(rows), list)
    school("report", "alerts", "--from", "2026-11-02", "--to", "2026-11-01", code=3)


def test_letters_are_written_as_html_text_and_pdf_and_held_to_their_hash(school, tmp_path):
    school("do", "propose_placement", "--placement", "p1", "--pupil", "u1", "--provider", "workshop", "--purpose",
           "improve_behaviour", "--reasons", "doors", "--start", "2027-11-15", "--days", "20",
           "--sessions", "full_time")  # fmt: skip
    school("do", "determine", "--placement", "p1")
    school("do", "serve_notice", "--placement", "p1", "--to", "parent", "--method", "hand")
    to = tmp_path / "letters"
    assert "unchanged since" in school("letters", "p1", "--to", str(to), "--pdf")
    assert sorted(path.suffix for path in to.iterdir()) == [".html", ".pdf", ".txt"]
    assert next(to.glob("*.pdf")).read_bytes().startswith(b"%PDF-")
    assert "Mo" in next(to.glob("*.txt")).read_text(encoding="utf-8")
    assert json.loads(school("letters", "p1", "--json"))[0]["stands"] == "as_issued"
    school("letters", "p1", "--pdf", code=2)
    here = Installation.open(school.data)
    with here.database.writing() as session:
        session.execute(text("UPDATE issued SET sha256 = 'another'"))
    here.database.close()
    assert "CHANGED since" in school("letters", "p1", code=1)
