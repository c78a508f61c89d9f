"""What somebody recorded is listed for them, corrected from there, and struck out where it should never have been entered."""

import pytest
from sqlalchemy import select

from models.message import Message


def say(pages, by, command, **fields):
    return pages.api(by).post(f"/api/do/{command}", json={"fields": fields})


@pytest.mark.parametrize("ref", ["att1", "clerk1"])
def test_whoever_may_correct_finds_their_own_entries_and_no_one_elses(pages, ref):
    mine = say(pages, ref, "record_contact", placement="J7DV-14", **{"with": "parent"}).json()["event"]
    other = say(pages, "senco1", "record_contact", placement="J7DV-14", **{"with": "parent"}).json()["event"]
    shown = pages.as_(ref).get("/entries").text
    assert f'href="/correct/{mine}"' in shown and f'href="/correct/{other}"' not in shown
    assert pages.as_("senco1").get("/entries").status_code == 403


def test_a_leader_also_finds_what_was_recorded_about_the_school(pages):
    number = say(pages, "clerk1", "close_day", day="2027-03-03", reason="Planned closure").json()["event"]
    assert f'href="/correct/{number}"' in pages.as_("head1").get("/entries?q=close+day").text
    assert f'href="/correct/{number}"' in pages.as_("clerk1").get(f"/done/{number}").text
    assert f'href="/correct/{number}"' not in pages.as_("att1").get("/entries?q=close_day").text


def test_a_day_closed_by_mistake_is_struck_out_and_counts_as_never_closed(pages):
    before = pages.api("head1").get("/api/placements/J7DV-14").json()["period_ends"]
    number = say(pages, "head1", "close_day", day="2026-12-02", reason="Planned closure").json()["event"]
    closed = pages.api("head1").get("/api/placements/J7DV-14").json()["period_ends"]
    answer = pages.as_("head1").post(f"/correct/{number}", strike_out="true", reason_of_correction="the wrong school")
    assert answer.status_code == 303, answer.text
    assert pages.api("head1").get("/api/placements/J7DV-14").json()["period_ends"] == before != closed
    assert "corrected since" in pages.as_("head1").get("/entries?q=close_day").text


def test_a_cover_ends_early_by_correcting_its_last_day(pages):
    cover = {"role": "senco", "person": "att1", "from": "2026-11-25", "to": "2026-12-04"}
    number = say(pages, "head1", "cover", **cover).json()["event"]
    assert "senco" in pages.api("att1").get("/api/me").json()["roles"]
    answer = say(pages, "head1", "correct", event=number, fields={"from": "2026-11-24", "to": "2026-11-24"}, reason="back")
    assert answer.status_code == 201
    assert "senco" not in pages.api("att1").get("/api/me").json()["roles"]


def test_what_others_rest_on_is_not_struck_out(pages):
    number = say(pages, "dsl1", "put_on_hold", placement="J7DV-14", reason="an invented reason").json()["event"]
    answer = say(pages, "dsl1", "correct", event=number, strike_out=True, reason="a slip")
    assert answer.status_code == 422 and "close_day, cover" in answer.json()["why"]
    assert "strike_out" not in pages.as_("dsl1").get(f"/correct/{number}").text


def test_what_a_provider_closes_is_told_to_the_school_at_once_and_not_what_the_school_closes(pages):
    def told():
        with pages.here.database.reading() as session:
            return [(m.role, m.severity, m.body) for m in session.scalars(select(Message).where(Message.kind == "closed_day"))]

    assert say(pages, "head1", "close_day", provider="workshop", day="2027-03-08", reason="Planned closure").status_code == 201
    assert told() == []
    assert say(pages, "prov1", "close_day", provider="workshop", day="2027-03-09", reason="Snow").status_code == 201
    found = told()
    assert {(role, severity) for role, severity, _ in found} == {("dsl", "high"), ("attendance", "high")}
    assert all("prov1 of provider workshop closed it on 9 March 2027 (am and pm)" in body for _, _, body in found)


def test_a_day_is_closed_once(pages):
    assert say(pages, "head1", "close_day", day="2027-03-04", sessions=["am"], reason="Planned closure").status_code == 201
    again = say(pages, "head1", "close_day", day="2027-03-04", sessions=["am"], reason="Planned closure")
    assert again.status_code == 422 and "closed on 2027-03-04 already" in again.json()["why"]
    assert say(pages, "head1", "close_day", day="2027-03-04", reason="Planned closure").status_code == 201
