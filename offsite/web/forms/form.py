"""A command's form: its controls, made from the command's own fields."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from annotated_types import MaxLen
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from models.encrypted_text import is_sealed
from offsite.casework.command import Command
from offsite.casework.commands.direction.plan import DEFAULT_READINESS
from offsite.casework.commands.fields import When
from offsite.web.forms.controls import (
    Choice,
    Control,
    DayOf,
    Days,
    Group,
    Many,
    Moment,
    Number,
    Rated,
    Rows,
    Times,
    Week,
    YesNo,
    spread_all,
)
from offsite.web.wording import choice_words, field_words, hint_words, word_for

FOR_PROGRAMS = '{["_`'
"""Signs of a description that is for whoever writes to Offsite by program."""
LONG = 1000
"""Characters: a longer text is written in a larger box."""
FEW = 8
"""Choices that are shown side by side; more are a list."""
NOT_ASKED: Mapping[str, frozenset[str]] = {
    "add_provider": frozenset({"checks"}),
    "cancel_review": frozenset({"meets", "placement"}),
    "move_review": frozenset({"placement"}),
    "start": frozenset({"override.by"}),
}
"""Fields a form does not ask for: they have a form of their own, are not needed, or are whoever fills it in."""
USUAL: Mapping[str, Sequence[str]] = {"readiness": DEFAULT_READINESS}
"""What is usual in a field in which anything may be written, a line each."""
Choices = Mapping[str, Sequence[Choice]]


def controls(command: type[Command], choices: Choices) -> list[Control]:
    """The controls of a command. `choices`: what may be chosen for a field that names something on record."""
    left_out, asked = NOT_ASKED.get(command.name(), frozenset()), command.asked_of_people()
    made = [
        control(info.alias or name, info, choices, required=info.is_required() or name in asked)
        for name, info in command.model_fields.items()
        if name not in left_out
    ]
    return [_worded(each, command.name(), each.name) for each in made]


def _worded(made: Control, command: str, path: str) -> Control:
    """A control in the words of its command, with the parts its form asks for in theirs."""
    hint = hint_words(path, command, made.hint)
    if isinstance(made, Rated):
        return replace(made, label=field_words(path, command), hint=hint)
    plain = {value: word_for(value) for value, _ in made.choices}
    choices = tuple((v, choice_words(v, path, command) if said == plain[v] else said) for v, said in made.choices)
    if made.kind == "lines" and choices:
        hint = f"{hint} These are usual: {'; '.join(words for _, words in choices)}."
    left_out = NOT_ASKED.get(command, frozenset())
    parts = [(part, f"{path}.{part.name.removeprefix(f'{made.name}-')}") for part in made.parts]
    asked = tuple(_worded(part, command, of) for part, of in parts if of not in left_out)
    return replace(made, label=field_words(path, command), hint=hint, choices=choices, parts=asked)


def control(name: str, info: FieldInfo, choices: Choices, *, required: bool) -> Control:
    """One field's control."""
    annotation, metadata = _bare(info.annotation, list(info.metadata))
    hint = info.description or ""
    hint = "" if "left out" in hint or any(sign in hint for sign in FOR_PROGRAMS) else hint[:1].upper() + hint[1:]
    more = {"hint": hint, "required": required}
    if name in choices:
        offered = tuple(choices[name])
        if not offered:
            return Rated(name, field_words(name), "nothing", **more)  # type: ignore[arg-type]
        if get_origin(annotation) is tuple:
            return Many(name, field_words(name), "checkboxes", choices=offered, **more)  # type: ignore[arg-type]
        if get_origin(annotation) is dict:
            words = _literal(get_args(annotation)[1])
            parts = tuple(_rated(name, number, value, text, words) for number, (value, text) in enumerate(offered, 1))
            return Rated(name, field_words(name), "group", parts=parts, **more)  # type: ignore[arg-type]
        kind = "radios" if len(offered) <= FEW else "select"
        return Control(name, field_words(name), kind, choices=offered, **more)  # type: ignore[arg-type]
    return _by_shape(name, annotation, metadata, more, choices)


