"""Why an alert was raised, to the row; and what cannot be told is somebody's task."""

from datetime import UTC, datetime

from offsite.casework.tasks.open_tasks import open_tasks
from offsite.casework.watch.why import why

AT = datetime(2026, 11, 12, 9, tzinfo=UTC)


def raised(school, rule):
    with school.database.reading() as session:
        ref = next(alert["alert"] for alert in school.alerts() if alert["rule"] == rule)
        return why(session, ref)


def test_why_tells_values_number_count_and_origin(placed):
    """The notice was given on Friday 6 November; the start is moved forward to Monday 9 November."""
    placed.do("change_placement", "2026-11-12 09:00", placement="p1", start="2026-11-09", happened="2026-11-07")
    told = raised(placed, "notice-late")
    assert told["found_by"] == "both readings"
    assert told["regime"] == "osd-2026"
    assert told["rule_book"] == told["rule_book_now"]
    assert all(row["holds"] for row in told["compared"])
    assert (told["count"]["due"], told["count"]["verdict"]) == ("2026-11-04", "breached")
    origins = {(origin["what"], origin["by"]) for origin in told["origins"]}
    assert {("serve_notice", "operator"), ("determine", "operator"), ("change_placement", "operator")} <= origins
    assert told["messages"]
    assert all(message["acknowledged"] is None for message in told["messages"])


def test_why_names_the_number_of_the_law(placed):
    """A review on Monday 30 November: invitations by Tuesday 24 November, six days before."""
    placed.do("start", "2026-11-16 09:00", placement="p1", override={"by": "head1", "reason": "agreed"})
    placed.do("schedule_review", "2026-11-17 09:00", review="r1", placement="p1", meets="2026-11-30")
    placed.do("record_contact", "2026-11-23 09:00", placement="p1", with_="parent")
    told = raised(placed, "invitations-due")
    numbers = {row["parameter"]["key"]: row["parameter"] for row in told["compared"] if row["parameter"]}
    assert (numbers["invitations"]["value"], numbers["invitations"]["source"]) == (6, "SI 2010/1156 reg 5(1)")
    assert told["count"]["due"] == "2026-11-24"
    placed.do("acknowledge", "2026-11-23 10:00", rule="invitations-due", placement="p1", subject="r1", by="clerk1")
    assert raised(placed, "invitations-due")["messages"][0]["acknowledged"] is not None


def test_what_cannot_be_told_is_a_task_for_whoever_can_find_out(placed):
    """Two hundred school days lie past the calendar on file, until the days are put right."""
    placed.do("change_placement", "2026-11-12 09:00", placement="p1", days=200)
    placed.do("serve_notice", "2026-11-12 10:00", placement="p1", to=["parent"], method="hand")
    assert to_find_out(placed) == [("clerk", "reintegration-plan-due unknown")]
    placed.do("change_placement", "2026-11-13 09:00", placement="p1", days=20)
    placed.do("serve_notice", "2026-11-13 10:00", placement="p1", to=["parent"], method="hand")
    assert to_find_out(placed) == []


def to_find_out(school):
    with school.database.reading() as session:
        tasks = open_tasks(session, school.case(), AT)
        return [(task.role, task.subject) for task in tasks if task.kind == "find_out"]
