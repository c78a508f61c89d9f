"""The review pack: all that a governor reads before a review; of concerns no more than their number."""

from datetime import UTC, date, datetime

import pytest

from models.concern import Concern
from models.placement import Start
from models.plan import ProgressReport
from offsite.case.case import MarkRow
from offsite.letters.packs.review_pack import draft_review_pack

MON_30_NOV = datetime(2026, 11, 30, 8, tzinfo=UTC)


@pytest.fixture
def attending(case, row):
    """Started on Monday 16 November; three sessions marked at the provider, one of them missed; a report; a concern."""
    case.rows._rows[Start] = [row(Start, datetime(2026, 11, 16, 9, tzinfo=UTC), gates_shut=[])]
    case.rows._rows[ProgressReport] = [
        row(ProgressReport, datetime(2026, 11, 25, 9, tzinfo=UTC), ratings={"o1": "green"}, note="Calmer each week")
    ]
    case.rows._rows[Concern] = [row(Concern, concern="c1", kind="concern", about="pupil", text="hidden words")]
    mon = date(2026, 11, 16)
    case.provider_marks = {
        (mon, "am"): MarkRow(1, 1, "/", False, False),
        (mon, "pm"): MarkRow(2, 1, "\\", False, False),
        (date(2026, 11, 17), "am"): MarkRow(3, 1, "N", False, False),
    }
    return case


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("Uses a calm-down plan: not assessed; provider's last rating green", id="objectives"),
        pytest.param("provider's register: 2 of 3 possible sessions (66%)\n  #############.......", id="attendance, chart"),
        pytest.param("home register: no possible session marked", id="home register"),
        pytest.param("both together: 2 of 3 possible sessions", id="together"),
        pytest.param("one concern raised, 1 open", id="concerns"),
        pytest.param("no visits", id="visits"),
        pytest.param("Reported on Wednesday 25 November 2026. Calmer each week", id="report"),
        pytest.param("views in writing from Mo Brook", id="voices"),
        pytest.param("no critical concern: not met", id="readiness"),
        pytest.param("invitations of r1: due Tuesday 24 November 2026", id="statutory clock"),
    ],
)
def test_a_pack_says(attending, texts, said):
    assert said in draft_review_pack(attending, "r1", texts, MON_30_NOV).text


def test_a_pack_does_not_tell_what_a_concern_says(attending, texts):
    pack = draft_review_pack(attending, "r1", texts, MON_30_NOV)
    assert "hidden words" not in pack.text + pack.html
