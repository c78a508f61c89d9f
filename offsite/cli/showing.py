"""`offsite show` and `offsite why`: where things stand, and why an alert was raised."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import chronology
from models.chronology import Event
from models.placement import Placement
from models.runs import JobRun
from offsite.case.case import Case
from offsite.case.direction.enforceable import enforceable
from offsite.case.loading import load_cases, load_school
from offsite.case.statutory_clock import deadlines
from offsite.casework.keeping.installation import Installation
from offsite.casework.perform import school_id_of
from offsite.casework.refusals import UnknownName
from offsite.casework.replay.answer import alerts_shown, cannot_tell_shown, placement_shown
from offsite.casework.tasks.gates import gates
from offsite.casework.tasks.open_tasks import open_tasks
from offsite.casework.watch.why import why as why_raised
from offsite.cli.edge import DataOption, JsonOption, SchoolOption, errors_in_words, london, now, opened, out, print_json
from offsite.law.london import day_of

VERDICT_STYLE = {"met": "green", "pending": "", "breached": "bold red", "not_owed": "dim", "cannot_tell": "yellow"}
SEVERITY_STYLE = {"critical": "bold white on red", "high": "bold red", "medium": "yellow", "low": ""}


def show(
    placement: Annotated[str | None, typer.Argument(help="A placement's reference; left out, the list of all.")] = None,
    data: DataOption = None,
    school: SchoolOption = None,
    as_json: JsonOption = False,
    closed: Annotated[bool, typer.Option("--closed", help="List closed placements too.")] = False,
) -> None:
    """Show all placements, or one with its stage, gates, clock, tasks, alerts and chronology.

    Examples:  offsite show      offsite show 4F2A-91      offsite show --json
    """
    with errors_in_words():
        installation = opened(data)
        at = now()
        with installation.database.reading() as session:
            school_id = school_id_of(session, installation.urn(school))
            document = _one(session, school_id, placement, at) if placement else _all(session, school_id, at, closed)
        document["rules_last_ran"] = last_ran(installation)
        if as_json:
            print_json(document)
        elif placement:
            _print_one(document)
        else:
            _print_all(document)


def why(
    alert: Annotated[str, typer.Argument(help="An alert's reference, such as A-7K2F9R.")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why an alert was raised, by what right, and what became of it.

    Examples:  offsite why A-7K2F9R      offsite why A-7K2F9R --json
    """
    with errors_in_words():
        installation = opened(data)
        with installation.database.reading() as session:
            document = why_raised(session, alert)
        document["rules_last_ran"] = last_ran(installation)
        if as_json:
            print_json(document)
        else:
            _print_why(document)


def last_ran(installation: Installation) -> dict[str, Any]:
    """When each sweep last judged; every listing says so."""
    with installation.database.reading() as session:
        found: dict[str, Any] = {}
        for job in ("sweep_quarter_hour", "sweep_daily", "dispatch"):
            run = session.scalars(
                select(JobRun).where(JobRun.job == job, JobRun.outcome == "done").order_by(JobRun.id.desc()).limit(1)
            ).first()
            found[job] = run.judged_at if run else None
        return found


def _cases(session: Session, school_id: int) -> list[Case]:
    ids = session.scalars(select(Placement.id).where(Placement.school_id == school_id)).all()
    return load_cases(session, load_school(session, school_id), ids)


def _all(session: Session, school_id: int, at: datetime, closed: bool) -> dict[str, Any]:
    cases = _cases(session, school_id)
    refs = {case.id: case.ref for case in cases}
    shown = [alert for alert in alerts_shown(session, school_id, refs) if alert["cleared"] is None]
    rows = []
    for case in cases:
        row = placement_shown(case, at)
        if row["stage"] == "closed" and not closed:
            continue
        mine = [alert for alert in shown if alert["placement"] == case.ref]
        due = [d for d in deadlines(case, at) if d.due and d.verdict == "pending"]
        first = min(due, key=lambda d: d.due or at.date(), default=None)
        row["alerts"] = {word: sum(a["severity"] == word for a in mine) for word in SEVERITY_STYLE}
        row["next"] = f"{first.duty} {first.due:%-d %b %Y}" if first and first.due else None
        rows.append(row)
    return {
        "as_of": at,
        "seen": chronology.head(session, school_id)[0],
        "placements": rows,
        "alerts": shown,
        "cannot_tell": [c for c in cannot_tell_shown(session, school_id, refs) if c["until"] is None],
    }


