"""`offsite law` and `offsite settings`: the duties in force on a day and what changes, and the figures a school may choose."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from offsite.case.case import SchoolFile
from offsite.case.loading import load_school
from offsite.case.settings import setting, setting_since
from offsite.casework.keeping.installation import Installation, NotInitialised, SchoolNotNamed
from offsite.casework.perform import school_id_of
from offsite.casework.refusals import Senseless
from offsite.cli.edge import DataOption, JsonOption, SchoolOption, errors_in_words, instant, now, opened, out, print_json
from offsite.law.london import day_of
from offsite.law.parameters import SETTINGS
from offsite.law.regimes import SCHOOL_KINDS
from rules.duties import LawOn, law_on

OnOption = Annotated[str | None, typer.Option("--on", help="The day (left out: today).", show_default=False)]
AUTHORITIES = {
    "law": "Law: this school must",
    "good_practice": "Good practice: the law does not bind this kind of school on the day",
    "statutory_guidance": "Statutory guidance: have regard to it",
}


def law(
    on: OnOption = None,
    school_kind: Annotated[
        str | None,
        typer.Option("--school-kind", help=f"{', '.join(SCHOOL_KINDS)} (left out: the school's own; with none, maintained)."),
    ] = None,
    data: DataOption = None,
    school: SchoolOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the duties in force on a day, with source and evidence, and what changed last or changes next.

    Examples:  offsite law      offsite law --on 2012-12-31      offsite law --on 2026-07-25 --school-kind academy
    """
    with errors_in_words():
        day = _day(on)
        if school_kind is not None and school_kind not in SCHOOL_KINDS:
            raise Senseless("school-kind", school_kind, ", ".join(SCHOOL_KINDS))
        found = law_on(day, school_kind or _own_kind(data, school, day))
        if as_json:
            print_json(_document(found))
        else:
            _print(found)


def settings(on: OnOption = None, data: DataOption = None, school: SchoolOption = None, as_json: JsonOption = False) -> None:
    """List every figure a school may choose: its value, unit, default, what is allowed and by which law it is bounded.

    Change one with: offsite do change_settings --settings '{"contact_days": 5}' --reason "why"

    Examples:  offsite settings      offsite settings --on 2026-12-01 --json
    """
    with errors_in_words():
        day = _day(on)
        own = _own_school(data, school)
        rows = [_setting_row(key, own, day) for key in SETTINGS]
        if as_json:
            print_json({"on": day, "school": own.urn if own else None, "settings": rows})
        else:
            _print_settings(rows, day, own)


def _day(text: str | None) -> date:
    at = instant(text, "on")
    return day_of(at or now())


def _own_school(data: Path | None, school: str | None) -> SchoolFile | None:
    """The installation's school, where there is an installation with exactly one or one is named."""
    try:
        installation: Installation = opened(data)
        urn = installation.urn(school)
    except (NotInitialised, SchoolNotNamed):
        if school is not None or data is not None:
            raise
        return None
    with installation.database.reading() as session:
        return load_school(session, school_id_of(session, urn))


def _own_kind(data: Path | None, school: str | None, day: date) -> str:
    own = _own_school(data, school)
    return "maintained" if own is None else own.details_on(day).kind


def _document(found: LawOn) -> dict[str, Any]:
    return {
        "on": found.day,
        "school_kind": found.kind,
        "binds": found.binds,
        "regimes": [
            {"id": r.id, "from": r.first, "to": r.last, "binds": found.kind in r.binds, "says": r.says, "source": r.source,
             "evidence": r.evidence}
            for r in found.regimes
        ],
        "transitional": found.transitional,
        "duties": [duty.shown() for duty in found.duties],
        "numbers": [number._asdict() for number in found.numbers],
        "last_change": [change._asdict() for change in found.last],
        "next_change": [change._asdict() for change in found.next],
        "changes": [change._asdict() for change in found.changes],
        "announced": [{"rule": r.id, "title": r.title, "source": r.source, "evidence": r.evidence} for r in found.announced],
    }  # fmt: skip


