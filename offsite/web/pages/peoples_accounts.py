"""What leaders do about the accounts of their own school's people: hand one out, end it here, help after a lost phone.

An account may act at several schools. What a leader does here stays at the leader's school (docs/decisions/0015).
"""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, BackgroundTasks, Depends
from fastapi.responses import Response
from sqlalchemy.orm import Session

from models.account import Account, Membership
from models.people import Person
from offsite.access.readers import reads_or_will
from offsite.access.sight import reads_concerns
from offsite.accounts import directory, ending, handing_out, identities, sessions, tokens
from offsite.accounts.refusals import NotAccepted
from offsite.messages.accounts import ACCESS_ENDED, CODES_FORGOTTEN, LINK_MADE, Deed, tell_holder, tell_other_readers
from offsite.messages.dispatch import send_critical_now
from offsite.web.pages.people import person_here
from offsite.web.visit import Refuse, Visit, area, posted

router = APIRouter()
People = Annotated[Visit, Depends(area("people"))]
Posted = Depends(posted)
READS_CONCERNS = "{ref} reads concerns and you do not. Ask the designated safeguarding lead, a deputy or whoever runs Offsite."
"""Why something is not this viewer's to do."""


class Held(NamedTuple):
    """A person of the school with the account that acts for them, or did."""

    person: Person
    account: Account | None
    membership: Membership | None

    @property
    def acts(self) -> bool:
        """Whether the account acts for the person now."""
        return self.membership is not None and self.membership.ended_at is None


@router.post("/people/{ref}/invite", dependencies=[Posted])
def invite(visit: People, ref: str, later: BackgroundTasks) -> Response:
    """A link by which a person may set a password; shown once, to be handed over. The person is told that it was made."""
    try:
        with visit.edge.database.writing() as session:
            held = _held(visit, session, ref)
            _unless(_not_invited_because(visit, session, held))
            _tell(visit, session, held, LINK_MADE, later)
            token = directory.invite(session, held.person, visit.at)
    except NotAccepted as refused:
        raise Refuse(422, "No link could be made", str(refused)) from None
    base = visit.edge.here.settings.messages.base_url.rstrip("/")
    return visit.page("invited.html", ref=ref, url=f"{base}/invitation/{token}")


@router.get("/people/{ref}/account")
def one_account(visit: People, ref: str) -> Response:
    """How a person signs in, and what may be done about it."""
    held = _held(visit, visit.session, ref)
    here = []
    if held.account is not None:
        here = [s for s in sessions.standing(visit.session, held.account.id, visit.at) if s.person_id == held.person.id]
    titles = {p.issuer: p.title for p in visit.edge.here.settings.pages.oidc.values()}
    bound = identities.providers_of(visit.session, held.account.id) if held.account else []
    shown = {
        "held": held,
        "sessions": here,
        "providers": [titles.get(known.issuer, known.issuer) for known in bound],
        "tokens": tokens.standing(visit.session, held.person.id, visit.at),
        "not_invited_because": _not_invited_because(visit, visit.session, held),
        "not_ended_because": _not_ended_because(visit, visit.session, held),
        "not_forgotten_because": _not_forgotten_because(visit, visit.session, held),
        "done": visit.request.query_params.get("done", ""),
    }
    return visit.page("persons_account.html", **shown)


@router.get("/people/{ref}/account/end")
def end_page(visit: People, ref: str) -> Response:
    """Are you sure: end somebody's access."""
    held = _held(visit, visit.session, ref)
    _unless(_not_ended_because(visit, visit.session, held))
    return visit.page("confirm_account.html", held=held, do="end")


@router.post("/people/{ref}/account/end", dependencies=[Posted])
def end(visit: People, ref: str, later: BackgroundTasks) -> Response:
    """End what somebody's account does at this school: sessions, links and tokens with it; or tokens alone, without account."""
    with visit.edge.database.writing() as session:
        held = _held(visit, session, ref)
        _unless(_not_ended_because(visit, session, held))
        _tell(visit, session, held, ACCESS_ENDED, later)
        if held.account is not None and held.acts:
            ending.end_membership(session, held.account, held.person.id, visit.who.ref, visit.at)
        else:
            ending.end_tokens(session, held.person.id, visit.at)
    return visit.to(f"/people/{ref}/account?done=ended")


