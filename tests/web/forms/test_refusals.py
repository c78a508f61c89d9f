"""A refused form says why in the words of the form: no name of a field, no value as it is stored, no sign for programs."""

import html
import re

import pytest

from offsite.access.deeds import DEEDS
from offsite.casework.command import commands
from offsite.web.forms.controls import DayOf, Group, Moment, Number, Rows
from offsite.web.forms.form import controls
from offsite.web.forms.pages import WHOLE_PAGES

FORMS = sorted(set(DEEDS) - WHOLE_PAGES - {"reply_to_request"})
FOR_PROGRAMS = re.compile(r"[a-z]_[a-z]|[\[\]{}`]|(?<!\w)'|\d{4}-\d\d-\d\d|\d\dT\d\d|\b(?:dsl|ddsl|senco|deputy|pydantic)\b")
"""Stored words, lists, quotes as Python writes them, days and instants as they are stored, names of roles."""


def told(answer):
    """What the summary of errors says, by the control it leads to."""
    assert answer.status_code in (409, 422), answer.status_code
    summary = re.search(r"There is a problem.*?</ul>", answer.text, re.S)[0]
    return {to: html.unescape(text).strip() for to, text in re.findall(r'<a href="#([^"]+)">(.*?)</a>', summary, re.S)}


def label_of(answer, to):
    """What a control is called on the page."""
    label = re.search(rf'<label[^>]* for="{to}"[^>]*>([^<]*)', answer.text)
    legend = re.search(rf'id="{to}(?:-group)?".*', answer.text, re.S)
    before = re.findall(r"<legend[^>]*>([^<]*)", answer.text[: legend.start()]) if legend else []
    after = re.search(r"<legend[^>]*>([^<]*)", legend[0]) if legend else None
    rows = re.search(rf'<div id="{to}" tabindex.*?Add another: ([^<]*)', answer.text, re.S)
    found = [label and label[1], after and after[1], *before[-1:], rows and rows[1].capitalize()]
    return {html.unescape(words).replace("(optional)", "").strip() for words in found if words}


def in_plain_words(answer):
    """Every error of a page, held to the words of people; each that leads to a control names it as the page does."""
    errors = told(answer)
    assert errors
    for to, text in errors.items():
        assert not FOR_PROGRAMS.search(text), text
        assert text[0].isupper() and not text.endswith("."), text
        assert to == "main" or any(label in text for label in label_of(answer, to)), (to, text, label_of(answer, to))
    return errors


def wrongly(asked):
    """A mistake in every control."""
    for made in asked:
        if isinstance(made, Rows):
            yield from wrongly(made.shown({}))
        elif isinstance(made, Group):
            yield from wrongly(made.parts)
        elif isinstance(made, DayOf | Moment):
            yield from ((f"{made.name}-{part}", value) for part, value in (("day", "31"), ("month", "2"), ("year", "2026")))
        elif made.kind == "times":
            yield f"{made.name}-am-starts", "half past"
        else:
            long = made.kind == "textarea"
            yield made.name, "0" if isinstance(made, Number) else "x" * 4001 if long else "unheard of, and " * 30


@pytest.mark.parametrize("name", FORMS)
def test_an_empty_form_is_answered_in_plain_words(sheet_of, name):
    who, address = sheet_of(name)
    answer = who.post(f"/do/{name}", page=address, step="check")
    if answer.status_code not in (200, 303):
        in_plain_words(answer)


@pytest.mark.parametrize("name", [name for name in FORMS if controls(commands()[name], {})])
def test_mistakes_in_every_field_are_told_in_plain_words(sheet_of, name):
    who, address = sheet_of(name)
    hidden = set(re.findall(r'<input type="hidden" name="([^"]+)"', who.get(address).text))
    typed = {to: value for to, value in wrongly(controls(commands()[name], {})) if to not in hidden}
    for part in ({}, *({to: value} for to, value in typed.items() if not to.endswith(("-month", "-year")))):
        answer = who.post(f"/do/{name}", page=address, step="check", **(part or typed))
        if part and next(iter(part)).endswith("-day"):
            day = next(iter(part)).removesuffix("-day")
            answer = who.post(
                f"/do/{name}", page=address, step="check", **{t: v for t, v in typed.items() if t.startswith(day)}
            )
        if answer.status_code not in (200, 303):
            in_plain_words(answer)


def day(name, on):
    return {f"{name}-{part}": str(int(value)) for part, value in zip(("year", "month", "day"), on.split("-"), strict=True)}


