"""`offsite account` and `offsite token`: who may sign in to the pages, and tokens for programs."""

from datetime import timedelta
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.account import Account, ApiToken, Membership
from models.people import Person
from offsite.access.sight import reads_concerns
from offsite.access.viewer import viewer_for
from offsite.accounts import directory, ending, tokens
from offsite.accounts.refusals import NotAccepted
from offsite.casework.perform import school_id_of
from offsite.casework.refusals import Refused, UnknownName
from offsite.cli.edge import DataOption, JsonOption, SchoolOption, errors_in_words, london, now, opened, out, print_json

accounts = typer.Typer(no_args_is_help=True, help="Who may sign in to the pages.")
tokens_app = typer.Typer(no_args_is_help=True, help="Tokens by which programs use the JSON interface.")
PersonArgument = Annotated[str, typer.Argument(help="The person's reference, such as dsl1.")]


@accounts.command("invite")
def invite(person: PersonArgument, data: DataOption = None, school: SchoolOption = None) -> None:
    """Make an account for a person, or a new link for one who has lost the password. Prints the link, good for a week.

    Example:  offsite account invite dsl1
    """
    with errors_in_words():
        here = opened(data)
        with here.database.writing() as session:
            found = _person(session, school_id_of(session, here.urn(school)), person)
            try:
                token = directory.invite(session, found, now(), by_operator=True)
            except NotAccepted as refused:
                raise Refused(str(refused), field="person") from None
        out.print(f"{here.settings.messages.base_url.rstrip('/')}/invitation/{token}", soft_wrap=True, highlight=False)


@accounts.command("list")
def listed(data: DataOption = None, school: SchoolOption = None, as_json: JsonOption = False) -> None:
    """List who may sign in at a school."""
    with errors_in_words():
        here = opened(data)
        with here.database.reading() as session:
            rows = session.execute(
                select(Person.ref, Account.email, Account.password_hash, Account.code_confirmed, Membership.ended_at)
                .join(Membership, Membership.person_id == Person.id)
                .join(Account, Account.id == Membership.account_id)
                .where(Person.school_id == school_id_of(session, here.urn(school)))
                .order_by(Person.ref)
            ).all()
        shown = [
            {"person": r.ref, "email": r.email, "taken_up": r.password_hash is not None, "codes": r.code_confirmed,
             "ended": r.ended_at} for r in rows
        ]  # fmt: skip
        if as_json:
            print_json(shown)
        for row in shown if not as_json else ():
            state = "ended" if row["ended"] else "taken up" if row["taken_up"] else "invited"
            out.print(
                f"{row['person']:12} {row['email']}: {state}{', one-time codes' if row['codes'] else ''}", highlight=False
            )


@accounts.command("end")
def end(person: PersonArgument, data: DataOption = None, school: SchoolOption = None) -> None:
    """End a person's account, at every school: sessions, links and tokens end at once, and nobody signs in with it again."""
    with errors_in_words():
        here = opened(data)
        with here.database.writing() as session:
            account = _account(session, school_id_of(session, here.urn(school)), person)
            ending.end_account(session, account, "operator", now())
        out.print(f"The account of {person} was ended.", highlight=False)


@accounts.command("forget-codes")
def forget_codes(person: PersonArgument, data: DataOption = None, school: SchoolOption = None) -> None:
    """Forget a person's one-time codes, for a lost phone: they are set up anew at the next sign-in."""
    with errors_in_words():
        here = opened(data)
        with here.database.writing() as session:
            account = _account(session, school_id_of(session, here.urn(school)), person)
            ending.forget_codes(session, account, now())
        out.print(f"The one-time codes of {person} were forgotten; every session was ended.", highlight=False)


@tokens_app.command("make")
def make_token(
    person: PersonArgument,
    name: Annotated[str, typer.Option("--name", help="What it is for.")],
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How many days it is good for.")] = 366,
    reads: Annotated[bool, typer.Option("--reads-concerns", help="Hand it the text of concerns, for a DSL or deputy.")] = False,
    data: DataOption = None,
    school: SchoolOption = None,
) -> None:
    """Make a token that acts for a person, with that person's roles. It is shown once.

    It is handed the text of concerns only with --reads-concerns, since a program gives no one-time code.

    Example:  offsite token make att1 --name "register system"
    """
    with errors_in_words():
        here = opened(data)
        with here.database.writing() as session:
            found = _person(session, school_id_of(session, here.urn(school)), person)
            viewer = viewer_for(session, found.id, now())
            if reads and (viewer is None or not reads_concerns(viewer.roles)):
                raise Refused(f"{person} holds no role that reads the text of concerns (DSL, deputy).", field="reads-concerns")
            token = tokens.make(session, found.id, name, now(), timedelta(days=days), reads_concerns=reads)
        out.print(token, soft_wrap=True, highlight=False)


@tokens_app.command("list")
def list_tokens(data: DataOption = None, school: SchoolOption = None, as_json: JsonOption = False) -> None:
    """List the tokens of a school."""
    with errors_in_words():
        here = opened(data)
        with here.database.reading() as session:
            rows = session.execute(
                select(Person.ref, ApiToken.id, ApiToken.name, ApiToken.expires_at, ApiToken.ended_at, ApiToken.used_at,
                       ApiToken.reads_concerns)
                .join(Person, Person.id == ApiToken.person_id)
                .where(Person.school_id == school_id_of(session, here.urn(school)))
                .order_by(ApiToken.id)
            ).all()  # fmt: skip
        if as_json:
            print_json([row._asdict() for row in rows])
        for row in rows if not as_json else ():
            state = "ended" if row.ended_at else f"until {london(row.expires_at)}"
            state += f", last used {london(row.used_at)}" if row.used_at else ", never used"
            state += ", reads concerns" if row.reads_concerns else ""
            out.print(f"{row.id:4} {row.ref:12} {row.name}: {state}", highlight=False)


@tokens_app.command("end")
def end_token(number: Annotated[int, typer.Argument(help="Its number in the list.")], data: DataOption = None) -> None:
    """End a token."""
    with errors_in_words():
        here = opened(data)
        with here.database.writing() as session:
            found = session.get(ApiToken, number)
            if found is None:
                raise UnknownName("token", str(number), map(str, session.scalars(select(ApiToken.id))))
            found.ended_at = now()
        out.print(f"Token {number} was ended.", highlight=False)


def _person(session: Session, school_id: int, ref: str) -> Person:
    found = session.scalars(select(Person).where(Person.school_id == school_id, Person.ref == ref)).first()
    if found is None:
        raise UnknownName("person", ref, session.scalars(select(Person.ref).where(Person.school_id == school_id)))
    return found


def _account(session: Session, school_id: int, ref: str) -> Account:
    found = directory.account_of(session, _person(session, school_id, ref).id)
    if found is None:
        raise Refused(f"{ref} has no account; make one: offsite account invite {ref}.", field="person")
    return found[0]


APPS = {"account": accounts, "token": tokens_app}
