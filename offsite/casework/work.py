"""A unit of work: one command being carried out in one transaction.

A handler looks things up, refuses by raising, and adds rows. Every row it adds bears the command's event, which is
appended to the chronology before the first row.
"""

import json
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import chronology
from models.chronology import Correction, Event
from models.concern import Concern
from models.encrypted_text import KeyFile, Texts
from models.people import Person
from models.placement import Closure, Placement
from models.provider import Provider
from models.pupil import Pupil
from models.recorded import Recorded
from models.review import Review, ReviewRequest
from models.runs import PendingRun
from offsite.case.case import Case, ProviderFile, PupilFile, SchoolFile
from offsite.case.loading import load_cases, load_providers, load_pupils, load_school
from offsite.casework.command import OPERATOR, Command, Said
from offsite.casework.refusals import Closed, NameTaken, NotAllowed, Refused, UnknownName
from offsite.law.london import day_of

KEPT = "kept_as_issued"
"""Under which name an event holds the hashes of the letters issued by it; no command has a field of that name."""
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Directions off site began in 2010 (SI 2010/1156): nothing that is recorded happened ten years before."""
Named = TypeVar("Named", Person, Pupil, Provider, Placement)


class Work:
    """What a handler works with."""

    def __init__(self, session: Session, key_file: KeyFile, school_id: int, said: Said) -> None:
        """Begin to carry out `said` in `session`'s transaction."""
        self.session, self.said, self.school_id = session, said, school_id
        self.command: Command = said.command
        self.recorded_at: datetime = said.at
        self.happened_at: datetime = said.happened or said.at
        self.day: date = day_of(self.happened_at)
        """The London day on which it happened."""
        self.texts = Texts(session, key_file, school_id)
        self.placement_id: int | None = None
        self.pupil_id: int | None = None
        self.touched: set[int] = set()
        self.touched_providers: set[int] = set()
        """Placements the rules must look at afterwards."""
        self.corrects: Event | None = None
        self.kept: list[list[str]] = []
        """Letters kept as issued (kind, subject, SHA-256): their hashes stand in the command's event."""
        self._event: Event | None = None
        self._school: SchoolFile | None = None

    # -- looking things up

    @property
    def school(self) -> SchoolFile:
        """The school's file as it stands."""
        if self._school is None:
            self._school = load_school(self.session, self.school_id)
        return self._school

    def forget(self) -> None:
        """Read the school's file anew on its next use, after rows were added to it."""
        self._school = None

    def id_of(self, table: type[Named], ref: str, field: str) -> int:
        """The id of a person, pupil, provider or placement; raises UnknownName."""
        found = self.session.scalar(select(table.id).where(table.school_id == self.school_id, table.ref == ref))
        if found is None:
            raise UnknownName(field, ref, self._refs(table))
        return found

    def case(self, ref: str) -> Case:
        """The case of a placement this command is about; raises UnknownName, or Closed where it is too late."""
        case = self.look_at(self.id_of(Placement, ref, "placement"))
        self.about(case)
        if case.of(Closure) and not self.command.after_close:
            from offsite.casework.command import commands

            raise Closed(ref, self.command.name(), (n for n, c in commands().items() if c.after_close))
        return case

    def look_at(self, placement_id: int) -> Case:
        """Any placement's case, as it stands inside this transaction."""
        self.session.flush()
        return load_cases(self.session, self.school, [placement_id])[0]

    def look_at_ref(self, ref: str) -> Case:
        """Any placement's case by reference, without being about it; raises UnknownName."""
        return self.look_at(self.id_of(Placement, ref, "placement"))

    def about(self, case: Case) -> None:
        """Say that the command is about this case: its event names the placement, its texts use the pupil's key."""
        self.placement_id, self.pupil_id = case.id, case.pupil.id
        self.touched.add(case.id)

    def placement_ref(self) -> str | None:
        """The reference of the placement the command is about, if it is about one."""
        if self.placement_id is None:
            return None
        return self.session.scalar(select(Placement.ref).where(Placement.id == self.placement_id))

    def review_case(self, review: str) -> Case:
        """The case a review belongs to; raises UnknownName."""
        return self._case_of(Review, Review.name, review, "review")

    def request_case(self, request: str) -> Case:
        """The case a request for review belongs to; raises UnknownName."""
        return self._case_of(ReviewRequest, ReviewRequest.name, request, "request")

    def pupil(self, ref: str) -> PupilFile:
        """A pupil's file; raises UnknownName."""
        pupil_id = self.id_of(Pupil, ref, "pupil")
        self.pupil_id = pupil_id
        self.touched.update(self.placements_of(Placement.pupil_id == pupil_id))
        return load_pupils(self.session, self.school, [pupil_id])[pupil_id]

    def provider(self, ref: str) -> ProviderFile:
        """A provider's file; raises UnknownName. Its live placements are looked at afterwards."""
        provider_id = self.id_of(Provider, ref, "provider")
        self.touch_provider(provider_id)
        return load_providers(self.session, self.school, [provider_id])[provider_id]

    def concern(self, name: str) -> Concern:
        """A concern that was raised; raises UnknownName. Every placement it bears on is looked at afterwards."""
        found: Concern | None = self._newest(Concern, Concern.concern == name)
        if found is None:
            raise UnknownName("concern", name, self.session.scalars(
                select(Concern.concern).where(Concern.school_id == self.school_id)))  # fmt: skip
        if found.placement_id is not None:
            self.about(self.look_at(found.placement_id))
        else:
            assert found.provider_id is not None
            self.touch_provider(found.provider_id)
        return found

    def newest_named(self, table: Any, name: str) -> Any:
        """The newest row of the school that bears a name and still counts; None where there is none."""
        return self._newest(table, table.name == name)

    def newest_of_concern(self, table: Any, concern: str) -> Any:
        """The newest row of a table about a concern; None where there is none."""
        return self._newest(table, table.concern == concern)

    def stand_at(self, happened_at: datetime) -> None:
        """Take what follows as having happened at an instant: a correction stands where the old entry stood."""
        self.happened_at, self.day = happened_at, day_of(happened_at)

    def names(self, table: Any) -> set[str]:
        """The names that a table's rows of the school bear."""
        return set(self.session.scalars(select(table.name).where(table.school_id == self.school_id)))

    def touch_provider(self, provider_id: int) -> None:
        """Have the rules look at every placement at a provider afterwards."""
        self.touched_providers.add(provider_id)
        self.touched.update(self.placements_of(Placement.provider_id == provider_id))

    def placements_of(self, *where: Any) -> Collection[int]:
        """Ids of the school's placements that answer a condition."""
        return set(self.session.scalars(select(Placement.id).where(Placement.school_id == self.school_id, *where)))

    def roles_of(self, person_ref: str, day: date) -> tuple[str, ...]:
        """The roles a person holds or covers on a day."""
        for person, roles in self.school.people_on(day):
            if self.school.person_refs[person.person_id] == person_ref:
                return roles
        return ()

    def require_role(self, what: str, *roles: str, by: str | None = None) -> None:
        """Refuse (NotAllowed) unless who acts, or `by`, holds one of the roles. The operator may do all."""
        who = by if by is not None else self.said.by
        if who != OPERATOR and not set(roles) & set(self.roles_of(who, day_of(self.recorded_at))):
            raise NotAllowed(who, roles, what)

    # -- making things

    def new(self, made: Named, field: str) -> Named:
        """Enter a new person, pupil, provider or placement; raises NameTaken."""
        table = type(made)
        if self.corrects is not None:
            kept = self.session.scalar(select(table).where(table.school_id == self.school_id, table.ref == made.ref))
            if kept is not None:
                return kept
        if made.ref in self._refs(table):
            raise NameTaken(field, made.ref)
        self.session.add(made)
        self.session.flush()
        return made

    def free(self, table: Any, name: str, field: str) -> None:
        """Refuse (NameTaken) where a row of the school, bearing this name, still counts."""
        column = table.concern if table is Concern else table.name
        if self._newest(table, column == name) is not None:
            raise NameTaken(field, name)

    def add(self, row: Recorded) -> None:
        """Add a row: stamped with the school, the event and both times."""
        row.school_id, row.event_id = self.school_id, self.event().id
        row.happened_at, row.recorded_at = self.happened_at, self.recorded_at
        self.session.add(row)

    def seal(self, text: str | None) -> str | None:
        """Encrypt a text with the key of the pupil this command is about."""
        return self.texts.seal(text, self.pupil_id)

    def event(self) -> Event:
        """The command's event, appended on first use."""
        if self._event is None:
            self._event = chronology.append(
                self.session,
                school_id=self.school_id,
                kind=self.command.name(),
                by=self.said.by,
                placement_id=self.placement_id,
                happened_at=self.happened_at,
                recorded_at=self.recorded_at,
                edits=self.command.edits(),
                payload=self._payload(),
                idempotency_key=self.said.key,
            )
        return self._event

    def start_flow(self, deployment: str, parameters: Mapping[str, Any], not_before: datetime | None = None) -> None:
        """Have a flow started once this transaction is kept: `deployment` is flow-name/deployment-name."""
        event = self.event()
        self.session.add(
            PendingRun(
                school_id=self.school_id,
                event_id=event.id,
                deployment=deployment,
                parameters=dict(parameters),
                key=f"event-{event.hash[:16]}-{'-'.join([deployment, *map(str, parameters.values())])}",
                not_before=not_before or self.recorded_at,
            )
        )

    # -- inner

    def _payload(self) -> dict[str, Any]:
        payload = self.command.model_dump(mode="json", exclude_unset=True, by_alias=True)
        for name in self.command.private_fields() & payload.keys():
            payload[name] = self.texts.seal(json.dumps(payload[name]), self.pupil_id)
        return payload | ({KEPT: self.kept} if self.kept else {})

    def _refs(self, table: Any) -> set[str]:
        return set(self.session.scalars(select(table.ref).where(table.school_id == self.school_id)))

    def _newest(self, table: Any, where: Any) -> Any:
        self.session.flush()
        corrected = select(Correction.corrected_event_id)
        return self.session.scalar(
            select(table)
            .where(table.school_id == self.school_id, where, table.event_id.not_in(corrected))
            .order_by(table.id.desc())
            .limit(1)
        )

    def _case_of(self, table: Any, column: Any, name: str, field: str) -> Case:
        found = self._newest(table, column == name)
        if found is None:
            raise UnknownName(field, name, set(self.session.scalars(
                select(column).where(table.school_id == self.school_id))))  # fmt: skip
        return self.case(self.session.get_one(Placement, found.placement_id).ref)


def refuse_impossible_time(said: Said) -> None:
    """Nothing can have happened after it is recorded, nor before anything that Offsite keeps."""
    if said.happened is None:
        return
    if said.command.now_only:
        told = f"happened is {said.happened.isoformat()}; {said.command.name()} happens as it is recorded: leave it out."
        raise Refused(told, field="happened")
    if said.happened > said.at:
        told = f"happened is {said.happened.isoformat()}, after it is recorded; give the time it happened."
        raise Refused(told, field="happened")
    if said.happened < EARLIEST:
        raise Refused(f"happened is {said.happened.isoformat()}; allowed: {EARLIEST:%Y} or later.", field="happened")
