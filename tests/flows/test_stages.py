"""Each stage's flow as a plain function: it does its stage's work, once, and sets, gives or decides nothing."""

import asyncio
from datetime import UTC, datetime

import pytest
from prefect.exceptions import ParameterTypeError

from flows.closure import close_placement
from flows.objectives import agree_objectives
from flows.references import OPAQUE
from flows.reintegration import assess_reintegration
from flows.review import governor_review
from flows.set_up import set_up_placement
from models.placement import Document, Notice, ReadinessAssessment, Task
from models.review import Invitation, Review

WED_4_NOV = datetime(2026, 11, 4, 9, tzinfo=UTC)


def run(flow, *args):
    asyncio.run(flow.fn("100001", "p1", *args))


@pytest.fixture(autouse=True)
def at(clock):
    return clock(WED_4_NOV)


def test_set_up_drafts_the_notice_and_gives_none(here, rows):
    run(set_up_placement)
    assert [row.kind for row in rows(Document)] == ["notice"]
    assert rows(Notice) == []


def test_objectives_opens_its_tasks(here, rows):
    run(agree_objectives)
    assert {"agree_plan", "record_start"} <= {row.kind for row in rows(Task)}


def test_a_review_drafts_its_invitations_and_sends_none(here, rows):
    run(governor_review, "r1", "invite")
    assert {row.subject for row in rows(Document)} == {"r1", "r1 parent", "r1 provider", "r1 head", "r1 representative"}
    assert rows(Invitation) == []


def test_readiness_is_laid_before_people_and_not_assessed(here, rows):
    run(assess_reintegration)
    assert [row.kind for row in rows(Document)] == ["readiness"]
    assert rows(ReadinessAssessment) == []


def test_closing_opens_what_is_left_and_closes_nothing(here, rows, command):
    run(close_placement)
    assert rows(Task) == []
    command("withdraw", {"placement": "p1", "reason": "moved"}, WED_4_NOV)
    run(close_placement)
    assert {row.kind for row in rows(Task)} == {"retain"}


@pytest.mark.parametrize(
    ("flow", "more"),
    [
        pytest.param(set_up_placement, (), id="set up"),
        pytest.param(agree_objectives, (), id="objectives"),
        pytest.param(governor_review, ("r1", "day"), id="review"),
        pytest.param(assess_reintegration, (), id="reintegration"),
    ],
)
def test_a_flow_may_run_twice(here, rows, flow, more):
    run(flow, *more)
    before = len(rows(Document)), len(rows(Task))
    run(flow, *more)
    assert (len(rows(Document)), len(rows(Task))) == before
    assert len(rows(Review)) == 1


def test_the_form_of_the_assessment_is_typed():
    """Prefect's page makes its form of this, and refuses what is no reference."""
    fields = assess_reintegration.parameters.properties
    assert fields["placement"]["pattern"] == OPAQUE
    assert fields["placement"]["description"].startswith("reference of the placement")


def test_a_name_is_no_reference():
    """A child's name typed into the form never becomes a run."""
    with pytest.raises(ParameterTypeError):
        assess_reintegration.validate_parameters({"school": "100001", "placement": "Ana Brook"})


def test_a_review_knows_its_moments():
    shown = governor_review.parameters.model_dump()
    assert shown["properties"]["moment"]["enum"] == ["prepare", "invite", "chase", "day", "outcome"]
