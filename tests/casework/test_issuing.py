"""A letter recorded as given is kept whole, as the record stood then, by its hash; and the chronology bears witness to it."""

import hashlib

import pytest
from sqlalchemy import select, update

from models.chronology import Event, breaks
from models.encrypted_text import KeyFile, Texts
from models.placement import Document, Issued, Notice, Placement
from models.pupil import TextKey
from offsite.casework.refusals import Refused
from offsite.casework.replay.scenario import moment
from offsite.casework.stages.set_up import file_notice
from offsite.views.papers.documents import held_to_its_hash


@pytest.fixture
def kept(placed):
    """Reads what is kept, oldest first: kind, subject, recipients, HTML, and how it stands."""

    def read():
        with placed.database.reading() as session:
            texts = Texts(session, placed.key_file, 1)
            pupil = session.scalars(select(Placement.pupil_id)).first()
            found = []
            for row in session.scalars(select(Document).order_by(Document.id)):
                html = texts.open(row.html, pupil)
                to = session.scalars(select(Issued.recipient).where(Issued.document_id == row.id).order_by(Issued.id)).all()
                found.append((row.kind, row.subject, list(to), html, held_to_its_hash(session, row, html).state))
            return found

    return read


def test_a_notice_that_nobody_drafted_before_is_kept_as_the_record_stood(kept):
    [(kind, subject, to, html, state)] = kept()
    assert (kind, subject, to, state) == ("notice", "p1", ["parent:ana-m"], "as_issued")
    assert "threw a chair at Kim" in html and "stays calm" in html


def test_the_event_names_the_hash_and_the_chain_holds(placed, kept):
    html = kept()[0][3]
    with placed.database.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "serve_notice")).one()
        issued = session.scalars(select(Issued)).one()
        assert event.payload["kept_as_issued"] == [["notice", "p1", hashlib.sha256(html.encode()).hexdigest()]]
        assert (issued.event_id, issued.sha256) == (event.id, event.payload["kept_as_issued"][0][2])
        assert list(breaks(session, 1)) == []


def test_what_changed_since_the_draft_was_filed_stands_in_what_is_kept(placed, kept):
    """The flow's draft of the day before is not what was given."""
    placed.do("change_placement", "2026-11-06 10:00", placement="p1", report_to="Lee Park")
    file_notice(placed.database, placed.key_file, "100001", "p1", moment("2026-11-06 11:00"))
    placed.do("change_placement", "2026-11-09 10:00", placement="p1", report_to="Sam Hill")
    placed.do("serve_notice", "2026-11-09 11:00", placement="p1", to=["parent"], method="hand")
    states = [(state, "Lee Park" in html, "Sam Hill" in html) for *_, html, state in kept()]
    assert states == [("as_issued", False, False), ("draft", True, False), ("as_issued", False, True)]


def test_the_draft_that_says_the_same_is_the_one_that_is_kept(placed, kept):
    placed.do("change_placement", "2026-11-06 10:00", placement="p1", report_to="Lee Park")
    file_notice(placed.database, placed.key_file, "100001", "p1", moment("2026-11-06 11:00"))
    placed.do("serve_notice", "2026-11-09 11:00", placement="p1", to=["parent"], method="hand")
    assert [(to, state) for _, _, to, _, state in kept()] == [(["parent:ana-m"], "as_issued")] * 2


def test_an_incomplete_notice_is_kept_as_it_was(placed, kept):
    placed.do("serve_notice", "2026-11-09 11:00", placement="p1", to=["parent"], method="hand", omit=["reasons"])
    html = kept()[-1][3]
    assert "leaves out what the law prescribes: reasons" in html
    assert "threw a chair" not in html


def test_each_kind_of_invitee_has_a_letter_of_its_own(placed, kept):
    placed.do("schedule_review", "2026-11-16 09:00", review="r1", placement="p1", meets="2026-11-30 16:00", place="Library")
    placed.do("invite", "2026-11-18 09:00", review="r1", to=["relevant_person", "provider", "head"])
    found = [(subject, to) for kind, subject, to, *_ in kept() if kind == "invitation"]
    assert found == [("r1 parent", ["parent:ana-m"]), ("r1 provider", ["provider"]), ("r1 head", ["head"])]


def test_an_outcome_is_kept_with_what_it_left_out(placed, kept):
    placed.do("schedule_review", "2026-11-16 09:00", review="r1", placement="p1", meets="2026-11-30")
    placed.do("hold_review", "2026-11-30 16:00", review="r1", attended=["relevant_person"])
    placed.do("decide", "2026-11-30 17:00", review="r1", decision="continue", days=20, reasons="progress is real")
    placed.do("notify_outcome", "2026-12-01 09:00", review="r1", to=["relevant_person"], method="hand", omit=["period"])
    html = kept()[-1][3]
    assert "progress is real" in html and "left out of this letter as it was given: period" in html


