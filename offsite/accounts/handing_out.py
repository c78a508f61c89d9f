"""Who may make an account link for whom: a link sets a password, so whoever makes one could keep it and come in with it."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from models.account import Account, Membership, OpenIdIdentity
from offsite.access.readers import readers, reads_or_will
from offsite.access.sight import reads_concerns
from offsite.access.viewer import Viewer


def kept_back(session: Session, viewer: Viewer) -> frozenset[int]:
    """Ids of the people of the viewer's school for whom the viewer makes no account link.

    For those who read concerns, or will, it takes somebody who reads them too: a head against whom there is a concern does not
    come in as the deputy. Until one of those who read them has taken up an account, a first link is any leader's to make; an
    account that was taken up and ended since counts, or ending them all would open that way again.
    """
    school, today = viewer.school, viewer.today
    if reads_concerns(viewer.roles) or not _taken_up(session, readers(school, today)):
        return frozenset()
    return frozenset(
        person.person_id for person, _ in school.people_on(today) if reads_or_will(school, person.person_id, today)
    )


def _taken_up(session: Session, people: list[int]) -> bool:
    """Whether any of these people has, or had, an account that somebody signs in to."""
    with_provider = exists().where(OpenIdIdentity.account_id == Account.id)
    wanted = select(Membership.id).join(Account, Account.id == Membership.account_id).where(Membership.person_id.in_(people))
    wanted = wanted.where(or_(Account.password_hash.is_not(None), with_provider))
    return session.scalars(wanted.limit(1)).first() is not None