def _rated(name: str, number: int, value: str, text: str, words: tuple[Choice, ...]) -> Control:
    """The ratings of one named thing; one whose name is a sentence is told from others by its number."""
    plain = re.fullmatch(r"[\w.-]+", value, re.ASCII) is not None
    return Control(f"{name}-{value if plain else number}", text, "radios", choices=words, key=value)


def _by_shape(name: str, annotation: Any, metadata: list[Any], more: dict[str, Any], choices: Choices) -> Control:
    label, origin = field_words(name), get_origin(annotation)
    if _literal(annotation):
        words = _literal(annotation)
        return Control(name, label, "radios" if len(words) <= FEW else "select", choices=words, **more)
    if annotation is bool:
        return YesNo(name, label, "yesno", **more)
    if annotation is date:
        return DayOf(name, label, "day", **more)
    if annotation is When:
        return Moment(name, label, "moment", **more)
    if annotation is int:
        return Number(name, label, "number", **more)
    if origin is tuple:
        return _several(name, label, get_args(annotation)[0], more)
    if origin is dict:
        key, value = get_args(annotation)
        if get_origin(value) is not tuple:
            return Rated(name, label, "nothing", **more)
        if key is str:
            return Week(name, label, "week", **more)
        return Times(name, label, "times", **more)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Group(name, label, "group", parts=_parts(annotation, name), **more)
    longest = max((c.max_length or 0 for c in metadata if isinstance(c, StringConstraints | MaxLen)), default=0)
    return Control(name, label, "textarea" if longest > LONG else "text", **more)


def _several(name: str, label: str, of: Any, more: dict[str, Any]) -> Control:
    inner, _ = _bare(of, [])
    if _literal(inner):
        return Many(name, label, "checkboxes", choices=_literal(inner), **more)
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return Rows(name, label, "rows", parts=_parts(inner, ""), **more)
    if inner is date:
        return Days(name, label, "rows", **more)
    more["hint"] = ". ".join(part for part in (more["hint"], "One a line.") if part)
    return Many(name, label, "lines", choices=tuple((value, word_for(value)) for value in USUAL.get(name, ())), **more)


def _parts(model: type[BaseModel], prefix: str) -> tuple[Control, ...]:
    found = [control(i.alias or n, i, {}, required=i.is_required()) for n, i in model.model_fields.items()]
    return tuple(part.under(prefix) if prefix else part for part in found)


def _bare(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any]]:
    """The annotation without Annotated and None, and the marks that stood on it."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *marks = get_args(annotation)
            metadata = [*metadata, *marks]
        elif get_origin(annotation) in (Union, UnionType):
            members = [a for a in get_args(annotation) if a is not type(None)]
            annotation = members[0]
        else:
            return annotation, metadata


def _literal(annotation: Any) -> tuple[Choice, ...]:
    annotation, _ = _bare(annotation, [])
    if not str(annotation).startswith("typing.Literal"):
        return ()
    return tuple((str(value), word_for(value)) for value in get_args(annotation))


def as_checked(command: type[Command], choices: Choices, payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an event says, field by field, in the words in which its form's answers were checked; sealed texts are left out."""
    given = {name: value for name, value in payload.items() if not is_sealed(value)}
    asked = [each for each in controls(command, choices) if given.get(each.name) is not None]
    typed = spread_all(asked, given)
    said = [(each.label, each.said(typed) or _pairs(given[each.name])) for each in asked]
    return [(label, words) for label, words in said if words]


def _pairs(value: Any) -> str:
    """Named values whose names are not to be had any more, such as ratings of a placement that is not theirs to see now."""
    return "; ".join(f"{word_for(k)}: {word_for(v)}" for k, v in value.items()) if isinstance(value, Mapping) else ""
