"""What people do with alerts: acknowledge, take, hand over, resolve, say that one was not useful.

Reading, acting and closing are three different things; none of them says that a child is safe.
"""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field
from sqlalchemy import select

from models.alert import Alert, AlertStep
from models.placement import Placement
from offsite.access.alerts import Told, those_told_of
from offsite.access.deeds import ANY_STAFF
from offsite.case.alert_steps import WAITS_FOR
from offsite.casework.command import OPERATOR, Command, Ref, Text, handles
from offsite.casework.commands.fields import Day
from offsite.casework.refusals import Refused, Senseless
from offsite.casework.watch.alerts import OpenAlert, end, open_alerts
from offsite.casework.work import Work
from offsite.law.london import day_of
from offsite.messages.addressing import Addressee
from offsite.messages.outbox import tell_handed_over
from rules.book import BOOK


class OfAlert(Command):
    """A command about one open alert, named by its rule, placement and subject."""

    after_close: ClassVar[bool] = True

    rule: Annotated[Ref, Field(description="the rule's id")]
    placement: Ref | None = None
    subject: Annotated[str | None, Field(description="what it is about, where a placement has several")] = None

    def edits(self) -> str:
        """The alert."""
        return f"alert {self.rule} {self.placement or ''} {self.subject or ''}"


class Acknowledge(OfAlert):
    """Say that an alert was read."""


@handles(Acknowledge)
def acknowledge(command: Acknowledge, work: Work) -> None:
    """Stops the escalation; the alert stays open. Of one that was handed over, only by whom it was handed to: that somebody
    else has read it is kept, and it goes on waiting."""
    current = _one(command, work)
    _step(work, current, "read" if _waits_for_another(work, current) else "acknowledged")


class Take(OfAlert):
    """Take an alert: say what will be done next, and by when."""

    next_step: Text
    due: Day


@handles(Take)
def take(command: Take, work: Work) -> None:
    """Acknowledges it as well; the alert stays open. Refused where it would be done by a day before it is taken."""
    if command.due < work.day:
        raise Senseless("due", command.due.isoformat(), f"{work.day} or later")
    _step(work, _one(command, work), "taken", next_step=work.seal(command.next_step), due=command.due)


class HandOver(OfAlert):
    """Hand an alert over to somebody else, or to whoever holds a role: they are told at once, and it waits for them."""

    to: Annotated[Ref, Field(description="a person's reference or a role")]


@handles(HandOver)
def hand_over(command: HandOver, work: Work) -> None:
    """Refused to oneself or a role of one's own, and to anybody who does not see the alert or has no address to be told at."""
    current = _one(command, work)
    alert = work.session.get_one(Alert, current.id)
    others = [p for p in those_told_of(work.session, work.school, alert, work.recorded_at) if p.ref != work.said.by]
    to = [p for p in others if command.to == p.ref or command.to in set(p.roles) - set(_roles(work))]
    if not to:
        raise Refused(
            f"to is {command.to!r}; an alert is handed to somebody else who is told of it and has an e-mail address; "
            f"allowed: {_named(others, work)}.",
            field="to",
        )
    _step(work, current, "handed_over", handed_to=command.to)
    told = [Addressee(command.to if command.to in p.roles else p.roles[0], p.details.person_id, p.details.email) for p in to]
    tell_handed_over(work.session, work.school, alert, told, work.said.by, work.event().hash, work.recorded_at)


def _named(others: Sequence[Told], work: Work) -> str:
    """By reference, for the school's own people; to others, who are not shown them, by role."""
    own = _roles(work)
    if work.said.by == OPERATOR or set(own) & set(ANY_STAFF):
        return ", ".join(sorted(p.ref for p in others)) or "nobody"
    return ", ".join(dict.fromkeys(role for p in others for role in p.roles if role not in own)) or "nobody"


def _roles(work: Work) -> tuple[str, ...]:
    """The roles that who acts holds or covers now."""
    return work.roles_of(work.said.by, day_of(work.recorded_at))


class MarkNotUseful(OfAlert):
    """Say that an alert was not useful, and why: what a change of the rule book is argued from."""

    reason: Text


@handles(MarkNotUseful)
def mark_not_useful(command: MarkNotUseful, work: Work) -> None:
    """The alert stays open."""
    _step(work, _one(command, work), "not_useful", reason=work.seal(command.reason))


class Resolve(OfAlert):
    """Close an alert with a reason, where a person closes it: the breach happened even if the late thing is done."""

    reason: Text


def closed_by_a_person(rule: str) -> bool:
    """Whether a person closes the alerts of a rule. Those of any other clear once what they tell of is done; so do Offsite's
    alerts about itself, which a person may close before."""
    return rule not in BOOK or BOOK[rule].by_person


@handles(Resolve)
def resolve(command: Resolve, work: Work) -> None:
    """Refused where its condition still holds and the rule is not one that a person closes."""
    current = _one(command, work)
    if not closed_by_a_person(command.rule):
        rule = BOOK[command.rule]
        how = "close the concern (close_concern)" if rule.subject == "concern" else f"it clears when: {rule.clears}"
        raise Refused(f"alert {current.ref}: its condition still holds; {how}.", field="rule")
    end(work.session, current, "resolved", work.recorded_at, work.said.by, reason=work.seal(command.reason))


def _one(command: OfAlert, work: Work) -> OpenAlert:
    placement_id = None
    if command.placement is not None:
        case = work.look_at(work.id_of(Placement, command.placement, "placement"))
        work.about(case)
        placement_id = case.id
    found = [
        (key, current)
        for key, current in open_alerts(work.session, work.school_id, rules=(command.rule,)).items()
        if (command.placement is None or key.placement_id == placement_id) and command.subject in (None, key.subject)
    ]
    if not found:
        raise Refused(
            f"rule is {command.rule!r}: there is no open alert of it for that placement and subject; "
            "`offsite show` lists those that are open.",
            field="rule",
        )
    if len(found) > 1:
        subjects = ", ".join(key.subject for key, _ in found[:6])
        raise Refused(f"rule is {command.rule!r}: {len(found)} open alerts; say which subject: {subjects}.", field="subject")
    [(key, current)] = found
    if key.placement_id is not None and placement_id is None:
        work.about(work.look_at(key.placement_id))
    return current


def _waits_for_another(work: Work, current: OpenAlert) -> bool:
    """Whether an alert was handed over to somebody else than who acts, and is not acknowledged since."""
    waits_for = work.session.scalar(select(WAITS_FOR).where(Alert.id == current.id))
    return waits_for is not None and waits_for not in (work.said.by, *_roles(work)) and work.said.by != OPERATOR


def _step(work: Work, current: OpenAlert, step: str, **more: Any) -> None:
    work.session.add(AlertStep(alert_id=current.id, step=step, at=work.recorded_at, by=work.said.by, **more))