def _say(text: str, style: str | None = None) -> None:
    out.print(text, style=style, highlight=False, markup=False, soft_wrap=True)


def _print(found: LawOn) -> None:
    _say(f"The law on {found.day:%-d %B %Y} for a school of kind: {found.kind}", "bold")
    for regime in found.regimes:
        bound = "binds this school" if found.kind in regime.binds else "does not bind this school"
        until = f" to {regime.last:%-d %B %Y}" if regime.last else ""
        _say(f"  {regime.id}, from {regime.first:%-d %B %Y}{until}: {bound}. {regime.source} ({regime.evidence})")
        _say(f"    {regime.says}", "dim")
    if not found.regimes:
        _say("  No law of off-site direction that Offsite knows of: the earliest is of 1 September 2010.")
    if found.transitional:
        _say("  transitional: confirm. A placement that began before 26 July 2026 and runs on carries this mark, "
             "since its transitional terms are not known.", "yellow")  # fmt: skip
    for authority, heading in AUTHORITIES.items():
        rows = [duty for duty in found.duties if duty.authority == authority]
        if rows:
            _say(f"\n{heading}", "bold")
        for duty in rows:
            until = f" to {duty.until:%-d %B %Y}" if duty.until else ""
            _say(f"  {duty.rule.id}: {duty.rule.title}")
            _say(f"    {duty.source} ({duty.evidence}), from {duty.since:%-d %B %Y}{until}", "dim")
    if found.numbers:
        _say("\nNumbers that law or guidance sets", "bold")
    for number in found.numbers:
        _say(f"  {number.key.replace('_', ' ')}: {number.value} {number.unit}, {number.source} ({number.evidence})")
    _say("\nWhat changed, and when", "bold")
    for change in found.changes:
        mark = " (the last)" if change in found.last else " (the next)" if change in found.next else ""
        _say(f"  {change.day:%-d %B %Y}{mark}: {change.says} {change.source} ({change.evidence})")
    if not found.next:
        _say("  No coming change that Offsite knows of.")
    for rule in found.announced:
        _say(f"Announced: {rule.title}. {rule.source} ({rule.evidence})")
    _say("Evidence: read = the instrument's own text was read; reported = read in a page that quotes it; "
         "recalled = general knowledge, confirm before relying on it.", "dim")  # fmt: skip


def _setting_row(key: str, own: SchoolFile | None, day: date) -> dict[str, Any]:
    known = SETTINGS[key]
    return {
        "setting": key,
        "value": setting(own, key, day) if own else known.default,
        "changed": setting_since(own, key, day) if own else None,
        "default": known.default,
        "by_authority": dict(known.by_authority),
        "type": "word" if known.allowed else "whole numbers" if isinstance(known.default, list) else "whole number",
        "unit": known.unit,
        "allowed": list(known.allowed) if known.allowed else None,
        "bounds": known.bounds,
        "stricter": known.stricter,
        "law": known.law,
        "says": known.says,
    }


def _print_settings(rows: list[dict[str, Any]], day: date, own: SchoolFile | None) -> None:
    whose = f"school {own.urn}" if own else "the defaults: there is no installation here"
    _say(f"Settings on {day:%-d %B %Y}, {whose}", "bold")
    for row in rows:
        since = f", the school's own since {row['changed']:%-d %B %Y}" if row["changed"] else ""
        default = ", ".join([str(row["default"]), *(f"{value} in {name}" for name, value in row["by_authority"].items())])
        tighter = {"up": "; tighter is more", "down": "; tighter is less"}.get(row["stricter"], "")
        _say(f"  {row['setting']} = {row['value']} ({row['unit']}{since})")
        _say(f"    {row['says']}. Default {default}; allowed: {_allowed(row)}{tighter}", "dim")
    _say("Change one: offsite do change_settings --settings '{\"contact_days\": 5}' --reason \"why\" [--from DAY]. "
         "Try it on your own past first: offsite backtest --settings FILE.")  # fmt: skip


def _allowed(row: dict[str, Any]) -> str:
    return f"{row['bounds']}: {row['law']}" if row["law"] else str(row["bounds"])


COMMANDS = {"law": law, "settings": settings}
