"""Who must be given a notice, invited to a review, told of its outcome (SI 2010/1156 regs 2, 3(3), 5(1), 6).

A recipient on record is `parent:REF`, `pupil`, `provider`, `head`, `representative` or `local_authority`; one that the
law prescribes is the same without the reference: one parent is enough for the duty.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Literal

from offsite.case.case import Case, PupilFile
from offsite.law.clock import relevant_person as relevant_person_by_birth

PARENT, PUPIL, AUTHORITY = "parent", "pupil", "local_authority"
PROVIDER, HEAD, REPRESENTATIVE = "provider", "head", "representative"


def relevant_person(pupil: PupilFile, on: date) -> Literal["parent", "pupil"] | None:
    """A parent; from the 18th birthday the pupil. None where the birth date is not known."""
    born = pupil.details.born
    return None if born is None else relevant_person_by_birth(born, on)


def relevant_people(pupil: PupilFile, on: date) -> list[str]:
    """The recipients meant by "the relevant person" on a day: every parent with responsibility, or the pupil."""
    if relevant_person(pupil, on) == PUPIL:
        return [PUPIL]
    return [f"{PARENT}:{parent.ref}" for parent in pupil.parents]


def kind_of(recipient: str) -> str:
    """`parent` for `parent:ana-m`; the others as they are."""
    return recipient.partition(":")[0]


def prescribed_for_notice(case: Case, on: date) -> frozenset[str]:
    """Whom the notice must reach on a day: the relevant person, and the authority maintaining an EHC plan."""
    return _with_authority(case, on, {relevant_person(case.pupil, on) or PARENT})


def prescribed_invitees(case: Case, on: date) -> frozenset[str]:
    """Whom a review's invitation must reach (reg 5(1))."""
    person = relevant_person(case.pupil, on) or PARENT
    return _with_authority(case, on, {person, PROVIDER, HEAD, REPRESENTATIVE})


def prescribed_for_outcome(case: Case, on: date) -> frozenset[str]:
    """Whom a review's outcome must reach (reg 6); the head is not listed."""
    return _with_authority(case, on, {relevant_person(case.pupil, on) or PARENT, PROVIDER})


def _with_authority(case: Case, on: date, others: set[str]) -> frozenset[str]:
    return frozenset(others | ({AUTHORITY} if case.pupil.has("ehc_plan", on) else set()))


def missing(prescribed: Iterable[str], reached: Collection[str]) -> list[str]:
    """The prescribed recipients that none of `reached` is."""
    kinds = {kind_of(recipient) for recipient in reached}
    return sorted(set(prescribed) - kinds)
