"""A case: every row about one placement, with the files of its school, provider and pupil beside it.

Rows come in the order in which they happened. A row is read by its table's attributes, `case.of(Notice)[0].given_on`;
it is a plain row underneath, not a live object, so a case is a snapshot and nothing in it can be saved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from models.people import Cover, PersonDetails
from models.provider import ProviderCheck, ProviderDetails, Site
from models.pupil import MissingEpisode, Parent, PupilAttribute, PupilDetails
from models.school import ClosedDay, HalfTermDates, SchoolDetails, SettingsChange
from offsite.law.calendars import HalfTerm, SchoolDays, Session

Row = TypeVar("Row")
Dated = TypeVar("Dated", SchoolDetails, ProviderDetails)
SESSIONS: tuple[Session, ...] = ("am", "pm")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Slot = tuple[date, Session]


class MarkRow(NamedTuple):
    """The mark that stands in one register for one session, after all amendments."""

    id: int
    event_id: int
    code: str
    has_reason: bool
    remote: bool
    activity: bool = False
    """Whether its nature is recorded."""
    site: str | None = None
    approved: bool = False
    supervised: bool = False
    """Whether an approving person, and a supervisor, are recorded for it."""


class RowsByTable:
    """Rows of many tables about one thing."""

    def __init__(self, rows: Mapping[type, list[Any]]) -> None:
        """`rows` by their table, oldest first."""
        self._rows = rows

    def of(self, table: type[Row]) -> Sequence[Row]:
        """All rows of a table, oldest first; none where nothing was recorded."""
        return self._rows.get(table, ())

    def newest(self, table: type[Row]) -> Row | None:
        """The newest row of a table, if there is any."""
        rows = self._rows.get(table)
        return rows[-1] if rows else None

    def in_force(self, table: type[Dated], day: date) -> Dated:
        """The row of a table with a `from_day` that is in force on a day; before the first of them, the first."""
        rows = self.of(table)
        for row in reversed(rows):
            if row.from_day <= day:
                return row
        return rows[0]

    def instead(self, table: type[Row], rows: list[Row]) -> "RowsByTable":
        """The same rows, but of one table these."""
        return RowsByTable({**self._rows, table: rows})


@dataclass
class SchoolFile:
    """One school: its calendar, sessions, settings and people."""

    id: int
    urn: str
    rows: RowsByTable
    person_refs: Mapping[int, str] = field(default_factory=dict)
    what_if: Mapping[str, Any] = field(default_factory=dict)
    """Settings tried out over those on record: a backtest's."""

    def details_on(self, day: date) -> SchoolDetails:
        """What the school was on a day (before the first entry: what it was first entered as)."""
        return self.rows.in_force(SchoolDetails, day)

    @cached_property
    def half_terms(self) -> tuple[HalfTerm, ...]:
        """The half terms on file: those of the newest entry."""
        rows = self.rows.of(HalfTermDates)
        newest = max((r.event_id for r in rows), default=None)
        return tuple(HalfTerm(r.first, r.last) for r in rows if r.event_id == newest)

    @cached_property
    def school_days(self) -> SchoolDays:
        """The home school's school days. A day of which only one session is closed is still a school day."""
        return SchoolDays(self.half_terms, {r.day: r.reason for r in self._closures if len(r.sessions) == len(SESSIONS)})

    @cached_property
    def closed_slots(self) -> frozenset[Slot]:
        """Single sessions closed on days that otherwise are school days."""
        return frozenset((r.day, s) for r in self._closures for s in SESSIONS if s in r.sessions)

    @cached_property
    def _closures(self) -> list[ClosedDay]:
        return [r for r in self.rows.of(ClosedDay) if r.provider_id is None]

    def settings_on(self, day: date) -> Mapping[str, Any]:
        """The settings the school changed, as in force on a day; what is not in it has its default."""
        settings: dict[str, Any] = {}
        for row in self.rows.of(SettingsChange):
            if row.from_day <= day:
                settings.update(row.settings)
        settings.update(self.what_if)
        return settings

    def people_on(self, day: date) -> list[tuple[PersonDetails, tuple[str, ...]]]:
        """Everybody with a role on a day, with the roles they hold or cover; newest details each."""
        if day not in self._people:
            self._people[day] = self._people_on(day)
        return self._people[day]

    @cached_property
    def _people(self) -> dict[date, list[tuple[PersonDetails, tuple[str, ...]]]]:
        return {}

    def _people_on(self, day: date) -> list[tuple[PersonDetails, tuple[str, ...]]]:
        newest: dict[int, PersonDetails] = {}
        for row in self.rows.of(PersonDetails):
            if row.from_day <= day or row.person_id not in newest:
                newest[row.person_id] = row
        covers = [c for c in self.rows.of(Cover) if c.first <= day <= c.last]
        return [
            (person, (*person.roles, *(c.role for c in covers if c.person_id == person.person_id)))
            for person in newest.values()
        ]

    def names_on(self, day: date) -> dict[str, str]:
        """What everybody was called on a day, by reference."""
        return {self.person_refs[p.person_id]: p.name for p, _ in self.people_on(day) if p.person_id in self.person_refs}


