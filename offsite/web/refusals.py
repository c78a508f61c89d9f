"""Why a form is refused, told to people in the words of the form: what a field is called there, what was typed, what may be.

The command line and JSON are told the same in the words of the command. A clause with a backtick is for them alone.
"""

import re
from ast import literal_eval
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from offsite.casework.command import commands
from offsite.casework.refusals import (
    Closed,
    Conflict,
    NotAllowed,
    NothingSaid,
    Refused,
    Senseless,
    UnknownName,
    WrongAsCorrected,
)
from offsite.law.london import LONDON
from offsite.letters.words import WEEKDAY_WORDS, day_in_words
from offsite.web.forms.controls import CLOSED, Control, Typed
from offsite.web.wording import choice_words, command_words, field_words, word_for

ANSWER = "an answer is needed"
OFFERED = "choose one of those that are offered"
FOR_PROGRAMS = re.compile(r"[.;]? [^.;`]*`[^`]*`[^.;]*")
"""A clause that names something of the command line."""
QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
LEADS = re.compile(rf"(?P<field>[a-z][\w.]*) is (?P<value>{QUOTED}|\[[^\]]*\]|[^\s,;]+)")
NAMES = re.compile(r"(?P<names>[a-z]\w*(?:(?:, | and )[a-z]\w*)*): ")
SIGNS = re.compile(
    rf"(?<!\w)(?P<quoted>{QUOTED})(?!\w)"
    r"|(?P<day>\b\d{4}-\d\d-\d\d)(?:(?P<at>[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d:\d\d)?)| (?P<session>am|pm)\b)?"
    r"|\b(?P<weekday>mon|tue|wed|thu|fri) (?P<half>am|pm)\b"
    r"|\b(?P<stored>[a-z]+(?:_[a-z0-9]+)+)\b"
)
"""What only programs read: a value in quotes, a day, an instant or a session by number, a stored word."""
BOUNDS = {"greater_than_equal": ("ge", "{} or more"), "less_than_equal": ("le", "{} or fewer")}
SHAPES = {"@": "type an address such as office@school.example", r"\d{6}": "type its six digits"}
"""By what a pattern holds, what to type."""
ASKED_AS = {("start", "start"): "happened"}
"""By command and field of a refusal: under what name the form asks for it."""
OTHER_SHAPE = "use letters, digits, dots and dashes, beginning with a letter or digit"


def told(why: Refused | ValidationError, command: str, asked: Sequence[Control], typed: Typed) -> dict[str, str]:
    """What is wrong with a form, by control: the first complaint of each. What belongs to none of them has no name."""
    if isinstance(why, ValidationError):
        return _by_control(why.errors(), command, asked, typed)
    if isinstance(why, WrongAsCorrected):
        return _by_control(why.errors, command, asked, typed)
    control, text = _control(_asked_as(why, command), asked), _refused(why, command, asked)
    return {"": _finished(text)} if control is None else {control.name: _labelled(text, control.label)}


def _asked_as(why: Refused, command: str) -> str:
    """The field a refusal turns on, as the form of its command asks for it."""
    return ASKED_AS.get((command, why.field or ""), why.field or "")


def sentence(why: Refused, command: str) -> str:
    """The same in one sentence, where no field of a form is to be named."""
    return _finished(_refused(why, command, ()))


def _refused(why: Refused, command: str, asked: Sequence[Control]) -> str:
    match why:
        case Conflict():
            return f"This was changed by {why.by} (entry {why.number}) after you looked at it. Look at it again, then decide " \
                   "whether your change still stands"  # fmt: skip
        case Closed():
            return f"The placement is closed: “{command_words(why.command)}” is not for a closed one. It is never reopened; " \
                   "propose a new one"  # fmt: skip
        case NotAllowed():
            return f"You may not {why.what}; that takes one of: {', '.join(map(word_for, why.roles))}"
        case NothingSaid():
            return f"Nothing would change; fill in at least one of: {', '.join(_label(f, command, asked) for f in why.fields)}"
        case UnknownName() | Senseless() if why.field and why.field != "by":
            field = _asked_as(why, command)
            label, control = _label(field, command, asked), _control(field, asked)
            return f"{label}: {_given(why.value, control)}{_allowed(why, command, control)}"
    return _plain(str(why), command, asked, why.field)


def _allowed(why: UnknownName | Senseless, command: str, control: Control | None) -> str:
    if isinstance(why, UnknownName):
        offers = control is not None and control.choices
        return f", which is none; {OFFERED}" if offers else f", which is not on record; on record: {why.known}"
    if isinstance(why.allowed, str):
        may = _plain(why.allowed, command, ())
    else:
        offered = dict(control.choices) if control is not None else {}
        may = ", ".join(offered.values() or (choice_words(v, why.field or "", command) for v in why.allowed))
    return f"; allowed: {may}"


def _given(value: object, control: Control | None) -> str:
    """You gave this, in the words in which it was chosen or typed."""
    words = dict(control.choices) if control is not None else {}
    values = value if isinstance(value, tuple | list) else [value]
    if value is None or not values:
        return "nothing is given"
    return f"you gave {', '.join(words.get(str(v)) or _day_said(str(v)) or _role_or(str(v), control) for v in values)}"


def _role_or(value: str, control: Control | None) -> str:
    return word_for(value) if control is not None and control.kind in CLOSED else value


