"""`offsite do COMMAND`: every command of Offsite, its flags made from the command's own fields.

A field that holds a list is given several times or with commas; one that holds more (objectives, sessions) as JSON.
`--input FILE` takes the whole command as JSON or YAML, `-` from standard input.
"""

import inspect
import json
import sys
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import typer
import yaml
from pydantic.fields import FieldInfo

from models import chronology
from offsite.casework.command import Command, Said, commands
from offsite.casework.commands.attendance.marks_range import Marks, expand_marks
from offsite.casework.keeping.installation import Installation
from offsite.casework.perform import Done, perform, school_id_of
from offsite.casework.refusals import Refused, Senseless
from offsite.casework.work import Work
from offsite.cli.edge import (
    DataOption,
    JsonOption,
    SchoolOption,
    errors_in_words,
    instant,
    now,
    opened,
    out,
    print_json,
)
from offsite.messages.dispatch import send_critical_now

app = typer.Typer(
    no_args_is_help=True,
    help="Record what was done: any command, from flags or JSON. Example:\n\n"
    "  offsite do serve_notice --placement 4F2A-91 --to parent --method hand --by clerk1",
)

ByOption = Annotated[str | None, typer.Option("--by", help="Who did it: a person's reference (left out: settings).")]
HappenedOption = Annotated[
    str | None, typer.Option("--happened", help='When it happened, if earlier: 2026-11-16 or "2026-11-16 08:30".')
]
KeyOption = Annotated[str | None, typer.Option("--key", help="Idempotency key: sent twice, done once.")]
SeenOption = Annotated[
    int | None, typer.Option("--seen", help="Number of the newest event you had seen (offsite show prints it).")
]
InputOption = Annotated[
    str | None, typer.Option("--input", help="The whole command as JSON or YAML: a file, or - for standard input.")
]
ENVELOPE: dict[str, Any] = {
    "by": (ByOption, None),
    "happened": (HappenedOption, None),
    "key": (KeyOption, None),
    "seen": (SeenOption, None),
    "input_from": (InputOption, None),
    "data": (DataOption, None),
    "school": (SchoolOption, None),
    "as_json": (JsonOption, False),
}


def say(installation: Installation, urn: str, said: Said) -> Done:
    """Carry out one command live; what it told of that is critical leaves at once."""
    done = perform(installation.database, installation.key_file, urn, said, installation.rules)
    if not done.repeated:
        send_critical_now(installation.database, installation.channels, said.at)
    return done


def seen_now(installation: Installation, urn: str) -> int | None:
    """The newest event at this moment: a later edit of the same thing by another will be a conflict."""
    with installation.database.reading() as session:
        try:
            return chronology.head(session, school_id_of(session, urn))[0]
        except Refused:
            return None


def _run(command: type[Command], given: dict[str, Any]) -> None:
    with errors_in_words():
        installation = opened(given.pop("data"))
        fields = _fields(command, given)
        for name in command.asked_of_people():
            if fields.get(name) in (None, ""):
                raise Senseless(name, fields.get(name), "an answer; --" + name)
        urn = fields["urn"] if command.name() == "set_up_school" and "urn" in fields else None
        urn = str(urn) if urn else installation.urn(given["school"])
        said = Said(
            command=command.model_validate(fields),
            at=now(),
            by=given["by"] or installation.settings.by,
            happened=instant(given["happened"], "happened"),
            key=given["key"],
            seen=given["seen"] if given["seen"] is not None else seen_now(installation, urn),
        )
        results = [say(installation, urn, one) for one in _one_by_one(installation, urn, said)]
        if given["as_json"]:
            print_json([done._asdict() for done in results] if isinstance(said.command, Marks) else results[0]._asdict())
        else:
            _tell(command.name(), results)


def _one_by_one(installation: Installation, urn: str, said: Said) -> list[Said]:
    if not isinstance(said.command, Marks):
        return [said]
    with installation.database.reading() as session:
        work = Work(session, installation.key_file, school_id_of(session, urn), said)
        return expand_marks(said, work.case(said.command.placement))


def _tell(name: str, results: list[Done]) -> None:
    for done in results:
        about = f" (placement {done.placement})" if done.placement else ""
        again = ", done before under this key: nothing was done again" if done.repeated else ""
        out.print(f"Recorded: {name}{about}, event {done.event}{again}.", highlight=False)
        if done.raised:
            out.print(f"  raised: {', '.join(done.raised)}   (offsite why {done.raised[0]})", style="red")
        if done.cleared:
            out.print(f"  cleared: {', '.join(done.cleared)}", style="green")


def _fields(command: type[Command], given: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if given["input_from"]:
        source = given["input_from"]
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
        read = yaml.safe_load(text)
        if not isinstance(read, dict):
            raise Refused(f"--input {source} holds no mapping of fields.")
        fields.update(read)
    for name, info in command.model_fields.items():
        value = given.get(_option(name))
        if value is not None and value != []:
            fields[info.alias or name] = _value(info, value)
    return fields


def _value(info: FieldInfo, value: Any) -> Any:
    texts = value if isinstance(value, list) else [value]
    if len(texts) == 1 and texts[0].lstrip()[:1] in ("{", "["):
        try:
            return json.loads(texts[0])
        except json.JSONDecodeError:
            return yaml.safe_load(texts[0])
    if isinstance(value, list):
        return [part.strip() for text in texts for part in text.split(",")]
    return value


def _option(field: str) -> str:
    return f"field_{field}"


def _is_list(info: FieldInfo) -> bool:
    members = get_args(info.annotation) if get_origin(info.annotation) in (Union, UnionType) else (info.annotation,)
    return any(get_origin(member) in (list, tuple, set, frozenset) for member in members)


def _add(command: type[Command]) -> None:
    def run(**given: Any) -> None:
        _run(command, given)

    parameters = []
    for name, info in command.model_fields.items():
        flag = f"--{(info.alias or name).replace('_', '-')}"
        flags = [flag] if "-" not in flag[2:] else [flag, f"--{info.alias or name}"]
        needed = " (needed)" if info.is_required() or name in command.asked_of_people() else ""
        shown = typer.Option(*flags, help=(info.description or "") + needed, show_default=False)
        kind: Any = list[str] | None if _is_list(info) else str | None
        annotation = Annotated[kind, shown]
        parameters.append(inspect.Parameter(_option(name), inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation))
    for name, (kind, default) in ENVELOPE.items():
        parameters.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind))
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    app.command(command.name(), help=inspect.getdoc(command))(run)


for _command in sorted(commands().values(), key=lambda c: c.name()):
    _add(_command)

APPS = {"do": app}
