"""Processes that work at a school, step by step, each until it is through its list or is killed.

    python worker.py < FOLDERS

One after the other, one for each line that names a folder; all are branched off from a process that has loaded everything, as
loading takes longer than they live. Commands, sweeps of both clocks and dispatches at fixed times, so that two runs of it must
end in the same record. The number of the step it finished last stands in FOLDER/progress; a new start goes back a few steps, as
whoever is unsure whether their last command was kept says it again under the same key.
"""

import os
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from offsite.casework.command import Said, commands
from offsite.casework.keeping.installation import Installation
from offsite.casework.outgoing import send_what_is_due
from offsite.casework.perform import perform
from offsite.casework.watch.sweep import sweep
from offsite.law.london import instant_of
from offsite.messages.dispatch import send_critical_now

URN = "100001"
TOML = f'school = "{URN}"\n[messages]\nchannel = "files"\n'
STEPS_BACK = 3
PUPILS = 10
MON_2_NOV, TUE_24_NOV = date(2026, 11, 2), date(2026, 11, 24)
PEOPLE = (("dsl1", "dsl"), ("ddsl1", "deputy_dsl"), ("head1", "head"), ("clerk1", "clerk"), ("gov1", "governors"))


class Step(NamedTuple):
    """One thing to do: a command by its name, `sweep` or `dispatch`."""

    do: str
    at: datetime
    fields: dict[str, Any]
    by: str = "operator"

    @property
    def key(self) -> str:
        """The idempotency key: the same each time the step is taken."""
        about = self.fields.get("placement") or self.fields.get("id") or ""
        return f"{self.at:%m%d%H%M%S}-{self.do}-{about}"


def steps() -> list[Step]:
    """The whole list, in order of time."""
    said = [*_school(), *(step for number in range(PUPILS) for step in _placement(number)), *_clock()]
    return sorted(said, key=lambda step: step.at)


def _at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return instant_of(day, time(hour, minute, second))


def _school() -> Iterator[Step]:
    began = _at(MON_2_NOV, 7)
    yield Step("set_up_school", began, {
        "name": "Hilltop School", "urn": URN, "kind": "maintained", "local_authority": "Buckinghamshire",
        "half_terms": [{"first": "2026-09-02", "last": "2026-10-23"}, {"first": "2026-11-02", "last": "2026-12-18"},
                       {"first": "2027-01-04", "last": "2027-02-12"}],
        "sessions": {"am": ["08:45", "12:15"], "pm": ["13:10", "15:15"]},
    })  # fmt: skip
    for number, (person, role) in enumerate(PEOPLE, 1):
        yield Step("add_person", began + timedelta(seconds=number), {
            "id": person, "roles": [role], "name": person, "email": f"{person}@hilltop.example"})  # fmt: skip
    for number, kind in enumerate(("non_school", "pru"), 1):
        yield Step("add_provider", began + timedelta(minutes=1, seconds=number), {
            "id": kind, "name": kind, "kind": kind, "sites": [{"id": "main", "address": "4 Mill Lane"}],
            "checks": "all_verified_until 2027-08-31", "contact": {"name": "C", "email": f"{kind}@centre.example"},
        })  # fmt: skip


