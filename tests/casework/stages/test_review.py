"""Governor review, moment by moment. The meeting is Monday 30 November 2026: invitations by Tuesday the 24th."""

from datetime import UTC, date, datetime

import pytest

from models.placement import Document, Task
from models.review import Decision, Invitation, Nomination, Outcome, Review, ReviewHeld
from offsite.casework.refusals import UnknownName
from offsite.casework.stages.moments import moments_of, reached
from offsite.casework.stages.review import govern_review

MON_30_NOV = date(2026, 11, 30)
INVITED = ("parent:ana-m", "provider", "head", "representative")


def at(day, hour=8):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.fixture
def meeting(record):
    """The review r1 is set."""
    record.enter(date(2026, 11, 12), Review(name="r1", change="scheduled", meets_on=MON_30_NOV))
    return record


@pytest.fixture
def held(meeting):
    """It was held on its day."""
    meeting.enter(MON_30_NOV, ReviewHeld(review="r1", held_on=MON_30_NOV, attended=["head"]))
    return meeting


def decide(record, decision="continue", day=date(2026, 12, 1), **more):
    record.enter(
        day,
        Decision(review="r1", decision=decision, views_considered=[], amends=False, reasons="progress", **more),
    )


def work(record, day, moment=None):
    return govern_review(record.database, record.key_file, record.urn, "p1", "r1", at(day), moment)


def kinds(record):
    return {(kind, subject) for kind, subject, _, _ in record.tasks()}


def test_moments_are_counted_from_the_meeting():
    assert [(due.moment, due.at.date()) for due in moments_of(MON_30_NOV)] == [
        ("prepare", date(2026, 11, 16)),
        ("invite", date(2026, 11, 20)),
        ("chase", date(2026, 11, 23)),
        ("day", MON_30_NOV),
        ("outcome", date(2026, 12, 3)),
    ]


def test_a_moment_asked_for_brings_those_before_it():
    """A run that was missed is made up for by the next."""
    assert reached(MON_30_NOV, at(date(2026, 11, 16)), "chase") == ("prepare", "invite", "chase")


def test_preparing_has_the_representative_named(meeting):
    work(meeting, date(2026, 11, 16))
    assert kinds(meeting) == {("nominate", "r1")}


def test_a_named_representative_is_no_task(meeting):
    meeting.enter(
        date(2026, 11, 13),
        Nomination(review="r1", name="Gwen Ford", head=False, authority_employee=False, connected=False),
    )
    work(meeting, date(2026, 11, 16))
    assert kinds(meeting) == set()


def test_inviting_drafts_one_letter_an_invitee_due_six_days_before(meeting):
    work(meeting, date(2026, 11, 20))
    assert len(meeting.letters("invitation")) == len(INVITED)
    assert ("invite", "r1", "clerk", date(2026, 11, 24)) in meeting.tasks()


def test_who_was_invited_is_not_drafted_for_again(meeting):
    meeting.enter(date(2026, 11, 18), *(Invitation(review="r1", recipient=r, sent_on=date(2026, 11, 18)) for r in INVITED[1:]))
    work(meeting, date(2026, 11, 20))
    [letter] = meeting.letters("invitation")
    assert "Dear Mo Brook" in letter


def test_drafting_invites_nobody(meeting):
    """That an invitation was sent is recorded by a person's command alone."""
    work(meeting, date(2026, 11, 20))
    assert meeting.count(Invitation) == 0


def test_chasing_names_each_invitee_still_without(meeting):
    meeting.enter(date(2026, 11, 18), *(Invitation(review="r1", recipient=r, sent_on=date(2026, 11, 18)) for r in INVITED[:3]))
    work(meeting, date(2026, 11, 23))
    assert {subject for kind, subject in kinds(meeting) if kind == "chase_invitation"} == {"r1 representative"}


def test_on_the_day_the_meeting_and_its_decision_are_tasks(meeting):
    work(meeting, MON_30_NOV)
    found = {kind: due for kind, _, _, due in meeting.tasks()}
    assert found["hold_review"] == MON_30_NOV
    assert found["decide"] == date(2026, 12, 3)


def test_the_outcome_is_drafted_once_decided_and_due_six_days_after(held):
    """A Sunday is still the limit."""
    decide(held, days=20)
    work(held, date(2026, 12, 1), "outcome")
    [letter] = held.letters("outcome")
    assert "The direction continues." in letter
    assert ("notify_outcome", "r1", "clerk", date(2026, 12, 6)) in held.tasks()


def test_no_outcome_is_drafted_before_the_decision(held):
    work(held, date(2026, 12, 3))
    assert held.letters("outcome") == []


@pytest.mark.parametrize(
    ("decision", "task"),
    [
        pytest.param("continue", "schedule_review", id="goes on: the next review"),
        pytest.param("reintegrate", "plan_return", id="a return: its plan"),
        pytest.param("end", "close_placement", id="the end: closing"),
    ],
)
def test_what_comes_next_is_proposed(held, decision, task):
    decide(held, decision)
    work(held, date(2026, 12, 1), "outcome")
    assert (task, "r1") in kinds(held)
    assert held.count(Review) == 1


def test_an_outcome_that_was_given_is_not_drafted_again_unless_amended(held):
    decide(held, days=20)
    for who in ("parent:ana-m", "provider"):
        held.enter(
            date(2026, 12, 2),
            Outcome(
                review="r1",
                recipient=who,
                method="hand",
                sent_on=date(2026, 12, 2),
                given_on=date(2026, 12, 2),
                omitted=[],
                stated={},
            ),
        )
    work(held, date(2026, 12, 3))
    assert held.letters("outcome") == []
    decide(held, day=date(2026, 12, 4), days=10)
    work(held, date(2026, 12, 4))
    assert len(held.letters("outcome")) == 1


def test_a_cancelled_review_is_left_alone(meeting):
    meeting.enter(date(2026, 11, 19), Review(name="r1", change="cancelled", meets_on=MON_30_NOV))
    assert work(meeting, MON_30_NOV).lines == ()


@pytest.mark.parametrize("day", [date(2026, 11, 16), date(2026, 11, 20), date(2026, 11, 23), MON_30_NOV])
def test_every_moment_may_run_twice(meeting, day):
    work(meeting, day)
    before = meeting.count(Document), meeting.count(Task)
    assert work(meeting, day).lines == ()
    assert (meeting.count(Document), meeting.count(Task)) == before


def test_the_outcome_may_run_twice(held):
    decide(held, days=20)
    work(held, date(2026, 12, 3))
    assert work(held, date(2026, 12, 4)).lines == ()


def test_an_unknown_review_is_named(record):
    with pytest.raises(UnknownName, match="r1"):
        work(record, MON_30_NOV)