def test_a_late_entry_is_dated_the_day_it_was_given_and_says_when_it_was_entered(placed, kept):
    placed.do("serve_notice", "2026-11-10 09:00", happened="2026-11-09 11:00", placement="p1", to=["parent"], method="hand",
              omit=["reasons"])  # fmt: skip
    html = kept()[-1][3]
    assert '<p class="day">Monday 9 November 2026<br>' in html
    assert "entered on Tuesday 10 November 2026" in html


def test_a_correction_keeps_no_new_letter(placed, kept):
    """What was given was given: corrected is what the record says of it."""
    with placed.database.reading() as session:
        number = session.scalars(select(Event.number).where(Event.kind == "serve_notice")).one()
    placed.do("correct", "2026-11-09 09:00", event=number, method="email", reason="it was sent by e-mail")
    assert [(kind, to, state) for kind, _, to, _, state in kept()] == [("notice", ["parent:ana-m"] * 2, "as_issued")]
    assert placed.case().of(Notice)[-1].method == "email"


def test_without_the_key_the_giving_is_recorded_though_no_copy_can_be_kept(placed, kept):
    """That a notice was given counts for more than its copy."""
    key, placed.key_file = placed.key_file, KeyFile(None, "gone")
    placed.do("serve_notice", "2026-11-09 11:00", placement="p1", to=["parent"], method="hand")
    placed.key_file = key
    assert len(placed.case().of(Notice)) == 2
    assert len(kept()) == 1


@pytest.mark.parametrize("also_the_hash_on_file", [False, True])
def test_a_letter_that_was_changed_since_says_so(placed, kept, also_the_hash_on_file):
    """Whoever changes the hash beside it as well is still found out by the event's."""
    with placed.database.writing() as session:
        assert session.scalars(select(TextKey)).first() is not None
        pupil = session.scalars(select(Placement.pupil_id)).first()
        forged = "<p>All is well</p>"
        session.execute(update(Document).values(html=Texts(session, placed.key_file, 1).seal(forged, pupil)))
        if also_the_hash_on_file:
            session.execute(update(Issued).values(sha256=hashlib.sha256(forged.encode()).hexdigest()))
    assert kept()[0][4] == "changed"


# -- the pack for the governors


@pytest.fixture
def reviewed(placed):
    """A review that is set."""
    placed.do("schedule_review", "2026-11-09 09:00", review="r1", placement="p1", meets="2026-11-30 16:00")
    return placed


def test_a_pack_is_kept_as_it_was_built_for_the_governors(reviewed, kept):
    done = reviewed.do("build_pack", "2026-11-16 09:00", by="clerk1", review="r1")
    kind, subject, to, html, state = kept()[-1]
    assert (kind, subject, to, state) == ("review_pack", "r1", ["governors"], "as_issued")
    with reviewed.database.reading() as session:
        event = session.scalars(select(Event).where(Event.number == done.event, Event.kind == "build_pack")).one()
        assert event.payload["kept_as_issued"] == [["review_pack", "r1", hashlib.sha256(html.encode()).hexdigest()]]
        assert "threw a chair" in html and "threw a chair" not in str(event.payload)


def test_a_pack_for_several_readers_leaves_out_what_is_raised_against_anybody(reviewed, kept):
    for name, against in (("open-one", None), ("of-the-head", "head")):
        reviewed.do("raise_concern", "2026-11-10 10:00", concern=name, placement="p1", kind="allegation", about="placement",
                    against=against, text="hidden")  # fmt: skip
    reviewed.do("build_pack", "2026-11-16 09:00", review="r1")
    html = kept()[-1][3]
    assert "One concern raised, 1 open." in html
    assert "hidden" not in html and "of-the-head" not in html and "LADO" not in html


def test_a_pack_built_again_is_another_one_and_the_earlier_stays(reviewed, kept):
    reviewed.do("build_pack", "2026-11-16 09:00", review="r1")
    reviewed.do("report_progress", "2026-11-17 09:00", placement="p1", objectives={"o1": "green"}, note="calmer each day")
    reviewed.do("build_pack", "2026-11-17 10:00", review="r1")
    packs = [("calmer each day" in html, state) for kind, *_, html, state in kept() if kind == "review_pack"]
    assert packs == [(False, "as_issued"), (True, "as_issued")]


def test_without_the_key_no_pack_is_built(reviewed):
    """A letter was given whatever became of its copy; a pack that cannot be kept was not given to anybody."""
    before, reviewed.key_file = reviewed.rows(), KeyFile(None, "gone")
    with pytest.raises(Refused, match="the pack was not built"):
        reviewed.do("build_pack", "2026-11-16 09:00", review="r1")
    assert reviewed.rows() == before


def test_a_pack_is_neither_entered_late_nor_corrected(reviewed):
    number = reviewed.do("build_pack", "2026-11-16 09:00", review="r1").event
    with pytest.raises(Refused, match="happens as it is recorded"):
        reviewed.do("build_pack", "2026-11-17 09:00", happened="2026-11-16 09:00", review="r1")
    with pytest.raises(Refused, match="not corrected"):
        reviewed.do("correct", "2026-11-17 09:00", event=number, fields={}, reason="r")
