"""Closing a placement, and withdrawing one before it starts. A closed placement is never reopened."""

from typing import Literal

from models.placement import Closure
from offsite.case.case import Case
from offsite.case.direction.terms import started
from offsite.casework.command import Command, Ref, Text, handles
from offsite.casework.refusals import Refused
from offsite.casework.work import Work

Outcome = Literal[
    "returned", "managed_move", "post_16", "safety", "provider_failed", "withdrawn", "excluded", "moved_away", "other"
]


class Close(Command):
    """Close a placement."""

    placement: Ref
    outcome: Outcome
    report: Text | None = None

    def edits(self) -> str:
        """The placement's ending."""
        return f"closure {self.placement}"


@handles(Close)
def close(command: Close, work: Work) -> None:
    """Refused where it is closed already; as withdrawn, where it has started."""
    case = work.case(command.placement)
    if command.outcome == "withdrawn":
        _refuse_started(case)
    _close(work, case, command.outcome, command.report)


class Withdraw(Command):
    """Withdraw a placement before it starts."""

    placement: Ref
    reason: Text

    def edits(self) -> str:
        """The placement's ending."""
        return f"closure {self.placement}"


@handles(Withdraw)
def withdraw(command: Withdraw, work: Work) -> None:
    """Refused where it has started: close it with another outcome."""
    case = work.case(command.placement)
    _refuse_started(case)
    _close(work, case, "withdrawn", command.reason)


def _refuse_started(case: Case) -> None:
    if started(case):
        raise Refused(
            f"placement {case.ref} has started; it cannot be withdrawn. Close it with another outcome.",
            field="placement",
        )


def _close(work: Work, case: Case, outcome: str, report: str | None) -> None:
    work.add(Closure(placement_id=case.id, outcome=outcome, report=work.seal(report)))
    work.start_flow("close-placement/close-placement", {"placement": case.ref, "school": work.school.urn})