def _one(session: Session, school_id: int, ref: str, at: datetime) -> dict[str, Any]:
    cases = _cases(session, school_id)
    case = next((c for c in cases if c.ref == ref), None)
    if case is None:
        raise UnknownName("placement", ref, (c.ref for c in cases))
    refs = {case.id: case.ref}
    events = session.scalars(select(Event).where(Event.placement_id == case.id).order_by(Event.number)).all()
    number, head = chronology.head(session, school_id)
    legal = enforceable(case, day_of(at))
    return {
        "as_of": at,
        "seen": number,
        "chronology_head": head,
        **placement_shown(case, at),
        "pupil": case.pupil.ref,
        "provider": case.provider.ref,
        "enforceable_because": legal.because,
        "gates": [gate._asdict() for gate in gates(case, day_of(at))],
        "clock": [deadline.shown() for deadline in deadlines(case, at)],
        "tasks": [task._asdict() for task in open_tasks(session, case, at)],
        "alerts": [a for a in alerts_shown(session, school_id, refs) if a["placement"] == ref],
        "chronology": [
            {
                "event": e.number,
                "happened": e.happened_at,
                "recorded": e.recorded_at,
                "late_entry": day_of(e.happened_at) < day_of(e.recorded_at),
                "what": e.kind,
                "by": e.by,
                "says": {k: v for k, v in e.payload.items() if not str(v).startswith("sealed:")},
            }
            for e in events
        ],
    }


def _print_all(document: dict[str, Any]) -> None:
    table = Table("Placement", "Stage", "Period ends", "Alerts", "Next duty", title="Placements", title_justify="left")
    for row in document["placements"]:
        alerts = ", ".join(f"{count} {word}" for word, count in row["alerts"].items() if count) or "-"
        table.add_row(row["placement"], row["stage"] + (" (on hold)" if row["held"] else ""),
                      row["period_ends"] or "cannot tell", alerts, row["next"] or "-")  # fmt: skip
    out.print(table)
    _print_alerts(document["alerts"])
    if document["cannot_tell"]:
        out.print(f"[yellow]Cannot tell: {len(document['cannot_tell'])}[/yellow]")
        for row in document["cannot_tell"]:
            out.print(f"  [{row['role']}] {row['rule']} {row['placement'] or ''}: find out {', '.join(row['missing'])}",
                  highlight=False, markup=False)  # fmt: skip
    _print_ran(document)


def _print_one(document: dict[str, Any]) -> None:
    out.print(f"[bold]Placement {document['placement']}[/bold]   pupil {document['pupil']}, provider "
              f"{document['provider']}", highlight=False)  # fmt: skip
    out.print(f"Stage: {document['stage']}{' (safeguarding hold)' if document['held'] else ''}"
              f"{'   transitional: confirm' if document['transitional'] else ''}", highlight=False)  # fmt: skip
    out.print(f"Period ends: {document['period_ends'] or 'cannot tell'}   Enforceable: "
              f"{'yes' if document['enforceable'] else 'no'}, because {document['enforceable_because']}",
              highlight=False)  # fmt: skip
    gates_table = Table("Gate to start", "State", "Because")
    for gate in document["gates"]:
        gates_table.add_row(gate["name"], "[green]open" if gate["open"] else "[red]shut", gate["because"] or "")
    out.print(gates_table)
    clock = Table("Duty", "Of", "Due", "Met", "Verdict", "Source")
    for row in document["clock"]:
        clock.add_row(row["duty"], str(row["of"]), row["due"] or "-", row["met"] or "-",
                      f"[{VERDICT_STYLE[row['verdict']]}]{row['verdict']}" if VERDICT_STYLE[row["verdict"]]
                      else row["verdict"], row["source"])  # fmt: skip
    out.print(clock)
    for task in document["tasks"]:
        mark = "done" if task["done"] else f"due {task['due']:%a %-d %b %Y}" if task["due"] else "open"
        out.print(f"  [{task['role']}] {task['says']}: {mark}", highlight=False, markup=False)
    _print_alerts([a for a in document["alerts"] if a["cleared"] is None])
    chronicle = Table("Event", "Happened", "What", "By", "")
    for row in document["chronology"]:
        late = f"late entry, recorded {london(row['recorded'])}" if row["late_entry"] else ""
        chronicle.add_row(str(row["event"]), london(row["happened"]), row["what"].replace("_", " "), row["by"], late)
    out.print(chronicle)
    out.print(f"Seen up to event {document['seen']}; chronology head {document['chronology_head'][:16]}.",
              highlight=False)  # fmt: skip
    _print_ran(document)


