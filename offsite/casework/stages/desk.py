"""The desk a stage works at: one placement in one short transaction, where letters are filed and tasks are opened.

Whatever is new is written with one event, `stage_worked` by `flow`; where nothing is new, nothing is written at all, so
a step may run as often as it likes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import chronology
from models.database import Database
from models.encrypted_text import KeyFile, Texts
from models.placement import Document, Placement, Task
from models.recorded import OfPlacement
from models.school import School
from offsite.case.case import Case
from offsite.case.loading import load_cases, load_school
from offsite.casework.refusals import UnknownName
from offsite.casework.tasks import TASKS, is_done
from offsite.law.london import day_of
from offsite.letters.letter import Letter, head_in_words
from offsite.letters.words import counted, day_in_words

FLOW = "flow"
"""Who works a stage, as the chronology names it."""


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
class Desk:
    """One placement at work."""

    session: Session
    case: Case
    texts: Texts
    at: datetime
    head: str
    """The head of the chronology, for the foot of letters."""
    stage: str
    lines: list[str] = field(default_factory=list)
    event: int | None = None
    _rows: list[OfPlacement] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The London day of the work."""
        return day_of(self.at)

    def file(self, letter: Letter) -> None:
        """File a letter, sealed with the pupil's key, unless the same draft is filed already."""
        kept = select(Document.id).where(
            Document.placement_id == self.case.id,
            Document.kind == letter.kind,
            Document.subject == letter.subject,
            Document.digest == letter.digest,
        )
        if self.session.scalar(kept) is not None:
            return
        pupil_id = self.case.pupil.id
        html, text = self.texts.seal(letter.html, pupil_id), self.texts.seal(letter.text, pupil_id)
        assert html is not None and text is not None  # a letter is never empty
        self._rows.append(
            Document(kind=letter.kind, subject=letter.subject, html=html, text=text, digest=letter.digest)
        )
        left = len(letter.missing) + len(letter.to_complete)
        still = f"; {counted(left, 'item')} left to complete" if left else ""
        self.lines.append(f"drafted: {letter.kind.replace('_', ' ')} {letter.subject}{still}")

    def task(self, kind: str, subject: str, due: date | None, *, role: str | None = None, once: bool = False) -> None:
        """Open a task, unless it is done or open already; a new due day opens it anew, unless `once`."""
        if is_done(self.case, kind, subject, self.at, self.at):
            return
        open_now = self.session.scalars(
            select(Task)
            .where(Task.placement_id == self.case.id, Task.kind == kind, Task.subject == subject)
            .order_by(Task.id)
        ).all()
        if open_now and (once or open_now[-1].due == due or any(task.due == due for task in open_now)):
            return
        says, who = TASKS[kind].says.format(subject=subject.replace("_", " ")), role or TASKS[kind].role
        self._rows.append(Task(kind=kind, subject=subject, role=who, due=due, says=says))
        self.lines.append(f"task for {who}: {says}{f' Due {day_in_words(due)}.' if due else ''}")

    def clear(self) -> None:
        """Write what is new, with its event."""
        if not self._rows:
            return
        event = chronology.append(
            self.session,
            school_id=self.case.school.id,
            kind="stage_worked",
            by=FLOW,
            placement_id=self.case.id,
            happened_at=self.at,
            recorded_at=self.at,
            payload={
                "stage": self.stage,
                "documents": [[r.kind, r.subject, r.digest] for r in self._rows if isinstance(r, Document)],
                "tasks": [[r.kind, r.subject] for r in self._rows if isinstance(r, Task)],
            },
        )
        for row in self._rows:
            row.school_id, row.event_id, row.placement_id = self.case.school.id, event.id, self.case.id
            row.happened_at = row.recorded_at = self.at
            self.session.add(row)
        self.event = event.number

    def work(self) -> StageWork:
        """What was done."""
        return StageWork(self.case.ref, self.stage, tuple(self.lines), self.event)


def read_case(database: Database, urn: str, placement: str) -> Case:
    """One placement's case as it stands, to look at. Raises UnknownName."""
    with database.reading() as session:
        return _case(session, _school_id(session, urn), placement)


@contextmanager
def desk(database: Database, key_file: KeyFile, urn: str, placement: str, stage: str, at: datetime) -> Iterator[Desk]:
    """Sit down to work on one placement of the school with this URN; one transaction. Raises UnknownName."""
    with database.writing() as session:
        school_id = _school_id(session, urn)
        chronology.lock_school(session, school_id)
        case = _case(session, school_id, placement)
        head = head_in_words(*chronology.head(session, school_id))
        sat = Desk(session, case, Texts(session, key_file, school_id), at, head, stage)
        yield sat
        sat.clear()


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
