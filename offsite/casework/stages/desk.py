"""The desk a stage works at: one placement in one short transaction, where letters are filed and tasks are opened.

Whatever is new is written with one event, `stage_worked` by `flow`; where nothing is new, nothing is written at all, so
a step may run as often as it likes. A stage may also glance: ask what it would do, with nothing drafted or written.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import chronology
from models.database import Database
from models.encrypted_text import KeyFile, Texts
from models.placement import Document, Placement, Task
from models.school import School
from offsite.case.case import Case
from offsite.case.loading import load_cases, load_school
from offsite.casework.refusals import UnknownName
from offsite.casework.tasks.open_tasks import is_done
from offsite.casework.tasks.task_kinds import TASKS
from offsite.law.london import day_of
from offsite.letters.letter import Letter, head_in_words
from offsite.letters.words import counted, day_in_words

FLOW = "flow"
"""Who works a stage, as the chronology names it."""
Drafting = Callable[[Texts, str], Letter]
"""Drafts a letter, given the texts and the head of the chronology."""


@dataclass(frozen=True)
class StageWork:
    """What a step of a stage did, in lines without personal detail."""

    placement: str
    stage: str
    lines: tuple[str, ...] = ()
    event: int | None = None
    """The event's number in the school's chronology; None where nothing was new."""

    def __add__(self, other: "StageWork") -> "StageWork":
        """Both steps' work."""
        return StageWork(self.placement, self.stage, self.lines + other.lines, other.event or self.event)


@dataclass
class Filed:
    """What is filed about one placement: tasks and letters by kind and subject."""

    tasks: defaultdict[tuple[str, str], list[date | None]] = field(default_factory=lambda: defaultdict(list))
    """Their due days, oldest first."""
    letters: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """Their digests."""


def load_filed(session: Session, placement_ids: Collection[int]) -> defaultdict[int, Filed]:
    """What is filed about these placements; two queries, however many they are."""
    found: defaultdict[int, Filed] = defaultdict(Filed)
    tasks = select(Task.placement_id, Task.kind, Task.subject, Task.due).where(Task.placement_id.in_(placement_ids))
    for row in session.execute(tasks.order_by(Task.id)):
        found[row.placement_id].tasks[row.kind, row.subject].append(row.due)
    letters = select(Document.placement_id, Document.kind, Document.subject, Document.digest)
    for letter in session.execute(letters.where(Document.placement_id.in_(placement_ids))):
        found[letter.placement_id].letters[letter.kind, letter.subject].add(letter.digest)
    return found


@dataclass
class Desk:
    """One placement at work."""

    case: Case
    at: datetime
    filed: Filed
    texts: Texts | None = None
    """None for a glance: nothing is drafted then, and a letter counts as lacking where none of its kind is filed."""
    head: str = ""
    """The head of the chronology, for the foot of letters."""
    lines: list[str] = field(default_factory=list)
    new: list[Document | Task] = field(default_factory=list)
    lacking: int = 0
    """How many letters and tasks were not filed yet."""

    @property
    def day(self) -> date:
        """The London day of the work."""
        return day_of(self.at)

    def letter(self, kind: str, subject: str, draft: Drafting) -> Letter | None:
        """Draft a letter and file it, sealed with the pupil's key, unless the same draft is filed already."""
        known = self.filed.letters[kind, subject]
        if self.texts is None:
            self.lacking += not known
            return None
        drafted = draft(self.texts, self.head)
        if drafted.digest not in known:
            html, text = (self.texts.seal(form, self.case.pupil.id) for form in (drafted.html, drafted.text))
            assert html is not None and text is not None  # a letter is never empty
            self._add(Document(kind=kind, subject=subject, html=html, text=text, digest=drafted.digest))
            left = len(drafted.missing) + len(drafted.to_complete)
            still = f"; {counted(left, 'item')} left to complete" if left else ""
            self.lines.append(f"drafted: {kind} {subject}{still}")
        return drafted

    def task(self, kind: str, subject: str, due: date | None, *, role: str | None = None, once: bool = False) -> None:
        """Open a task, unless it is done or open already; a new due day opens it anew, unless `once`."""
        known = self.filed.tasks[kind, subject]
        if (known and once) or due in known or is_done(self.case, kind, subject, self.at, self.at):
            return
        says, who = TASKS[kind].says.format(subject=subject.replace("_", " ")), role or TASKS[kind].role
        self._add(Task(kind=kind, subject=subject, role=who, due=due, says=says))
        self.lines.append(f"task for {who}: {says}{f' Due {day_in_words(due)}.' if due else ''}")

    def _add(self, row: Document | Task) -> None:
        self.lacking += 1
        self.new.append(row)


@contextmanager
def desk(database: Database, key_file: KeyFile, urn: str, placement: str, stage: str, at: datetime) -> Iterator[Desk]:
    """Sit down to work on one placement of the school with this URN; one transaction. Raises UnknownName."""
    with database.writing() as session:
        school_id = _school_id(session, urn)
        chronology.lock_school(session, school_id)
        case = _case(session, school_id, placement)
        head = head_in_words(*chronology.head(session, school_id))
        filed = load_filed(session, [case.id])[case.id]
        sat = Desk(case, at, filed, Texts(session, key_file, school_id), head)
        yield sat
        if sat.new:
            _write(session, sat, stage)


def at_desk(
    database: Database,
    key_file: KeyFile,
    urn: str,
    placement: str,
    stage: str,
    at: datetime,
    step: Callable[[Desk], None],
) -> StageWork:
    """Do one step of a stage at the desk, and say what was done."""
    with desk(database, key_file, urn, placement, stage, at) as sat:
        step(sat)
    return StageWork(placement, stage, tuple(sat.lines), sat.new[0].event_id if sat.new else None)


def glance(case: Case, at: datetime, filed: Filed, step: Callable[[Desk], None]) -> bool:
    """Whether a step would file anything."""
    sat = Desk(case, at, filed)
    step(sat)
    return sat.lacking > 0


def read_case(database: Database, urn: str, placement: str) -> Case:
    """One placement's case as it stands, to look at. Raises UnknownName."""
    with database.reading() as session:
        return _case(session, _school_id(session, urn), placement)


def _write(session: Session, sat: Desk, stage: str) -> None:
    event = chronology.append(
        session,
        school_id=sat.case.school.id,
        kind="stage_worked",
        by=FLOW,
        placement_id=sat.case.id,
        happened_at=sat.at,
        recorded_at=sat.at,
        payload={
            "stage": stage,
            "documents": [[row.kind, row.subject, row.digest] for row in sat.new if isinstance(row, Document)],
            "tasks": [[row.kind, row.subject] for row in sat.new if isinstance(row, Task)],
        },
    )
    for row in sat.new:
        row.school_id, row.event_id, row.placement_id = sat.case.school.id, event.id, sat.case.id
        row.happened_at = row.recorded_at = sat.at
        session.add(row)


def _school_id(session: Session, urn: str) -> int:
    schools: dict[str, int] = {row.urn: row.id for row in session.execute(select(School.urn, School.id))}
    if urn not in schools:
        raise UnknownName("school", urn, schools)
    return schools[urn]


def _case(session: Session, school_id: int, placement: str) -> Case:
    found = session.execute(select(Placement.ref, Placement.id).where(Placement.school_id == school_id))
    refs = {row.ref: row.id for row in found}
    if placement not in refs:
        raise UnknownName("placement", placement, refs)
    return load_cases(session, load_school(session, school_id), [refs[placement]])[0]
