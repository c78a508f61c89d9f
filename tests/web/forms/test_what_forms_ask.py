"""What forms ask of whom, what they tell on the page of checked answers, and what they refuse before that."""

import html
import re

import pytest
from sqlalchemy import func, select

from models.chronology import Event
from models.placement import ReadinessAssessment, Start


def checked(who, name, about, /, **typed):
    """The answer to a form that is filled in, before anything is recorded."""
    return who.post(f"/do/{name}", page=f"/do/{name}?{about}", step="check", **typed)


def printed(page):
    """A page's summary by its keys, without its marks."""
    rows = re.findall(r"<dt[^>]*>(.*?)</dt><dd[^>]*>(.*?)</dd>", page.text, re.S)
    return {label: html.unescape(re.sub("<[^>]+>", "", words)) for label, words in rows}


def test_a_gate_is_overridden_by_whoever_is_signed_in_and_nobody_is_asked_for(pages, two_schools):
    who, about = pages.as_("head1"), "placement=K7QD-31"
    shown = who.get(f"/do/start?{about}").text
    assert 'name="override-by"' not in shown and "Why the pupil starts all the same" in shown
    done = who.post("/do/start", page=f"/do/start?{about}", step="record", **{"override-reason": "an invented reason"})
    assert done.status_code == 303, done.text
    with two_schools.database.reading() as session:
        start = session.scalars(select(Start).order_by(Start.id.desc())).first()
        assert start.overridden_by == "head1" and start.gates_shut


def test_who_may_override_no_gate_is_not_asked_to(pages):
    assert 'name="override-reason"' not in pages.as_("att1").get("/do/start?placement=M2VA-84").text


def test_nobody_overrides_in_the_name_of_another(pages):
    fields = {"placement": "M2VA-84", "override": {"by": "head1", "reason": "an invented reason"}}
    answer = pages.api("clerk1").post("/api/do/start", json={"fields": fields})
    assert answer.status_code == 422 and "clerk1" in answer.text
    wrong = {"event": 1, "fields": {"override": {"by": "head1", "reason": "an invented reason"}}, "reason": "invented"}
    assert pages.api("clerk1").post("/api/do/correct", json={"fields": wrong}).status_code == 422


WORRY = {"kind": "allegation", "about": "placement", "text": "an invented worry about Mr Invented"}
RAISE = "placement=H8JE-66"


def offered(page, name):
    """Value and words of the choices of a list."""
    [chosen] = re.findall(rf'<select[^>]*name="{name}".*?</select>', page.text, re.S)
    return {value: words.strip() for value, words in re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)', chosen)}


def test_whom_a_concern_is_against_is_chosen_by_role_or_by_name(pages):
    found = offered(pages.as_("att1").get(f"/do/raise_concern?{RAISE}"), "against")
    assert found["dsl"] == "the designated safeguarding lead"
    assert found["ddsl1"] == "Invented Person Two (deputy designated safeguarding lead)"


def test_a_provider_chooses_among_roles_and_learns_no_reference_of_staff(pages):
    who = pages.as_("prov1")
    found = offered(who.get(f"/do/raise_concern?{RAISE}"), "against")
    assert {"dsl", "head"} < set(found) and not {"dsl1", "head1", "provider"} & set(found)
    for guess in ("Mr Smith", "att1"):
        answer = checked(who, "raise_concern", RAISE, **WORRY, against=guess)
        assert answer.status_code == 422 and 'href="#against"' in answer.text
        assert "choose one of those that are offered" in answer.text and "on record" not in answer.text


def test_a_concern_against_somebody_without_an_entry_names_them_in_its_text_alone(pages):
    who = pages.as_("prov1")
    said = printed(checked(who, "raise_concern", RAISE, **WORRY, against="nobody-on-record"))
    assert said["Against whom, if anyone"] == "somebody without an entry here, named in the text"
    page = f"/do/raise_concern?{RAISE}"
    done = who.post("/do/raise_concern", page=page, step="record", **WORRY, against="nobody-on-record")
    assert done.status_code == 303


def day(name, on):
    return {f"{name}-{part}": str(int(value)) for part, value in zip(("year", "month", "day"), on.split("-"), strict=True)}


