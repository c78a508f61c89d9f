"""The school: entering it, its settings, days on which it or a provider is closed."""

import itertools
import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.placement import Placement
from models.provider import Provider
from models.school import ClosedDay, HalfTermDates, LetterWording, SchoolDetails, SettingsChange
from offsite.case.loading import live_placements
from offsite.casework.command import Command, Ref, Words, handles
from offsite.casework.commands.fields import Day, Session, SessionTimes, times_stored
from offsite.casework.refusals import Refused, Senseless
from offsite.casework.work import Work
from offsite.law.london import day_of
from offsite.law.parameters import SETTINGS, LooserThanLaw
from offsite.law.regimes import SchoolKind
from offsite.letters.wording import Block, wrong_with
from offsite.messages.addressing import whom
from offsite.messages.outbox import put, stable_id
from offsite.messages.wording import word_closed_day


class HalfTerm(BaseModel):
    """First and last day of a half term."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: Day
    last: Day


class SetUpSchool(Command):
    """Enter the school: its kind, authority, half terms and closures; said again, later terms or changed details."""

    name_: Annotated[Words, Field(alias="name", description="the school's name")]
    urn: Annotated[str, Field(pattern=r"^\d{6}$", description="unique reference number, six digits")]
    kind: Annotated[SchoolKind, Field(description="what kind of school it is")]
    local_authority: Annotated[Words, Field(description="the authority that maintains it or in whose area it is")]
    half_terms: Annotated[tuple[HalfTerm, ...], Field(description="[{first: 2026-09-02, last: 2026-10-23}, ...]")] = ()
    closed: Annotated[tuple[Day, ...], Field(description="INSET days and other closures inside a half term")] = ()
    sessions: Annotated[SessionTimes, Field(description='{am: ["08:45", "12:15"], pm: ["13:10", "15:15"]}')] = {}
    from_day: Annotated[Day | None, Field(alias="from", description="day from which changed details hold")] = None

    def edits(self) -> str:
        """The school."""
        return "the school"

    @model_validator(mode="after")
    def _in_order(self) -> "SetUpSchool":
        for half in self.half_terms:
            if half.last < half.first:
                raise ValueError(f"half_terms: {half.last} comes before {half.first}")
        ordered = sorted(self.half_terms, key=lambda half: half.first)
        for one, other in itertools.pairwise(ordered):
            if other.first <= one.last:
                raise ValueError(f"half_terms: the one from {other.first} overlaps the one to {one.last}")
        return self


@handles(SetUpSchool)
def set_up_school(command: SetUpSchool, work: Work) -> None:
    """Refuses to change terms that have begun: what was true earlier stays true."""
    before = work.school.half_terms
    today = day_of(work.recorded_at)
    if before and work.corrects is None:
        said = {(half.first, half.last) for half in command.half_terms}
        for first, last in before:
            if first <= today and (first, last) not in said:
                raise Refused(
                    f"half_terms leaves out or changes {first} to {last}, which has begun; "
                    "give it as it is on file. A closure inside it is entered with close_day.",
                    field="half_terms",
                )
        if command.from_day is not None and command.from_day < today:
            raise Senseless("from", command.from_day.isoformat(), f"{today} or later")
    from_day = command.from_day or (today if before else date.min)
    work.add(
        SchoolDetails(
            from_day=from_day,
            name=command.name_,
            kind=command.kind,
            local_authority=command.local_authority,
            sessions=times_stored(command.sessions) or {},
        )
    )
    for half in command.half_terms or before:
        work.add(HalfTermDates(first=half.first, last=half.last))
    known = {row.day for row in work.school.rows.of(ClosedDay) if row.provider_id is None} if before else set()
    for day in command.closed:
        if day not in known:
            work.add(ClosedDay(provider_id=None, day=day, sessions=["am", "pm"], reason="INSET or closure"))


class ChangeSettings(Command):
    """Change settings of the school from a day on; never looser than a law."""

    model_config = ConfigDict(frozen=True, extra="allow")

    from_day: Annotated[Day | None, Field(alias="from", description="day from which they hold (left out: today)")] = None
    reason: Annotated[Words | None, Field(description="why; people are asked for it")] = None
    settings: Annotated[dict[str, Any], Field(description="settings by key, as JSON; `offsite settings` lists them")] = {}

    def given(self) -> dict[str, Any]:
        """The settings given, by key."""
        return {**(self.model_extra or {}), **self.settings}

    def edits(self) -> str:
        """The settings."""
        return "settings"

    @classmethod
    def asked_of_people(cls) -> frozenset[str]:
        """Whoever changes a setting says why."""
        return frozenset({"reason"})


@handles(ChangeSettings)
def change_settings(command: ChangeSettings, work: Work) -> None:
    """Refuses unknown settings, senseless values and what would loosen a law."""
    given = command.given()
    if not given:
        raise Senseless("settings", given, "at least one of " + ", ".join(SETTINGS))
    checked = {}
    for key, value in given.items():
        if key not in SETTINGS:
            raise Senseless("settings", key, ", ".join(SETTINGS))
        try:
            checked[key] = SETTINGS[key].checked(_as_given(value))
        except (ValueError, LooserThanLaw) as error:
            raise Refused(str(error), field=key) from None
    today = day_of(work.recorded_at)
    from_day = command.from_day or work.day
    if from_day < work.day:
        raise Senseless("from", from_day.isoformat(), f"{today} or later: what held earlier is not rewritten")
    work.add(SettingsChange(from_day=from_day, settings=checked))


def _as_given(value: Any) -> Any:
    if isinstance(value, bool):
        return "on" if value else "off"
    return int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value) else value


class CloseDay(Command):
    """Close the school, or a provider, for a day or a session."""

    provider: Annotated[Ref | None, Field(description="left out: the school")] = None
    day: Annotated[Day, Field(description="the day")]
    sessions: Annotated[tuple[Session, ...], Field(description="am, pm; left out: the whole day")] = ("am", "pm")
    reason: Annotated[Words, Field(description="why")]


@handles(CloseDay)
def close_day(command: CloseDay, work: Work) -> None:
    """Sessions of the day stop being expected; deadlines in school days move. Refused where they are closed already. What
    somebody of a provider closes is told to the school at once: its pupils are then looked for by nobody."""
    provider_id = work.id_of(Provider, command.provider, "provider") if command.provider else None
    if command.provider:
        work.provider(command.provider)
    if not command.sessions:
        raise Senseless("sessions", command.sessions, ("am", "pm"))
    of_day = [c for c in work.school.rows.of(ClosedDay) if (c.provider_id, c.day) == (provider_id, command.day)]
    if set(command.sessions) <= {session for row in of_day for session in row.sessions}:
        raise Refused(f"{command.provider or 'the school'} is closed on {command.day} already.", field="day")
    work.add(ClosedDay(provider_id=provider_id, day=command.day, sessions=sorted(command.sessions), reason=command.reason))
    if provider_id is not None and set(work.roles_of(work.said.by, day_of(work.recorded_at))) == {"provider"}:
        there = work.placements_of(Placement.provider_id == provider_id, Placement.id.in_(live_placements(work.school_id)))
        _tell_of_closure(command, work, len(there))


def _tell_of_closure(command: CloseDay, work: Work, pupils: int) -> None:
    on = f"{command.day:%-d %B %Y}"
    about: dict[str, str | int] = {
        "by": work.said.by,
        "provider": str(command.provider),
        "day": on,
        "reason": command.reason,
        "sessions": " and ".join(sorted(command.sessions)),
        "pupils": pupils,
    }
    for one in whom(work.school, ("dsl", "attendance"), work.recorded_at):
        message_id = stable_id("closed_day", work.event().hash, str(one.person_id or one.role))
        words = word_closed_day(one.role, one.instead_of, **about)
        put(work.session, work.school_id, message_id, "closed_day", "high", one, [], words, work.recorded_at)


class WordLetters(Command):
    """Word a block of the school's own in its documents, beside what the law prescribes, which stays as it is."""

    block: Annotated[Block, Field(description="which part")]
    text: Annotated[str, Field(max_length=1500, description="Empty takes it away.")] = ""

    def edits(self) -> str:
        """The block."""
        return f"wording {self.block}"


@handles(WordLetters)
def word_letters(command: WordLetters, work: Work) -> None:
    """Drafts made from then on carry it; what was issued stays as it was. Refused where it is too long for its block, or
    holds signs that hide or turn round what follows."""
    text = command.text.replace("\u00a0", " ").strip()
    if allowed := wrong_with(command.block, text):
        raise Senseless("text", f"{text[:20]}...", allowed)
    work.add(LetterWording(block=command.block, text=text))
