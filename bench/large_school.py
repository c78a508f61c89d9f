"""A large invented school for the pages: synthetic placements with names, people of every role, alerts, messages, a chronology.

Written straight into the tables, but for what the rules work out: one daily sweep raises alerts and works the standings out.
"""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from bench.synthetic import AT, make
from models.account import Account, Membership
from models.alert import Alert, AlertStep
from models.chronology import Event
from models.concern import Concern, Triage
from models.encrypted_text import KeyFile
from models.message import Delivery, Message
from models.people import Person, PersonDetails
from models.pupil import PupilAttribute, PupilDetails
from models.review import ReviewRequest
from offsite.accounts import sessions
from offsite.casework.keeping.installation import Installation
from offsite.casework.watch.sweep import sweep
from rules.book import BOOK

PROVIDERS = 100
STAFF = 50
"""Besides one person of each role, and one of each provider."""
EVENTS_EACH, OPEN_ALERTS, ENDED_ALERTS, MESSAGES, CONCERNS, REQUESTS = 20, 3000, 6000, 12_000, 400, 200
ROLES = {
    "dsl": "lead1", "head": "head1", "clerk": "clerk1", "senco": "senco1", "attendance": "att1", "chair": "gov1",
    "provider": "prov1", "local_authority": "la1",
}  # fmt: skip
"""A role, and the person who holds nothing else."""
FIRST = ("Ada", "Ben", "Cem", "Dee", "Eli", "Fay", "Gus", "Hal", "Ivy", "Jon", "Kit", "Lea", "Mia", "Ned", "Ola", "Pia")
LAST = ("Ash", "Birch", "Cedar", "Elm", "Fir", "Gorse", "Hazel", "Ivory", "Juniper", "Larch", "Maple", "Oak", "Pine", "Rowan")


def build(folder: Path, placements: int) -> tuple[Installation, dict[str, str]]:
    """The installation in a folder, and for each role the token of a session that is signed in."""
    dice = random.Random(4)
    database = make(folder, placements, PROVIDERS)
    KeyFile.make(folder / "keys" / "offsite.key")
    (folder / "offsite.toml").write_text(f'school = "999900"\ndatabase_url = "{database.url}"\n', encoding="ascii")
    database.close()
    here = Installation.open(folder)
    row = {"school_id": 1, "event_id": 1, "happened_at": AT - timedelta(90), "recorded_at": AT - timedelta(90)}
    with here.database.writing() as session:
        execute = session.connection().execute
        named = [(n, f"{dice.choice(FIRST)} {dice.choice(LAST)}") for n in range(1, placements + 1)]
        for number, name in named:
            execute(update(PupilDetails).where(PupilDetails.pupil_id == number).values(name=name))
        execute(insert(PupilAttribute), [
            {**row, "pupil_id": n, "attribute": "ehc_plan", "holds": True, "from_day": date(2026, 9, 1), "at_entry": True}
            for n in range(1, placements + 1, 5)
        ])  # fmt: skip
        execute(insert(ReviewRequest), [
            {**row, "placement_id": n, "name": f"q{n}", "asked_by": "parent", "asked_on": date(2026, 11, 20)}
            for n in range(1, REQUESTS + 1)
        ])  # fmt: skip
        _concerns(execute, row, placements)
        _events(execute, placements)
        people = _people(session, row)
    sweep(here.database, here.rules, "daily", AT, slot=AT)
    with here.database.writing() as session:
        _alerts(session.connection().execute, placements, dice)
        tokens = {role: _signed_in(session, people[ref], ref) for role, ref in ROLES.items()}
    return here, tokens


def _people(session: Any, row: dict[str, Any]) -> dict[str, int]:
    held = {ref: ([role], 1 if role == "provider" else None) for role, ref in ROLES.items()}
    held |= {f"staff{n}": (["senco"], None) for n in range(STAFF)}
    held |= {f"prov{n}": (["provider"], n) for n in range(2, PROVIDERS + 1)}
    people = {}
    for ref, (roles, provider) in held.items():
        person = Person(school_id=1, ref=ref)
        session.add(person)
        session.flush()
        people[ref] = person.id
        session.add(PersonDetails(**row, person_id=person.id, from_day=date.min, name=f"Invented {ref}", roles=roles,
                                  email=f"{ref}@invented.example", phone="01632 960001", provider_id=provider))  # fmt: skip
    return people


