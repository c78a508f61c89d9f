"""Every form of every command in the words of people: no name of a field, no sign for programs, no word of the wrong sort."""

import re

import pytest

from offsite.casework.command import commands
from offsite.web.forms.form import controls
from offsite.web.forms.pages import WHOLE_PAGES
from offsite.web.labels import AMBIGUOUS, HINTS, LABELS
from offsite.web.wording import COMMANDS, FIELDS

A_PERSON = re.compile(r"\bwhom?\b", re.I)
A_DAY = re.compile(r"\b(when|day|date|until|from|birth)\b", re.I)
OF_DAYS = ("day", "moment")


def fields(command):
    """Every control of a command's form and its path, those within others too."""
    queue = [(made, made.name) for made in controls(commands()[command], {})]
    while queue:
        made, path = queue.pop()
        yield path, made
        queue += [(part, f"{path}.{part.name.removeprefix(f'{made.name}-')}") for part in made.parts]


EVERY = [(command, path, made) for command in sorted(commands()) for path, made in fields(command)]
every_field = pytest.mark.parametrize(("command", "path", "made"), EVERY, ids=[f"{c}-{p}" for c, p, _ in EVERY])


@every_field
def test_a_field_is_called_by_words_of_people(command, path, made):
    said = [made.label, made.hint, *(words for _, words in made.choices)]
    assert not [words for words in said if re.search(r"[_`{}\[\]]", words)], said
    name = path.rpartition(".")[2]
    given = path in LABELS.get(command, {}) or path in FIELDS or name in FIELDS
    assert given or name.isalpha(), f"{made.label!r} is made from the field's name"


@every_field
def test_a_name_of_several_meanings_is_worded_by_its_command(command, path, made):
    if path.rpartition(".")[2] in AMBIGUOUS:
        assert path in LABELS.get(command, {}) or path in FIELDS


@every_field
def test_a_day_is_asked_for_as_a_day_and_a_person_as_a_person(command, path, made):
    if made.kind in OF_DAYS:
        assert not A_PERSON.search(made.label) and A_DAY.search(made.label), made.label
    elif made.kind in ("text", "textarea", "select", "radios", "checkboxes"):
        assert not A_DAY.search(made.label), made.label


@pytest.mark.parametrize("command", sorted(commands()))
def test_a_command_is_called_by_words_of_people(command):
    assert command in COMMANDS
    said = [*COMMANDS[command], "" if command in WHOLE_PAGES else commands()[command].__doc__]
    assert not [words for words in said if re.search("[_`]", words)]


def test_only_fields_that_there_are_have_words_of_their_own():
    found = {(command, path) for command, path, _ in EVERY} | {("start", "override.by")}
    worded = {(command, path) for words in (LABELS, HINTS) for command, given in words.items() for path in given}
    assert worded <= found, worded - found


def test_a_usual_criterion_of_readiness_is_written_in_its_words():
    [asked] = [made for made in controls(commands()["agree_plan"], {}) if made.name == "readiness"]
    assert "attendance at the provider" in asked.hint and "lead" not in asked.hint
    typed = {"readiness": "Attendance at the provider\nno fight in four weeks"}
    assert asked.read(typed) == ["attendance", "no fight in four weeks"]
    assert dict(asked.spread(asked.read(typed))) == {"readiness": "attendance at the provider\nno fight in four weeks"}
