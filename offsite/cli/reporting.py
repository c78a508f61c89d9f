"""`offsite report`: what became of the alerts, and what the sweeps looked at."""

import csv
from pathlib import Path
from typing import Annotated

import typer

from models.encrypted_text import Texts
from offsite.casework.perform import school_id_of
from offsite.casework.refusals import Senseless
from offsite.casework.reports.alert_quality import Quality, alert_quality
from offsite.casework.reports.sweeps_compared import SweepsCompared, compare_sweeps
from offsite.cli.edge import (
    DataOption,
    JsonOption,
    SchoolOption,
    errors_in_words,
    instant,
    london,
    now,
    opened,
    out,
    print_json,
)
from offsite.law.london import day_of
from rules.rule import Clock

app = typer.Typer(no_args_is_help=True, help="Reports: what became of the alerts, and what the sweeps looked at.")
FromOption = Annotated[str | None, typer.Option("--from", help="First day on which an alert was raised.")]
ToOption = Annotated[str | None, typer.Option("--to", help="Last day, inclusive.")]


@app.command("alerts")
def alerts(
    first: FromOption = None,
    last: ToOption = None,
    rule: Annotated[str | None, typer.Option("--rule", help="This rule alone.")] = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write the rows to this file as well.")] = None,
    data: DataOption = None,
    school: SchoolOption = None,
    as_json: JsonOption = False,
) -> None:
    """By rule and month: raised, acknowledged and how fast, acted on, cleared by itself, marked not useful and why.

    Examples:  offsite report alerts      offsite report alerts --from 2026-09-01 --rule poor-start --csv alerts.csv
    """
    with errors_in_words():
        here = opened(data)
        days = [None if text is None else instant(text, name) for text, name in ((first, "from"), (last, "to"))]
        begins, ends = (None if at is None else day_of(at) for at in days)
        if begins and ends and ends < begins:
            raise Senseless("to", ends.isoformat(), f"{begins} or later")
        with here.database.reading() as session:
            school_id = school_id_of(session, here.urn(school))
            texts = Texts(session, here.key_file, school_id)
            rows = [row for row in alert_quality(session, school_id, texts, begins, ends) if rule in (None, row.rule)]
        if csv_file is not None:
            _write(csv_file, rows)
        if as_json:
            print_json([row._asdict() for row in rows])
        else:
            _print_alerts(rows)


@app.command("sweep")
def sweeps(
    on: Annotated[str | None, typer.Option("--on", help="The day (left out: today).")] = None,
    quarter_hour: Annotated[bool, typer.Option("--quarter-hour", help="The quarter-hour sweeps, not the daily ones.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """What each rule looked at, found, cleared and could not tell in the last sweep, beside the day before.

    Examples:  offsite report sweep      offsite report sweep --quarter-hour --on 2026-11-23 --json
    """
    with errors_in_words():
        here = opened(data)
        day = day_of(instant(on, "on") or now())
        clock: Clock = "quarter_hour" if quarter_hour else "daily"
        with here.database.reading() as session:
            found = compare_sweeps(session, clock, day)
        if as_json:
            print_json(None if found is None else {
                **found._asdict(),
                "rules": [{**row._asdict(), "worth_a_line": row.worth_a_line} for row in found.rules],
            })  # fmt: skip
        elif found is None:
            out.print(f"No {clock.replace('_', ' ')} sweep up to {day:%-d %B %Y}; run one: offsite sweep", highlight=False)
        else:
            _print_sweeps(found)


def tell_odd(found: SweepsCompared | None) -> None:
    """Say which rules suddenly find or look at nothing."""
    for row in found.rules if found else ():
        if row.worth_a_line:
            out.print(f"  {row.rule} {row.worth_a_line}", style="yellow", highlight=False, soft_wrap=True)


def _write(file: Path, rows: list[Quality]) -> None:
    with file.open("w", encoding="utf-8", newline="") as written:
        sheet = csv.writer(written)
        sheet.writerow(Quality._fields)
        sheet.writerows([*row[:-1], "; ".join(row.reasons)] for row in rows)


def _print_alerts(rows: list[Quality]) -> None:
    if not rows:
        out.print("No alert was raised in that time.")
    for row in rows:
        waited = "nobody yet" if row.minutes_to_acknowledge is None else (
            f"{row.acknowledged}, after {row.minutes_to_acknowledge} minutes (median; longest {row.longest_to_acknowledge})"
        )  # fmt: skip
        out.print(f"{row.month} {row.rule}: {row.raised} raised", style="bold", highlight=False)
        out.print(f"  acknowledged: {waited}; acted on {row.acted_on}; cleared by itself {row.cleared_by_itself}; "
                  f"withdrawn {row.withdrawn}; still open {row.still_open}; not useful {row.not_useful}",
                  highlight=False, soft_wrap=True)  # fmt: skip
        for reason in row.reasons:
            out.print(f"    not useful: {reason}", highlight=False, markup=False, soft_wrap=True)


def _print_sweeps(found: SweepsCompared) -> None:
    before = f"beside {london(found.before)}" if found.before else "the first one: nothing to compare with"
    out.print(f"Sweep of {london(found.judged_at)}, {before}", style="bold", highlight=False)
    for row in found.rules:
        out.print(f"  {row.rule:38} looked at {row.looked_at:5}  found {row.found:4} ({row.found - row.found_before:+})  "
                  f"cleared {row.cleared:4}  cannot tell {row.cannot_tell:4}", highlight=False, soft_wrap=True)  # fmt: skip
    tell_odd(found)


APPS = {"report": app}
