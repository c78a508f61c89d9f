"""Contacts: with whom somebody spoke. Nobody answered is on record too, and is no contact: it settles nothing."""

from collections.abc import Iterator

from models.attendance import Contact
from offsite.case.case import Case


def contacts(case: Case, *who: str) -> Iterator[Contact]:
    """The contacts with any of these (parent, provider, pupil; left out, anybody) that reached somebody, oldest first."""
    return (row for row in case.of(Contact) if row.reached and (not who or row.contacted in who))