def _print_alerts(alerts: list[dict[str, Any]]) -> None:
    if not alerts:
        out.print("No open alert. (Offsite never says that a child is safe: it says who confirmed what, and when.)")
        return
    out.print("Open alerts", style="italic")
    order = list(SEVERITY_STYLE)
    for a in sorted(alerts, key=lambda a: (order.index(a["severity"]), a["raised"])):
        style = SEVERITY_STYLE[a["severity"]]
        about = " ".join(dict.fromkeys(part for part in (a["placement"], a["subject"]) if part))
        severity = f"[{style}]{a['severity']:8}[/]" if style else f"{a['severity']:8}"
        raised = london(datetime.fromisoformat(a["raised"]))
        out.print(f"{severity} [bold]{a['alert']}[/bold] {a['rule']}: {about}, raised {raised}", highlight=False)
        out.print(f"         {a['because']}", highlight=False, markup=False, style="dim")


def _print_why(document: dict[str, Any]) -> None:
    out.print(f"[bold]{document['alert']}[/bold] {document['rule']}: {document['title']}", highlight=False)
    out.print(document["because"], highlight=False, markup=False)
    lines = [
        ("About", f"{document['placement'] or 'the school'} {document['subject']}"),
        ("Severity", document["severity"]),
        ("Authority", f"{document['authority']} (evidence: {document['evidence']})"),
        ("Source", document["source"]),
        ("Judged on", f"{document['judged_on']}, under {document['regime'] or 'no regime'}"),
        ("Raised", london(datetime.fromisoformat(document["raised"]))),
        ("Ended", f"{document['ended']} {document['cleared']}" if document["cleared"] else "still open"),
        ("Clears when", document["clears"]),
        ("Rule book", f"{document['rule_book'][:16]}, found by {document['found_by'] or 'Offsite itself'}"),
        ("Earlier", ", ".join(document["earlier"]) or "none"),
    ]
    for name, value in lines:
        out.print(f"  {name:14} {value}", highlight=False, markup=False)
    for row in document["compared"]:
        number = row["parameter"]
        whence = f" [{number['key']}, since {number['since']}: {number['source']}]" if number else ""
        state = {True: "holds", False: "does not hold", None: "not known"}[row["holds"]]
        met = f"{row['value']} {row['operator']} {row['with']} {row['unit']}".strip()
        out.print(f"  compared       {row['words']}: {met}{whence}: {state}",
                  highlight=False, markup=False)  # fmt: skip
    if document["count"]:
        count = document["count"]
        skipped = ", ".join(f"{s['day']} ({s['why']})" for s in count["skipped"]) or "none"
        out.print(f"  count          from {count['from']} in {count['calendar']}: {', '.join(count['counted'])}; "
                  f"skipped: {skipped}; due {count['due']}, {count['verdict']}", highlight=False, markup=False)  # fmt: skip
    for origin in document["origins"]:
        out.print(f"  read           event {origin['event']}, {origin['what'].replace('_', ' ')} by {origin['by']}, "
                  f"{london(origin['happened'])}", highlight=False, markup=False)  # fmt: skip
    for message in document["messages"]:
        read = f", acknowledged {london(message['acknowledged'])}" if message["acknowledged"] else ", not acknowledged"
        out.print(f"  told           {message['to']} by {message['channel']}, {london(message['at'])}: "
                  f"{message['delivery']}{read}", highlight=False, markup=False)  # fmt: skip
    for step in document["steps"]:
        to = f" to {step['to']}" if step["to"] else ""
        out.print(f"  step           {step['step']} by {step['by']}{to}, {london(datetime.fromisoformat(step['at']))}",
                  highlight=False, markup=False)  # fmt: skip
    _print_ran(document)


def _print_ran(document: dict[str, Any]) -> None:
    ran = document["rules_last_ran"]
    parts = [f"{job.replace('_', ' ')}: {london(at) if at else 'never'}" for job, at in ran.items()]
    out.print("Rules last ran: " + "; ".join(parts), style="dim", highlight=False)


COMMANDS = {"show": show, "why": why}