def _placement(number: int) -> Iterator[Step]:
    """One pupil's road, with something missing in each: a notice too late, no plan, no mark, a concern, ..."""
    pupil, placement = {"pupil": f"u{number}"}, {"placement": f"p{number}"}
    second = 10 + number
    start = date(2026, 11, 9) + timedelta(days=number % 3)
    head = {"id": pupil["pupil"], "name": f"Pupil {number}", "born": "2012-03-04", "ehc_plan": number == 2}
    parents = [{"id": f"m{number}", "name": "Mo", "email": f"m{number}@home.example"}]
    yield Step("add_pupil", _at(MON_2_NOV, 7, 10, second), {**head, "parents": parents})
    yield Step("propose_placement", _at(MON_2_NOV, 8, 0, second), {
        **placement, **pupil, "provider": ("pru", "non_school")[number % 2], "site": "main",
        "purpose": "improve_behaviour", "tried": ["mentoring"], "reasons": "repeated disruption", "start": start,
        "days": 30, "sessions": "full_time",
    })  # fmt: skip
    yield Step("record_consultation", _at(MON_2_NOV, 9, 0, second), {**placement, "with": "parent"})
    yield Step("assess_risk", _at(MON_2_NOV, 9, 30, second), placement)
    yield Step("determine", _at(MON_2_NOV, 10, 0, second), {**placement, "minute": "7"}, "gov1")
    given = start - timedelta(days=1 if number == 3 else 5)
    omit = ["reasons"] if number == 4 else []
    yield Step("serve_notice", _at(given, 9, 40, second), {**placement, "to": ["parent"], "method": "hand", "omit": omit})
    if number not in (1, 6):
        yield Step("agree_plan", _at(date(2026, 11, 4), 11, 0, second), {
            **placement, "agreed_by": ["school", "provider", "parent"], "readiness": "default",
            "objectives": [{"id": "o1", "text": "stays in lessons", "measure": "incidents", "by": "2026-12-18"}],
        })  # fmt: skip
    yield Step("start", _at(start, 8, 30, second), {**placement, "override": {"by": "head1", "reason": "agreed"}})
    yield Step("schedule_review", _at(date(2026, 11, 12), 14, 0, second), {
        **placement, "review": f"r{number}", "meets": f"2026-11-{16 + number}"})  # fmt: skip
    yield from _marks(number, placement, start)
    if number % 2 == 0:
        concern = {"concern": f"c{number}"}
        kind = ("concern", "missing", "allegation", "low_level", "concern")[number // 2]
        raised = _at(date(2026, 11, 12), 10, 5, second)
        yield Step("raise_concern", raised, {**placement, **concern, "kind": kind, "about": "pupil", "text": "seen"})
        if number in (0, 8):
            yield Step("triage_concern", raised + timedelta(minutes=50), {**concern, "decision": "visit"}, "dsl1")
            yield Step("close_concern", raised + timedelta(days=1), {**concern, "decision": "settled"}, "dsl1")


def _marks(number: int, placement: dict[str, str], start: date) -> Iterator[Step]:
    for day in (start + timedelta(days=n) for n in range((TUE_24_NOV - start).days)):
        if day.weekday() > 4 or (number in (5, 7) and day.day % 2):
            continue
        for session, hour in (("am", 9), ("pm", 13)):
            absent = number == 2 and day.day % 2
            mark = {**placement, "session": session, "register": "provider", "day": day}
            code = "N" if absent else "/" if session == "am" else "\\"
            yield Step("mark", _at(day, hour, 20, 10 + number), {**mark, "code": code})


def _clock() -> Iterator[Step]:
    for day in (MON_2_NOV + timedelta(days=n) for n in range((TUE_24_NOV - MON_2_NOV).days)):
        yield Step("sweep", _at(day, 6), {"clock": "daily"})
        yield Step("dispatch", _at(day, 6, 16), {})
        if day.weekday() > 4:
            continue
        for hour, minute in ((9, 45), (10, 0), (10, 30), (11, 0), (14, 15)):
            yield Step("sweep", _at(day, hour, minute), {"clock": "quarter_hour"})
            yield Step("dispatch", _at(day, hour, minute + 1), {})


def take(here: Installation, step: Step) -> None:
    """Do one step, exactly as the command line and the flows do it."""
    if step.do == "sweep":
        sweep(here.database, here.rules, step.fields["clock"], step.at, shard_size=2)
    elif step.do == "dispatch":
        send_what_is_due(here.database, here.channels, step.at)
    else:
        command = commands()[step.do].model_validate(step.fields)
        perform(here.database, here.key_file, URN, Said(command, step.at, step.by, key=step.key), here.rules)
        send_critical_now(here.database, here.channels, step.at)


def main(folder: Path) -> None:
    """Carry on where the last start was stopped."""
    here, todo, progress = Installation.open(folder), steps(), folder / "progress"
    assert here.rules.rules
    assert "prefect" not in sys.modules
    done = int(progress.read_text()) if progress.exists() else 0
    print(f"ready {len(todo)}", flush=True)
    for number, step in enumerate(todo[max(0, done - STEPS_BACK) :], max(0, done - STEPS_BACK) + 1):
        take(here, step)
        if number > done:
            partial = folder / "progress.part"
            partial.write_text(str(number))
            os.replace(partial, progress)
    assert "prefect" not in sys.modules
    print("through", datetime.now(UTC), flush=True)


def branch_off(folder: Path) -> None:
    """Let a process of its own work at a folder; says its number, and how it ended (as subprocess does)."""
    branched = os.fork()
    if branched == 0:
        try:
            main(folder)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(f"began {branched}", flush=True)
    _, status = os.waitpid(branched, 0)
    print(f"ended {os.waitstatus_to_exitcode(status)}", flush=True)


if __name__ == "__main__":
    for line in sys.stdin:
        branch_off(Path(line.rstrip("\n")))