PROPOSAL = {
    "pupil": "u05", "provider": "workshop", "purpose": "improve_behaviour", "reasons": "invented", "days": "10",
    "sessions": ["mon-am"],
}  # fmt: skip
PHASE = {**day("phases-0-from", "2026-12-08"), **day("phases-0-to", "2026-12-07"), "phases-0-sessions": ["mon-am"]}
MARK = {"session": "am", "register": "provider", "code": "/"}
BY_THE_RECORD = [
    ("head1", "start", "placement=K7QD-31", {}, "main", "Cannot start yet|cannot start yet, because notice in time"),
    ("head1", "start", "placement=M2VA-84", {}, "main", "nothing is determined"),
    ("head1", "start", "placement=H8JE-66", {}, "main", "has started already"),
    ("head1", "start", "placement=R9TH-07", day("happened", "2026-11-22"),
     "happened", "When it happened: you gave Sunday 22 November 2026; allowed: a school"),
    ("head1", "start", "placement=R9TH-07", day("happened", "2026-11-27"),
     "happened", "Friday 27 November 2026, 09:00, after it"),
    ("dsl1", "record_check", "provider=pru", {"item": "a", "status": "verified", **day("happened", "1999-01-01")}, "happened",
     "Friday 1 January 1999, 09:00; allowed: 2000 or later"),
    ("clerk1", "hold_review", "review=H8JE-66-r1", {}, "main", "still to come"),
    ("clerk1", "hold_review", "review=D3PX-19-r1", {}, "main", "was held already"),
    ("clerk1", "decide", "review=H8JE-66-r1", {"decision": "continue"}, "main", "was not held"),
    ("clerk1", "decide", "review=D3PX-19-r1", {"decision": "continue"}, "main", "use “Amend the decision”"),
    ("clerk1", "amend_decision", "review=D3PX-19-r1", {"decision": "vary", "days": "5", **day("until", "2026-12-20")}, "days",
     "Number of school days, Until which day|For how many school days, Or until which day: give one of them"),
    ("clerk1", "schedule_review", "placement=H8JE-66", day("meets", "2026-11-24"), "meets",
     "When it meets: you gave Tuesday 24 November 2026; allowed: Wednesday 25 November 2026 or later"),
    ("clerk1", "serve_notice", "placement=M2VA-84", {"to": "pupil", "method": "hand"}, "main", "nothing is determined yet"),
    ("clerk1", "change_placement", "placement=K7QD-31", {}, "main", "at least one of: Site, Address, Person to report to"),
    ("clerk1", "change_placement", "placement=K7QD-31", day("start", "2026-12-25"), "start",
     "Friday 25 December 2026; allowed: a school day; it is: bank holiday"),
    ("clerk1", "change_placement", "placement=H8JE-66", day("start", "2026-12-03"), "start", "cannot be moved"),
    ("dsl1", "change_placement", "placement=W4HA-37", {"address": "1 Invented Row"}, "main",
     "“Change where, when or for how long” is not for a closed one"),
    ("dsl1", "lift_hold", "placement=H8JE-66", {"reason": "invented"}, "main", "is not on hold"),
    ("head1", "lift_hold", "placement=H8JE-66", {"reason": "invented"}, "main", None),
    ("head1", "withdraw", "placement=H8JE-66", {"reason": "invented"}, "main", "cannot be withdrawn"),
    ("clerk1", "register_at_provider", "placement=H8JE-66", {}, "main", "no school"),
    ("head1", "begin_return", "placement=H8JE-66", {}, "main", "record one with “Plan the return”"),
    ("head1", "step_back", "placement=H8JE-66", {}, "main", "nothing to step back from"),
    ("senco1", "record_return_check", "placement=J7DV-14", {"weeks": "3"}, "weeks", "you gave 3; allowed: 2, 6, 12"),
    ("senco1", "plan_return", "placement=H8JE-66", day("return_on", "2026-11-20"), "return_on", "25 November 2026 or later"),
    ("senco1", "plan_return", "placement=H8JE-66", {**day("return_on", "2026-12-07"), **PHASE}, "phases",
     "Phase, Last day: you gave Monday 7 December 2026"),
    ("head1", "propose_placement", "pupil=u05", PROPOSAL | day("start", "2026-12-26"), "start", "Saturday 26 December 2026"),
    ("head1", "propose_placement", "pupil=u05", PROPOSAL | day("start", "2026-12-07"),
     "sessions", "sessions Monday morning: the pupil has a live"),
    ("head1", "cover", "", {"role": "clerk", "person": "att1", **day("from", "2026-12-08"), **day("to", "2026-12-07")}, "to",
     "Last day: you gave Monday 7 December 2026; allowed: Tuesday 8 December 2026 or later"),
    ("head1", "cover", "", {"role": "dsl", "person": "prov1", **day("from", "2026-12-07"), **day("to", "2026-12-08")}, "role",
     "you gave designated safeguarding lead, provider; allowed: roles of the school's own"),
    ("head1", "change_person", "person=att1", day("from", "2026-11-24"),
     "from", "allowed: Wednesday 25 November 2026 or later"),
    ("head1", "add_person", "", {"id": "att1", "roles": "clerk", "name": "Invented"}, "id", "in use already"),
    ("head1", "add_person", "", {"id": "x1", "roles": "clerk", "name": "Invented", "provider": "pru"}, "provider",
     "left out"),
    ("head1", "add_person", "", {"id": "x1", "roles": "clerk", "name": "Invented", "email": "nowhere"}, "email", "an address"),
    ("head1", "add_person", "", {"id": "x1", "roles": "clerk", "name": "Invented", "phone": "none"},
     "phone", "no phone number"),
    ("senco1", "change_pupil", "pupil=u05", {}, "main", "Social worker|Has a social worker"),
    ("dsl1", "find_child", "concern=V5RC-73-c1", {"decision": "seen"},
     "main", "Concern: you gave V5RC-73-c1; allowed: a concern"),
    ("dsl1", "refer_to_lado", "concern=V5RC-73-c1", {"decision": "not_referred"}, "reasons", "the reasons for not referring"),
    ("dp1", "erase_record", "pupil=u05", {"class": "pupil", "reason": "invented"}, "class", "kept until"),
    ("att1", "mark", "placement=H8JE-66", MARK | day("day", "2026-11-26"), "session",
     "session Thursday 26 November 2026, morning has not begun"),
    ("att1", "mark", "placement=H8JE-66", MARK | day("day", "2026-11-24"), "session", "use “Amend a mark” with a reason"),
    ("att1", "amend_mark", "placement=H8JE-66", MARK | {"reason": "invented"} | day("day", "2026-12-01"), "session",
     "Tuesday 1 December 2026, morning; allowed: a session marked"),
    ("senco1", "record_contact", "placement=H8JE-66", {"with": "parent"},
     "reached", "Was anybody reached: an answer is needed"),
    ("head1", "word_letters", "", {"block": "signature", "text": "x" * 900}, "text", "The words: you gave x"),
]  # fmt: skip


