"""The words of a message: severity, opaque references, what a role must act on by when, a link that needs a sign-in."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from rules.rule import ROLES

KINDS = ("alert", "worse", "handed_over", "escalation", "phone", "digest", "dead_letter")
"""Of messages about alerts; beside them "untold", what the rules cannot tell, "broken_glass", who opened what, "closed_day",
what a provider closed, "account", what was done with somebody's account, and "test"."""


class Line(NamedTuple):
    """One alert in a message."""

    alert: str
    placement: str | None
    due: date | None
    severity: str


class Untold(NamedTuple):
    """How many rules cannot tell of a placement; of the school where there is none."""

    placement: str | None
    rules: int


class Wording(NamedTuple):
    """A message's subject and body."""

    subject: str
    body: str


def word(
    kind: str,
    severity: str,
    role: str,
    lines: Sequence[Line],
    instead_of: str | None = None,
    untold: int = 0,
    *,
    by: str = "",
    nobody_reads: bool = False,
) -> Wording:
    """The words for one of KINDS. Raises KeyError for any other. `untold`: how many things the rules cannot tell; `by`: who
    handed them over (a reference); `nobody_reads`: nobody is left who may read what they are about.

    A link is written `offsite:/path`; the channel it leaves by knows where the pages are and fills that in.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    dues = [line.due for line in lines if line.due]
    body = (
        _environment()
        .get_template(f"{kind}.txt.j2")
        .render(
            severity=severity,
            role=ROLES[role],
            lines=lines,
            due=min(dues) if dues and severity not in ("critical",) else None,
            instead_of=ROLES[instead_of] if instead_of else None,
            untold=untold,
            by=by,
            nobody_reads=nobody_reads,
        )
    )
    refs = ", ".join(line.alert for line in lines[:3]) + (f" and {len(lines) - 3} more" if len(lines) > 3 else "")
    lead = {"escalation": "Not acknowledged: ", "phone": "Telephone now: ", "digest": "Digest: ", "worse": "Now ",
            "dead_letter": "Could not be delivered: ", "handed_over": "Handed over to you: "}.get(kind, "")  # fmt: skip
    return Wording(f"Offsite: {lead}{severity} {refs}", body.strip() + "\n")


def word_untold(role: str, lines: Sequence[Untold], instead_of: str | None = None) -> Wording:
    """The words that tell of rules that have not been able to tell for too long."""
    template = _environment().get_template("untold.txt.j2")
    body = template.render(role=ROLES[role], lines=lines, instead_of=ROLES[instead_of] if instead_of else None)
    return Wording("Offsite: some rules cannot tell", body.strip() + "\n")


def word_broken_glass(role: str, placement: str, by: str, instead_of: str | None = None) -> Wording:
    """The words that tell the safeguarding lead that somebody (a reference) opened a placement not theirs to see."""
    template = _environment().get_template("broken_glass.txt.j2")
    body = template.render(role=ROLES[role], placement=placement, by=by, instead_of=ROLES[instead_of] if instead_of else None)
    return Wording(f"Offsite: glass broken for {placement}", body.strip() + "\n")


def word_closed_day(role: str, instead_of: str | None = None, **about: str | int) -> Wording:
    """The words that tell the school that somebody of a provider closed it for a day: `about`: by, provider, day, sessions,
    reason and how many pupils are placed there."""
    template = _environment().get_template("closed_day.txt.j2")
    body = template.render(role=ROLES[role], instead_of=ROLES[instead_of] if instead_of else None, **about)
    return Wording(f"Offsite: {about['provider']} closed on {about['day']}", body.strip() + "\n")


def word_text(subject: str, role: str, alerts: Sequence[str]) -> Wording:
    """The words of a critical message shortened to a text: its subject, who must act, where to read it after signing in."""
    body = _environment().get_template("text.txt.j2").render(subject=subject, role=ROLES[role], alerts=alerts)
    return Wording(subject, body.strip() + "\n")


def word_test(channel: str) -> Wording:
    """The words of a test message."""
    what = "alerts" if channel == "email" else "critical alerts"
    return Wording("Offsite: a test", f"Offsite: this is a test. Nothing is wrong. You would be told of {what} in this way.\n")


def word_account(what: str, by: str) -> Wording:
    """The words that tell somebody what was done with their account, and by whom (a reference)."""
    body = _environment().get_template("account.txt.j2").render(what=what, by=by)
    return Wording("Offsite: your account", body.strip() + "\n")


def word_anothers_account(what: str, ref: str, by: str) -> Wording:
    """The words that tell somebody who reads concerns what was done with the account of another who does (references)."""
    body = _environment().get_template("anothers_account.txt.j2").render(what=what, ref=ref, by=by)
    return Wording(f"Offsite: the account of {ref}", body.strip() + "\n")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("offsite.messages"), undefined=StrictUndefined, trim_blocks=True, autoescape=False
    )
    environment.filters["day"] = lambda day: f"{day:%A %-d %B %Y}"
    return environment