def _plain(text: str, command: str, asked: Sequence[Control], of: str | None = None) -> str:
    """A refusal without the signs and names that are for programs. `of`: what it turns on, be it a setting."""
    text = FOR_PROGRAMS.sub("", text)
    text = re.sub(rf"^by is (?:{QUOTED}), whom", "It is you whom", text)
    lead = LEADS.match(text)
    if lead is not None and (lead["field"] == of or _is_field(lead["field"], command)):
        value = _unquoted(lead["value"])
        control = _control(lead["field"], asked)
        rest = _plain_signs(text[lead.end() :], command)
        return f"{_label(lead['field'], command, asked)}: {_given(value, control)}{rest}"
    named = NAMES.match(text)
    if named is not None:
        names = re.split(", | and ", named["names"])
        if all(_is_field(name, command) for name in names):
            labels = ", ".join(_label(name, command, asked) for name in names)
            return f"{labels}: {_plain_signs(text[named.end() :], command)}"
        if names == [command]:
            text = text[named.end() :]
    return _plain_signs(text, command)


def _plain_signs(text: str, command: str) -> str:
    def said(found: re.Match[str]) -> str:
        if found["quoted"] is not None:
            value = _unquoted(found["quoted"])
            return _day_said(value) or str(value)
        if found["stored"] is not None:
            return _stored(found["stored"], command)
        if found["weekday"] is not None:
            return f"{WEEKDAY_WORDS[found['weekday']]} {word_for(found['half'])}"
        return _day_said(found[0]) or found[0]

    return SIGNS.sub(said, text)


def _stored(word: str, command: str) -> str:
    if word in commands():
        return f"“{command_words(word)}”"
    return f"“{field_words(word, command)}”" if _is_field(word, command) else word_for(word)


def _day_said(text: str) -> str:
    """A day, an instant or a session as people say it; empty for anything else."""
    found = SIGNS.fullmatch(text)
    if found is None or found["day"] is None:
        return ""
    try:
        at = datetime.fromisoformat(found["day"] + (found["at"] or ""))
    except ValueError:
        return ""
    if at.tzinfo is not None:
        at = at.astimezone(LONDON)
    end = f", {at:%H:%M}" if found["at"] else f", {word_for(found['session'])}" if found["session"] else ""
    return day_in_words(date(at.year, at.month, at.day)) + end


def _by_control(errors: Iterable[Mapping[str, Any]], command: str, asked: Sequence[Control], typed: Typed) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in errors:
        control, label = _where(each["loc"], asked, typed)
        text = _complaint(each, command, asked)
        if control is None and (named := NAMES.match(each["msg"].removeprefix("Value error, "))) is not None:
            control = _control(named["names"].partition(",")[0].partition(" ")[0], asked)
        if control is None and (lead := LEADS.match(each["msg"].removeprefix("Value error, "))) is not None:
            control = _control(lead["field"], asked)
        found.setdefault("" if control is None else control.name, _labelled(text, label) if label else _finished(text))
    return found


def _where(path: Sequence[str | int], asked: Sequence[Control], typed: Typed) -> tuple[Control | None, str]:
    """The innermost control that a part of what was typed stands in, and what leads to it."""
    control = _control(str(path[0]), asked) if path else None
    if control is None:
        return None, field_words(".".join(str(part) for part in path if isinstance(part, str))) if path else ""
    labels = [control.label]
    for part in path[1:]:
        inner = control.inner(part, typed)
        if inner is None:
            break
        labels = [inner.label] if inner.label.startswith(control.label) else [*labels, inner.label]
        control = inner
    return control, ", ".join(labels)


def _complaint(error: Mapping[str, Any], command: str, asked: Sequence[Control]) -> str:
    """One complaint of pydantic's in plain words."""
    kind, context, given = error["type"], error.get("ctx", {}), error["input"]
    message = error["msg"].removeprefix("Value error, ")
    if kind in BOUNDS:
        name, words = BOUNDS[kind]
        bound = words.format(context[name])
        return f"you gave {given}; allowed: {bound}" if given is not None else f"allowed: {bound}"
    if kind == "string_pattern_mismatch":
        return next((words for sign, words in SHAPES.items() if sign in context["pattern"]), OTHER_SHAPE)
    for begins, words in (
        ("missing", ANSWER),
        ("date", "type a day that exists, such as 25 11 2026"),
        ("int", "type a whole number"),
        ("too_short", "choose at least one"),
        ("string_too_short", ANSWER),
        ("string_too_long", f"use {context.get('max_length')} characters or fewer"),
        ("literal", OFFERED),
    ):
        if kind.startswith(begins):
            return words
    return _plain(message, command, asked)


def _labelled(text: str, label: str) -> str:
    return _finished(text if text.startswith(label) else f"{label}: {text}")


def _finished(text: str) -> str:
    text = text.removesuffix(".")
    return text[:1].upper() + text[1:]


def _control(name: str, asked: Sequence[Control]) -> Control | None:
    return next((control for control in asked if control.name == name.partition(".")[0]), None)


def _label(name: str, command: str, asked: Sequence[Control]) -> str:
    control = _control(name, asked)
    whole = field_words(name, command) if _is_field(name, command) else _finished(word_for(name))
    return whole if control is None else f"{control.label}, {whole}" if "." in name else control.label


def _is_field(name: str, command: str) -> bool:
    model = commands().get(command)
    fields = {info.alias or field for field, info in model.model_fields.items()} if model else set()
    return name.partition(".")[0] in fields | {"happened"}


def _unquoted(text: str) -> Any:
    return literal_eval(text) if text[:1] in "'\"[" else text