@dataclass
class ProviderFile:
    """One provider: what it is, when it works, how its checks stand."""

    id: int
    ref: str
    rows: RowsByTable
    closed_slots: frozenset[Slot] = frozenset()

    def details_on(self, day: date) -> ProviderDetails:
        """What the provider was on a day (before the first entry: what it was first entered as)."""
        return self.rows.in_force(ProviderDetails, day)

    @cached_property
    def sites(self) -> Mapping[str, Site]:
        """Approved sites by reference."""
        return {site.ref: site for site in self.rows.of(Site)}

    @cached_property
    def standing_checks(self) -> Mapping[str, ProviderCheck]:
        """The newest check of each item that said yes or no; one only asked for or received says neither."""
        return {c.item: c for c in self.rows.of(ProviderCheck) if c.status in ("verified", "rejected", "expired")}

    def verified(self, item: str, day: date) -> bool:
        """Whether an item is verified and has not expired on a day; asking for it anew takes nothing away."""
        check = self.standing_checks.get(item)
        return check is not None and check.status == "verified" and (check.valid_until is None or check.valid_until >= day)

    def ever_verified(self, item: str) -> bool:
        """Whether an item was verified at any time."""
        return any(c.item == item and c.status == "verified" for c in self.rows.of(ProviderCheck))


@dataclass
class PupilFile:
    """One pupil: birth date, parents, what makes everything more urgent."""

    id: int
    ref: str
    rows: RowsByTable

    @property
    def details(self) -> PupilDetails:
        """Name and birth date."""
        return self.rows.of(PupilDetails)[-1]

    @property
    def parents(self) -> list[Parent]:
        """Parents with responsibility whom no order bars from contact: the newest entry of each."""
        newest = {parent.ref: parent for parent in self.rows.of(Parent)}
        return [parent for parent in newest.values() if parent.responsibility and parent.contact]

    def has(self, attribute: str, day: date) -> bool:
        """Whether an attribute (ehc_plan, looked_after, ...) held on a day."""
        held = False
        for row in self.rows.of(PupilAttribute):
            if row.attribute == attribute and (row.from_day <= day or row.at_entry):
                held = row.holds
        return held

    def missing_episodes(self) -> list[date]:
        """Days on which the pupil was missing."""
        return [row.day for row in self.rows.of(MissingEpisode)]


@dataclass
class Case:
    """Everything recorded about one placement."""

    id: int
    ref: str
    school: SchoolFile
    provider: ProviderFile
    pupil: PupilFile
    rows: RowsByTable
    home_marks: Mapping[Slot, MarkRow] = field(default_factory=dict)
    provider_marks: Mapping[Slot, MarkRow] = field(default_factory=dict)
    watch_from: date = date.min
    """Rules on sessions look at sessions from this day on."""

    def of(self, table: type[Row]) -> Sequence[Row]:
        """All rows of a table about this placement, oldest first."""
        return self.rows.of(table)

    def newest(self, table: type[Row]) -> Row | None:
        """The newest row of a table, if there is any."""
        return self.rows.newest(table)


def happened(row: Any) -> datetime:
    """When a row happened: the order of everything."""
    at: datetime = row.happened_at
    return at
