"""The doctor: what is set, missing, wrong, and what to do about it."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.chronology import breaks
from models.encrypted_text import Texts, TextUnreadable
from models.migrations import schema
from models.pupil import TextKey
from models.runs import PendingRun
from models.school import School
from offsite.case.case import SchoolFile
from offsite.case.loading import load_school
from offsite.casework.keeping.installation import Installation
from offsite.casework.watch.alerts import open_alerts
from offsite.casework.watch.watchdog import late_jobs
from offsite.law.london import LONDON
from offsite.messages.channels import WAYS, Channel, Unready
from offsite.messages.channels.files import Files
from offsite.messages.reach import SAFEGUARDING, undelivered, unreachable
from offsite.messages.untold import untold_now

MUST_REACH = (*SAFEGUARDING, "head", "clerk", "attendance", "governors")
CHANNELS = {"email": "e-mail", "text": "texts", "call": "calls"}


class Sign(NamedTuple):
    """One thing looked at."""

    state: Literal["ok", "warning", "wrong"]
    what: str


def examine(here: Installation, at: datetime) -> list[Sign]:
    """Everything worth knowing about an installation, the gravest not first but in the order it is checked."""
    found, wanted = schema.current(here.database), schema.newest()
    if found != wanted:
        return [Sign("wrong", f"schema is {found}, needed is {wanted}: offsite upgrade")]
    signs = [Sign("ok", f"schema {found}, {here.database.engine.dialect.name}")]
    with here.database.reading() as session:
        signs.append(_key(here, session))
        for school_id in session.scalars(select(School.id).order_by(School.id)).all():
            signs.extend(_school(session, school_id, at, here.channels))
    signs.extend(
        Sign("wrong", f"{job.job} is late: last finished {job.last or 'never'}; is `offsite serve` running?")
        for job in late_jobs(here.database, at)
    )
    return [*signs, *_channels(here), *_proxies(here), _ping(here)]


def _channels(here: Installation) -> list[Sign]:
    """Which channels are on, and whether they have what they need."""
    if here.settings.demo:
        return [Sign("ok", "a demonstration: messages are files only")]
    return [_channel(name, here.channels.get(name)) for name in WAYS]


def _channel(name: str, channel: Channel | None) -> Sign:
    if channel is None:
        return Sign("ok", f"{CHANNELS[name]}: off")
    if isinstance(channel, Unready):
        return Sign("wrong", f"{CHANNELS[name]}: {channel.why}")
    if isinstance(channel, Files):
        return Sign("warning", f"{CHANNELS[name]}: written to {channel.folder} and sent to nobody (messages.channel)")
    return Sign("ok", f"{CHANNELS[name]}: handed to {channel.taker}, with all it needs to sign in")


def _proxies(here: Installation) -> list[Sign]:
    """Whether who asks can be told apart, where a proxy must stand before the pages: they speak no https themselves."""
    if not here.settings.messages.base_url.startswith("https:") or here.settings.pages.trusted_proxies:
        return []
    return [
        Sign("warning", "pages.trusted_proxies names no proxy: failures to sign in count as if all came from one address "
                        "(docs/how-to/serve-over-https.md)")
    ]  # fmt: skip


def _ping(here: Installation) -> Sign:
    if here.settings.ping:
        return Sign("ok", "the watchdog tells an address elsewhere that all is well")
    return Sign("warning", "no `ping` address: nobody elsewhere would notice that this machine is dead")


def _key(here: Installation, session: Session) -> Sign:
    if here.key_file.lost:
        return Sign("wrong", f"the key file {here.key_file.where} is missing or damaged: texts cannot be read; put it back")
    kept = session.scalars(select(TextKey).where(TextKey.wrapped.is_not(None)).limit(1)).first()
    if kept is None:
        return Sign("ok", "the key file is there; no text is kept yet")
    try:
        Texts(session, here.key_file, kept.school_id).check(kept.pupil_id)
    except TextUnreadable as error:
        return Sign("wrong", str(error))
    return Sign("ok", "the key file opens the texts of this database")


def _school(session: Session, school_id: int, at: datetime, on: Collection[str]) -> list[Sign]:
    school = load_school(session, school_id)
    signs = []
    for role, why in unreachable(session, school, MUST_REACH, at, on):
        signs.append(Sign("wrong" if role in SAFEGUARDING else "warning", f"{school.urn}: {role} cannot be reached: {why}"))
    last = school.school_days.last_on_file
    if last is None:
        signs.append(Sign("wrong", f"{school.urn}: no half terms on file; no deadline in school days can be told"))
    else:
        signs.append(Sign("ok", f"{school.urn}: calendar on file until {last:%-d %B %Y}"))
    broken = [f"event {b.number} {b.why}" for b in breaks(session, school_id)]
    signs.append(Sign("wrong", f"{school.urn}: chronology broken: {broken[0]}") if broken
                 else Sign("ok", f"{school.urn}: chronology verifies"))  # fmt: skip
    system = [key.rule for key in open_alerts(session, school_id, ()) if key.rule.startswith("system-")]
    signs.extend(Sign("wrong", f"{school.urn}: open system alert {rule}") for rule in system)
    untold = untold_now(session, school_id)
    if untold:
        signs.append(Sign("warning", f"{school.urn}: {untold} things the rules cannot tell (offsite show)"))
    waiting = _waiting(session, school_id, at)
    signs.append(Sign("warning" if waiting else "ok", f"{school.urn}: {waiting or 'no'} flow runs wait to be started"))
    return signs + _undelivered(session, school, at)


def _waiting(session: Session, school_id: int, at: datetime) -> int:
    due = select(func.count()).select_from(PendingRun).where(PendingRun.started_at.is_(None), PendingRun.not_before <= at)
    return session.scalar(due.where(PendingRun.school_id == school_id)) or 0


def _undelivered(session: Session, school: SchoolFile, at: datetime) -> list[Sign]:
    lost = undelivered(session, school.id, at)
    if not lost:
        return [Sign("ok", f"{school.urn}: no message bounced or was given up lately")]
    return [
        Sign("wrong", f"{school.urn}: not delivered to {one.role} by {one.channel}, "
                      f"{one.at.astimezone(LONDON):%-d %B %H:%M}: {one.error}")
        for one in lost
    ]  # fmt: skip