@pytest.mark.parametrize(("ref", "name", "about", "typed", "to", "why"), BY_THE_RECORD,
                         ids=[f"{n}-{i}" for i, (_, n, *_) in enumerate(BY_THE_RECORD)])  # fmt: skip
def test_what_the_record_refuses_is_told_in_plain_words(pages, ref, name, about, typed, to, why):
    answer = pages.as_(ref).post(f"/do/{name}", page=f"/do/{name}?{about}", step="check", **typed)
    if why is None:
        assert answer.status_code == 403
        return
    errors = in_plain_words(answer)
    assert list(errors) == [to] and re.search(why, errors[to]), errors


NO_NUMBERS = ["²", "٣²", "1²", "9" * 20, "-1", "9" * 5000]


@pytest.mark.parametrize("sign", NO_NUMBERS, ids=["raised", "after another", "behind one", "too high", "below", "too long"])
def test_a_number_that_nothing_has_is_refused_where_an_address_or_a_form_tells_it(pages, sign):
    who = pages.as_("head1")
    for address in (f"/done/{sign}", f"/correct/{sign}", f"/placements/H8JE-66/documents/filed/{sign}"):
        assert who.get(address).status_code in (404, 422), address
        assert who.get(f"{address}.pdf").status_code in (404, 422)
    for address in ("/placements/H8JE-66", "/settings", "/clerk"):
        assert who.get(f"{address}?done={sign}").status_code == 200
    row, form = {f"closed-{sign}-day": "1"}, "/do/change_provider?provider=college"
    assert who.post("/do/change_provider", page=form, step="more", **row).status_code == 200
    assert who.post("/do/cover", page="/do/cover", step="check", seen=sign).status_code == 422
    assert who.post("/settings", name="contact_days", value=sign, reason="invented", seen=sign).status_code == 422
    fields = {"settings": {"contact_days": sign}, "reason": "invented"}
    assert pages.api("head1").post("/api/do/change_settings", json={"fields": fields}).status_code == 422
    tap = {"placement": "H8JE-66", "session": "am", "tap": "present", "seen": sign}
    assert pages.as_("prov1").post("/provider/mark", page="/provider", **tap).status_code in (303, 409, 422)
