"""The provider's register on a phone: one tap a mark, the reason of an absence with it; of a tap that comes too late nothing
typed is lost, through an account and through a signed link alike."""

import html
import re

import pytest
from sqlalchemy import select

from models.attendance import Mark
from models.encrypted_text import Texts
from models.placement import Placement
from models.school import School
from offsite.casework.replay.scenario import moment

HERE = "999001"
SCHOOL_DAYS = iter(["2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03"])


@pytest.fixture
def registers(pages):
    """The ways to the workshop's register of today: who, and at which address a tap is sent. Each test has a day of its own."""
    pages.clock.at = moment(f"{next(SCHOOL_DAYS)} 10:20")
    link = re.search(r"/register/[\w.\-]+", pages.as_("att1").get("/providers/workshop/link").text)[0]
    return {"account": (pages.as_("prov1"), "/provider", "/provider/mark"), "link": (pages.nobody(), link, link)}


def unmarked(page):
    """What the form of the first session that is open and not marked would send, but for the tap."""
    for form in re.findall(r"<form.*?</form>", page.text, re.S):
        sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
        if "marked" in sent and not sent["marked"]:
            return sent
    raise AssertionError("every session is marked")


def newest(pages, placement):
    with pages.here.database.reading() as session:
        wanted = select(Mark).join(Placement, Placement.pupil_id == Mark.pupil_id).join(School, School.id == Mark.school_id)
        wanted = wanted.where(School.urn == HERE, Placement.ref == placement, Mark.provider_id.is_not(None))
        row = session.scalars(wanted.order_by(Mark.id.desc())).first()
        return row.code, Texts(session, pages.here.key_file, row.school_id).open(row.reason, row.pupil_id)


def test_an_absence_and_its_reason_are_one_tap(pages, registers):
    who, page, to = registers["account"]
    shown = who.get(page)
    sent = unmarked(shown)
    assert re.search(r'<button[^>]*value="absent-I"[^>]*>Absent: illness<', shown.text)
    assert who.client.post(to, data={**sent, "tap": "absent-I"}).status_code == 303
    assert newest(pages, sent["placement"]) == ("N", "illness (I)"), "the school settles which code it is"
    assert "<br>illness (I)</td>" in pages.as_("att1").get("/attendance").text


def test_a_reason_that_no_page_offers_is_not_taken(registers):
    who, page, to = registers["account"]
    sent = unmarked(who.get(page))
    assert who.client.post(to, data={**sent, "tap": "absent-G"}).status_code == 422


@pytest.mark.parametrize("way", ["account", "link"])
def test_a_tap_that_comes_too_late_is_said_plainly_and_loses_nothing(pages, registers, way):
    who, page, to = registers[way]
    stale = unmarked(who.get(page))
    other = pages.as_("prov1")
    assert other.client.post("/provider/mark", data={**unmarked(other.get("/provider")), "tap": "late"}).status_code == 303
    answer = who.client.post(to, data={**stale, "tap": "absent", "reason": "rang at 9, <b>ill</b>"})
    assert answer.status_code == 409
    assert "marked after you opened the page" in answer.text and "amend_mark" not in answer.text
    field = f"reason-{stale['placement']}-{stale['session']}"
    assert f'href="#{field}"' in answer.text
    box = re.search(rf'<textarea[^>]*id="{field}"[^>]*>(.*?)</textarea>', answer.text, re.S)
    assert html.unescape(box[1]).strip() == "rang at 9, <b>ill</b>"
    again = re.search(rf'<form[^>]*action="{re.escape(to)}">((?:(?!</form>).)*id="{field}".*?)</form>', answer.text, re.S)[1]
    anew = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', again))
    assert anew["marked"] == "L"
    assert who.client.post(to, data={**anew, "tap": "absent", "reason": "rang at 9"}).status_code == 303
    assert newest(pages, stale["placement"]) == ("N", "rang at 9")


def test_of_two_who_amend_one_mark_from_a_stale_page_the_second_is_told(pages, registers):
    (one, page, to), (other, link, _) = registers["account"], registers["link"]
    sent = unmarked(one.get(page))
    assert one.client.post(to, data={**sent, "tap": "present"}).status_code == 303

    def of_that_session(page):
        forms = [dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
                 for form in re.findall(r"<form.*?</form>", page.text, re.S)]  # fmt: skip
        return next(f for f in forms if (f.get("placement"), f.get("session")) == (sent["placement"], sent["session"]))

    mine, theirs = of_that_session(one.get(page)), of_that_session(other.get(link))
    assert one.client.post(to, data={**mine, "tap": "late"}).status_code == 303
    refused = other.client.post(link, data={**theirs, "tap": "absent", "reason": "not seen"})
    assert refused.status_code == 409 and "not seen" in refused.text
    assert newest(pages, sent["placement"])[0] == "L"


def test_a_reason_too_long_comes_back_whole(registers):
    who, page, to = registers["account"]
    sent = unmarked(who.get(page))
    answer = who.client.post(to, data={**sent, "tap": "absent", "reason": "x" * 4001})
    assert answer.status_code == 422 and "fewer words" in answer.text and "x" * 4001 in answer.text