@pytest.mark.parametrize(("on", "told"), [
    ("2026-12-01", "Invitations of H8JE-66-r1: due by Wednesday 25 November 2026 (SI 2010/1156 reg 5(1))"),
    ("2026-11-30", "Invitations of H8JE-66-r1: due by Tuesday 24 November 2026: that day has passed"),
])  # fmt: skip
def test_moving_a_review_tells_beforehand_what_the_clock_will_say(pages, two_schools, on, told):
    with two_schools.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Event))
    answer = checked(pages.as_("clerk1"), "move_review", "review=H8JE-66-r1", **day("meets", on))
    assert told in answer.text
    with two_schools.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == before, "nothing is kept of it"


def test_a_review_is_set_for_no_time_that_has_passed(pages):
    meets = day("meets", "2026-11-25")
    past = checked(pages.as_("clerk1"), "move_review", "review=H8JE-66-r1", **meets, **{"meets-time": "10:00"})
    assert past.status_code == 422 and 'href="#meets' in past.text
    assert checked(pages.as_("clerk1"), "move_review", "review=H8JE-66-r1", **meets).status_code == 200
    later = {"meets-time": "10:30"}
    assert checked(pages.as_("clerk1"), "move_review", "review=H8JE-66-r1", **meets, **later).status_code == 200


def test_a_decision_tells_the_last_day_of_its_period_and_none_past_the_terms_entered(pages):
    who, about = pages.as_("clerk1"), "review=A9KF-28-r1"
    fields = {"placement": "A9KF-28", "review": "A9KF-28-r1", "meets": "2026-11-25"}
    assert pages.api("clerk1").post("/api/do/schedule_review", json={"fields": fields}).status_code == 201
    fields = {"review": "A9KF-28-r1", "attended": ["head"]}
    assert pages.api("clerk1").post("/api/do/hold_review", json={"fields": fields}).status_code == 201
    said = checked(who, "decide", about, decision="continue", days="10", reasons="invented")
    assert "The last day of the period is Wednesday 9 December 2026." in said.text
    for past in ({"days": "400"}, day("until", "2030-01-01")):
        answer = checked(who, "decide", about, decision="continue", reasons="invented", **past)
        assert answer.status_code == 422 and "the terms that are entered" in answer.text, answer.text
    fields = {"review": "A9KF-28-r1", "decision": "continue", "days": 400}
    assert pages.api("clerk1").post("/api/do/decide", json={"fields": fields}).status_code == 422


def test_what_would_be_refused_is_refused_before_answers_are_checked(pages):
    days = day("from", "2026-11-26") | day("to", "2026-11-27")
    answer = checked(pages.as_("head1"), "cover", "", role="dsl", person="prov1", **days)
    assert answer.status_code == 422 and 'href="#role"' in answer.text and "never both" in answer.text


def test_readiness_is_judged_by_the_criteria_of_the_plan(pages, two_schools):
    own = "No fight in four weeks, in the yard or on the bus"
    objective = {"id": "o1", "text": "invented", "measure": "invented", "by": "2026-12-18"}
    fields = {"placement": "K7QD-31", "agreed_by": ["school"], "objectives": [objective], "readiness": ["attendance", own]}
    assert pages.api("senco1").post("/api/do/agree_plan", json={"fields": fields}).status_code == 201
    who, about = pages.as_("senco1"), "placement=K7QD-31"
    shown = who.get(f"/do/assess_readiness?{about}").text
    assert own in shown and "attendance at the provider" in shown and "timetable and key adult" not in shown
    assert "timetable and key adult" in who.get("/do/assess_readiness?placement=H8JE-66").text, "there the plan says: as usual"
    typed = {"criteria-attendance": "not_met", "criteria-2": "met"}
    assert f"{own}: met" in html.unescape(checked(who, "assess_readiness", about, **typed).text)
    done = who.post("/do/assess_readiness", page=f"/do/assess_readiness?{about}", step="record", **typed)
    assert f"{own}: met" in html.unescape(who.get(done.headers["location"]).text)
    with two_schools.database.reading() as session:
        kept = session.scalars(select(ReadinessAssessment).order_by(ReadinessAssessment.id.desc())).first()
        assert kept.criteria == {"attendance": "not_met", own: "met"}