@router.get("/people/{ref}/account/forget-codes")
def forget_page(visit: People, ref: str) -> Response:
    """Are you sure: forget somebody's one-time codes."""
    held = _held(visit, visit.session, ref)
    _unless(_not_forgotten_because(visit, visit.session, held))
    return visit.page("confirm_account.html", held=held, do="forget-codes")


@router.post("/people/{ref}/account/forget-codes", dependencies=[Posted])
def forget_codes(visit: People, ref: str, later: BackgroundTasks) -> Response:
    """Forget somebody's one-time codes after a lost phone; every session of theirs ends."""
    with visit.edge.database.writing() as session:
        held = _held(visit, session, ref)
        _unless(_not_forgotten_because(visit, session, held))
        assert held.account is not None
        _tell(visit, session, held, CODES_FORGOTTEN, later)
        ending.forget_codes(session, held.account, visit.at)
    return visit.to(f"/people/{ref}/account?done=forgotten")


def _held(visit: Visit, session: Session, ref: str) -> Held:
    _leaders_only(visit)
    person = person_here(visit, session, ref)
    return Held(person, *(directory.account_of(session, person.id) or (None, None)))


def _tell(visit: Visit, session: Session, held: Held, deed: Deed, later: BackgroundTasks) -> None:
    """Tell a person what is done, in the same transaction and before it is: at the address their account has until then as
    well. If they read concerns, the others who do are told too, at once.
    """
    who, school = held.person.id, visit.who.school
    had = [held.account.email] if held.account is not None and held.acts else []
    tell_holder(session, school, who, deed.to_holder, visit.who.ref, visit.at, had)
    if reads_or_will(school, who, visit.who.today):
        tell_other_readers(session, school, who, deed, visit.who.ref, visit.at)
        later.add_task(send_critical_now, visit.edge.database, visit.edge.here.channels, visit.at)


def _leaders_only(visit: Visit) -> None:
    if not visit.who.may("add_person"):
        raise Refuse(403, "You cannot do this", "Only leaders hand out accounts and end them.")


def _unless(why_not: str) -> None:
    if why_not:
        raise Refuse(422, "That cannot be done", why_not)


def _not_invited_because(visit: Visit, session: Session, held: Held) -> str:
    """Why this viewer makes no account link for somebody; empty where they may."""
    if held.person.id in handing_out.kept_back(session, visit.who):
        return READS_CONCERNS.format(ref=held.person.ref)
    return ""


def _not_ended_because(visit: Visit, session: Session, held: Held) -> str:
    """Why somebody's access is not ended by this viewer; empty where it may be."""
    if not held.acts and not tokens.standing(session, held.person.id, visit.at):
        return f"No account and no token acts for {held.person.ref} now."
    if held.person.id == visit.who.person_id:
        return "You cannot end your own access. Ask another leader."
    return ""


def _not_forgotten_because(visit: Visit, session: Session, held: Held) -> str:
    """Why somebody's one-time codes are not forgotten by this viewer; empty where they may be.

    They keep apart who reads concerns from who does not: nobody who does not read them may take that bar away.
    """
    if held.account is None or not held.acts or not held.account.code_confirmed:
        return f"{held.person.ref} has no one-time codes."
    if held.person.id == visit.who.person_id:
        return "These are your own: set them up on another phone on the page of your account."
    if directory.acts_elsewhere(session, held.account, visit.who.school_id):
        return "The account is not this school's alone. Ask whoever runs Offsite."
    if directory.needs_code(session, held.account, visit.at) and not reads_concerns(visit.who.roles):
        return READS_CONCERNS.format(ref=held.person.ref)
    return ""