def _signed_in(session: Any, person_id: int, ref: str) -> str:
    account = Account(email=f"{ref}@invented.example", made_at=AT, code_confirmed=False)
    session.add(account)
    session.flush()
    session.add(Membership(account_id=account.id, person_id=person_id))
    session.flush()
    return sessions.begin(session, account, AT, code_passed=True)


def _concerns(execute: Any, row: dict[str, Any], placements: int) -> None:
    of = [{**row, "concern": f"c{n}", "placement_id": n, "provider_id": None} for n in range(1, min(CONCERNS, placements) + 1)]
    about = {"kind": "concern", "about": "pupil", "against": None, "text": None}
    execute(insert(Concern), [{**one, **about} for one in of])
    execute(insert(Triage), [{**one, "decision": None} for one in of])


def _events(execute: Any, placements: int) -> None:
    kinds = ("mark", "record_contact", "report_progress", "record_visit", "stage_worked")
    made = [
        {"school_id": 1, "number": 2 + n, "kind": kinds[n % len(kinds)], "by": "prov1", "placement_id": 1 + n % placements,
         "happened_at": AT - timedelta(60), "recorded_at": AT - timedelta(60), "edits": None, "payload": {"session": "am"},
         "idempotency_key": None, "previous_hash": "0" * 64, "hash": f"{n:064x}"}
        for n in range(EVENTS_EACH * placements)
    ]  # fmt: skip
    execute(insert(Event), made)


def _alerts(execute: Any, placements: int, dice: random.Random) -> None:
    """Open alerts and ended ones, each with its steps, and messages that told of them; one in four hundred bounced."""
    rules = [rule for rule in BOOK.values() if rule.enabled]
    alerts, steps, messages, deliveries = [], [], [], []
    for n in range(OPEN_ALERTS + ENDED_ALERTS):
        rule, at = dice.choice(rules), AT - timedelta(minutes=dice.randrange(60 * 24 * 60))
        alerts.append(
            {"id": 100_000 + n, "ref": f"A-B{n:05}", "school_id": 1, "placement_id": dice.randrange(placements) + 1,
             "rule": rule.id, "subject": f"s{n}", "severity": rule.severity.word, "authority": rule.authority,
             "source": rule.source, "evidence": rule.evidence, "tell": list(rule.tell), "raised_at": at,
             "judged_on": at.date(), "due": None, "because": "invented", "facts": {}, "concern": None, "rule_book": "bench",
             "earlier_id": None}
        )  # fmt: skip
        done = [word for word, share in (("acknowledged", 0.7), ("taken", 0.5)) if dice.random() < share]
        for word in [*done, *(["cleared"] if n >= OPEN_ALERTS else [])]:
            steps.append({"alert_id": 100_000 + n, "step": word, "at": at + timedelta(minutes=5), "by": "dsl1"})
    for n in range(MESSAGES):
        alert, at = alerts[n % len(alerts)], AT - timedelta(minutes=n)
        messages.append(
            {"id": 100_000 + n, "school_id": 1, "message_id": f"bench-{n}", "kind": "alert", "alerts": [alert["ref"]],
             "role": "dsl", "person_id": 2, "channel": "email", "address": "lead1@invented.example",
             "severity": alert["severity"], "subject": "Offsite: an alert", "body": "Look at it.\n", "created_at": at}
        )  # fmt: skip
        outcome = "dead" if n % 400 == 399 else "sent"
        deliveries.append({"message_id": 100_000 + n, "at": at, "outcome": outcome, "error": None})
    execute(insert(Alert), alerts)
    blank = {"severity": None, "because": None, "reason": None, "next_step": None, "due": None, "handed_to": None}
    execute(insert(AlertStep), [{**step, **blank} for step in steps])
    execute(insert(Message), messages)
    execute(insert(Delivery), deliveries)
