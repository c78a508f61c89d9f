"""Setup's automatic work: the notice drafted once it can be, the tasks with the days the law gives them."""

from datetime import UTC, date, datetime

import pytest

from models.chronology import Event, breaks
from models.encrypted_text import KeyFile, TextUnreadable
from models.placement import Consultation, Determination, Document, Notice, Task
from models.plan import Objective, Plan
from models.provider import ProviderDetails
from models.pupil import PupilAttribute
from offsite.casework.refusals import UnknownName
from offsite.casework.stages.desk import read_case
from offsite.casework.stages.set_up import set_up
from offsite.casework.tasks.open_tasks import open_tasks

WED_4_NOV = datetime(2026, 11, 4, 9, tzinfo=UTC)


@pytest.fixture
def determined(record):
    """The direction is determined and its objectives are agreed."""
    record.enter(date(2026, 11, 3), Determination(days=30, minute="2026/14"))
    record.enter(
        date(2026, 11, 3),
        Plan(agreed_by=["school", "provider"], english=True, maths=True, part_time_agreed=False),
        Objective(name="o1", text="Uses a calm-down plan", measure="incidents", by=date(2026, 12, 18)),
    )
    return record


def work(record, at=WED_4_NOV):
    return set_up(record.database, record.key_file, record.urn, "p1", at)


def test_the_notice_is_drafted_once_the_direction_is_determined(determined):
    work(determined)
    [letter] = determined.letters("notice")
    assert "repeated disruption" in letter
    assert "Uses a calm-down plan" in letter


def test_nothing_is_drafted_before(record):
    work(record)
    assert record.letters("notice") == []


def test_a_filed_letter_is_sealed(determined):
    """A letter holds names and reasons: encrypted at rest."""
    work(determined)
    with determined.database.reading() as session:
        kept = session.query(Document).one()
        assert kept.text.startswith("sealed:")
        assert kept.html.startswith("sealed:")


def test_the_notice_is_due_on_the_careful_day(record):
    """Start Monday 16 November: three school days before is Wednesday 11 November 2026."""
    work(record)
    assert ("give_notice", "p1", "clerk", date(2026, 11, 11)) in record.tasks()


def test_everybody_to_be_consulted_is_a_task(record):
    """An EHC plan brings the authority in, and the SENCO sees to it."""
    record.enter(date(2026, 9, 1), PupilAttribute(attribute="ehc_plan", holds=True, from_day=date(2026, 9, 1), at_entry=True))
    work(record)
    consulted = {(subject, role) for kind, subject, role, _ in record.tasks() if kind == "consult"}
    assert consulted == {("pupil", "head"), ("parent", "head"), ("provider", "head"), ("local_authority", "senco")}


def test_what_is_done_already_is_no_task(record):
    record.enter(date(2026, 11, 3), Consultation(consulted="parent"))
    work(record)
    assert ("consult", "parent") not in {task[:2] for task in record.tasks()}


def test_only_a_school_means_dual_registration(record):
    work(record)
    assert "register_at_provider" not in {task[0] for task in record.tasks()}
    record.enter(date(2026, 11, 4), ProviderDetails(from_day=date(2026, 9, 1), name="Aspire", kind="pru"))
    work(record)
    assert ("register_at_provider", "p1", "attendance", date(2026, 11, 16)) in record.tasks()


def test_a_second_run_files_nothing_and_leaves_no_event(determined):
    first = work(determined)
    before = [determined.count(table) for table in (Document, Task, Event)]
    again = work(determined, datetime(2026, 11, 5, 9, tzinfo=UTC))
    assert first.event is not None
    assert again.event is None
    assert again.lines == ()
    assert [determined.count(table) for table in (Document, Task, Event)] == before


def test_changed_terms_are_drafted_anew(determined, new_terms):
    work(determined)
    determined.enter(date(2026, 11, 5), new_terms(report_to="Sam Hill"))
    work(determined, datetime(2026, 11, 5, 10, tzinfo=UTC))
    assert ["Sam Hill" in letter for letter in determined.letters("notice")] == [False, True]


def test_changed_days_stand_in_the_notice_rather_than_those_determined(determined, new_terms):
    determined.enter(date(2026, 11, 5), new_terms(days=20))
    work(determined, datetime(2026, 11, 5, 10, tzinfo=UTC))
    assert "20 school days, counted from" in determined.letters("notice")[0]


def test_a_notice_that_was_given_is_not_drafted_again(determined):
    given = date(2026, 11, 4)
    determined.enter(
        given,
        Notice(
            recipient="parent:ana-m", method="hand", sent_on=given, given_on=given, omitted=[], days=30,
            start=date(2026, 11, 16),
        ),
    )  # fmt: skip
    work(determined, datetime(2026, 11, 5, 9, tzinfo=UTC))
    assert determined.letters("notice") == []


def test_the_event_names_what_was_filed_and_nobody(determined):
    """The chronology holds references only."""
    work(determined)
    payloads = determined.events("stage_worked")
    assert [doc[:2] for payload in payloads for doc in payload["documents"]] == [["notice", "p1"]]
    assert "Brook" not in str(payloads)


def test_the_lines_name_nobody(determined):
    """Prefect shows them."""
    assert "Brook" not in " ".join(work(determined).lines)


def test_the_chain_still_holds(determined):
    work(determined)
    with determined.database.reading() as session:
        assert list(breaks(session, 1)) == []


def test_a_task_is_done_when_the_record_shows_it(record):
    """Nobody ticks a box: recording the consultation is what does it."""
    work(record)
    record.enter(date(2026, 11, 5), Consultation(consulted="parent"))
    case = read_case(record.database, record.urn, "p1")
    with record.database.reading() as session:
        found = {(t.kind, t.subject): t for t in open_tasks(session, case, datetime(2026, 11, 12, 9, tzinfo=UTC))}
    assert found["consult", "parent"].done
    assert not found["give_notice", "p1"].done
    assert found["give_notice", "p1"].overdue


def test_a_lost_key_is_a_clear_error_and_files_nothing(determined):
    with pytest.raises(TextUnreadable):
        set_up(determined.database, KeyFile(None, "gone"), determined.urn, "p1", WED_4_NOV)
    assert determined.letters("notice") == []


def test_an_unknown_placement_is_named(record):
    with pytest.raises(UnknownName, match="p9"):
        set_up(record.database, record.key_file, record.urn, "p9", WED_4_NOV)
