"""Marks that stand: the database finds for lists the ones a case is loaded with, however they were amended and corrected."""

import random

import pytest
from sqlalchemy import select

from models.attendance import Mark
from models.chronology import Event
from offsite.case.attendance.standing_marks import stands
from offsite.casework.refusals import Refused

SLOTS = [(day, session) for day in ("2026-11-23", "2026-11-24") for session in ("am", "pm")]
AT = "2026-11-24 16:00"


def said(hilltop, *kinds):
    """Numbers of the entries of these kinds, the corrected ones too: to correct one of those again is refused."""
    with hilltop.database.reading() as session:
        return session.scalars(select(Event.number).where(Event.kind.in_(kinds)).order_by(Event.number)).all()


def standing(hilltop):
    with hilltop.database.reading() as session:
        return set(session.scalars(select(Mark.id).where(stands(Mark, 1))))


def loaded(hilltop):
    case = hilltop.case()
    return {mark.id for register in (case.home_marks, case.provider_marks) for mark in register.values()}


@pytest.mark.parametrize("seed", range(4))
def test_the_database_finds_what_a_case_is_loaded_with(placed, seed):
    """Marks, amendments, corrections and entries struck out, in any order; what is refused changes nothing."""
    dice, done = random.Random(seed), set()
    for _ in range(60):
        day, session = dice.choice(SLOTS)
        slot = {"day": day, "session": session, "register": dice.choice(("home", "provider"))}
        code = dice.choice(("/" if session == "am" else "\\", "N", "L", "I"))
        match dice.choice(("mark", "mark", "amend_mark", "correct", "strike")):
            case "mark":
                what = ("mark", {"placement": "p1", "code": code, **slot})
            case "amend_mark":
                what = ("amend_mark", {"placement": "p1", "code": code, "reason": "seen", **slot})
            case "correct":
                entries = said(placed, "mark", "amend_mark")
                what = ("correct", {"event": dice.choice(entries or [1]), "fields": {"code": code}, "reason": "a slip"})
            case _:
                what = (
                    "correct",
                    {"event": dice.choice(said(placed, "mark") or [1]), "strike_out": True, "reason": "no entry"},
                )
        try:
            placed.do(what[0], at=AT, by="dsl1", **what[1])
        except Refused:
            continue
        done.add((what[0], "strike_out" in what[1]))
        assert standing(placed) == loaded(placed)
    assert len(done) == 4
