"""What forms ask of whom, what they tell on the page of checked answers, and what they refuse before that."""

import html
import re

from sqlalchemy import select

from models.placement import Start


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
