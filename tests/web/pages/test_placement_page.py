"""A placement's page: its stages, and the day it began beside the day it was planned for."""

import re

import pytest

STAGES = [
    ("K7QD-31", ["Now", "Not yet", "Not yet", "Not yet", "Not yet"]),
    ("H8JE-66", ["Done", "Done", "Now", "Not yet", "Not yet"]),
    ("J7DV-14", ["Done", "Done", "Done", "Now", "Not yet"]),
    ("W4HA-37", ["Done", "Done", "Done", "Not reached", "Now"]),
]


def statuses(page):
    listed = page.text.split('aria-label="Stages"')[1].split("</ol>")[0]
    return [re.sub("<[^>]+>", "", s) for s in re.findall(r'task-list__status">(.*?)</div>', listed)]


@pytest.mark.parametrize(("ref", "said"), STAGES)
def test_a_stage_is_done_or_now_or_not_yet(pages, ref, said):
    assert statuses(pages.as_("head1").get(f"/placements/{ref}")) == said


def test_of_a_placement_withdrawn_before_its_start_no_stage_is_done(pages):
    fields = {"placement": "M2VA-84", "reason": "invented"}
    assert pages.api("head1").post("/api/do/withdraw", json={"fields": fields}).status_code == 201
    assert statuses(pages.as_("head1").get("/placements/M2VA-84")) == ["Not reached"] * 4 + ["Now"]


def test_how_a_closed_placement_went_is_not_told_to_who_sees_no_dates(pages):
    assert statuses(pages.as_("dp1").get("/placements/W4HA-37")) == ["", "", "", "", "Now"]


def test_an_early_start_is_shown_beside_the_planned_day_and_in_use_only_then(pages):
    who = pages.as_("head1")
    sheet = who.get("/documents/inspection-sheet").text
    assert "H8JE-66" in sheet and "R9TH-07" not in sheet
    assert "began on" not in who.get("/placements/R9TH-07").text
    fields = {"placement": "R9TH-07", "override": {"reason": "invented"}}
    assert pages.api("head1").post("/api/do/start", json={"fields": fields}).status_code == 201
    said = "Friday 27 November 2026 as planned; began on Wednesday 25 November 2026"
    assert said in who.get("/placements/R9TH-07").text
    sheet = who.get("/documents/inspection-sheet").text
    assert "Wednesday 25 November 2026 (planned for Friday 27 November 2026)" in sheet
    assert "as planned; began" not in who.get("/placements/H8JE-66").text
