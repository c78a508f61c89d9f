"""The JSON interface keeps its word: no request of schemathesis brings a 5xx, or an answer that OpenAPI does not describe.

It is served for real, over look-alike schools of its own that it may write into. Requests come from OpenAPI alone: bodies that
are right, bodies that are wrong, names that stand on record. The suite takes what it has time for, the same each time;
`make contract` takes hundreds of examples an operation and the boundary values of every field, on PostgreSQL as well.
"""

import os

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, note, settings
from schemathesis.config import SchemathesisConfig
from sqlalchemy import create_engine, make_url, text

from offsite.access.deeds import may
from offsite.accounts import attempts
from offsite.casework.keeping import demonstration
from offsite.casework.keeping.installation import Installation
from offsite.cli.setting_up import TOML
from offsite.web.app import create
from offsite.web.visit import Edge

EXAMPLES = int(os.environ.get("OFFSITE_CONTRACT", "0"))
"""For each operation; left out, few."""
ROLES = {
    "dsl1": "dsl",
    "clerk1": "clerk",
    "head1": "head",
    "att1": "attendance",
    "senco1": "senco",
    "prov1": "provider",
    "la1": "local_authority",
}
"""Who calls, and the role they hold."""
ON_RECORD = {
    "placement": [story.ref for story in demonstration.STORIES],
    "pupil": ["u01", "u05", "u12"],
    "person": list(ROLES),
    "provider": ["workshop", "college", "pru"],
    "review": ["H8JE-66-r1", "D3PX-19-r1"],
    "concern": ["V5RC-73-c1"],
    "rule": ["notice-late", "review-overdue"],
    "day": ["2026-11-24", "2026-11-25", "2026-12-18"],
    "to": ["dsl1"],
    "named": ["notice-late", "V5RC-73-c1", "H8JE-66-r1"],
    "kind": ["clock_proof", "notice", "chronology", "review_pack", "outcome"],
}
"""Names that stand in the copy, so that more than refusals is tried."""
CONFIG = {
    "seed": 4,
    "generation": {"allow-extra-parameters": False},  # a parameter nobody asked for is passed over
    "dictionaries": {name: {"values": values} for name, values in ON_RECORD.items()},
    "parameters": {f"body.fields.{name}": {"dictionary": name, "probability": 0.8} for name in ON_RECORD}
    | {
        "path.ref": {"dictionary": "placement", "probability": 0.5},
        "path.name": {"dictionary": "named", "probability": 0.5},
        "path.kind": {"dictionary": "kind", "probability": 0.8},
        "path.day": {"dictionary": "day", "probability": 0.5},
    },
    # What the schema allows may still be refused: a name that is not on record, a gate that is shut.
    "checks": {"positive_data_acceptance": {"enabled": False}},
    "phases": {"coverage": {"enabled": bool(EXAMPLES)}},
}
interface = schemathesis.openapi.from_dict(create(Edge(None, None)).app.openapi(), config=SchemathesisConfig.from_dict(CONFIG))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"] if EXAMPLES else ["sqlite"])
def call(request, pages_class, serving, tmp_path_factory):
    """Sends a case in somebody's name and asks all that schemathesis knows to ask of the answer."""
    if request.param == "sqlite":
        pages = pages_class(request.getfixturevalue("two_schools"))
    else:
        pages = pages_class(_on_postgres(request.getfixturevalue("postgres"), tmp_path_factory.mktemp("contract")))
        demonstration.load(pages.here, pages.clock())
    session = requests.Session()
    headers = {person: {"Authorization": f"Bearer {pages.token(person)}"} for person in ROLES}
    with serving(pages.app) as address, pytest.MonkeyPatch.context() as patch:
        patch.setattr(attempts, "PER_NETWORK", 10**6)  # schemathesis tries a bad token for every good answer
        yield lambda case, person: case.call_and_validate(base_url=address, session=session, headers=headers[person])


def _on_postgres(server, folder):
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE DATABASE contract"))
    address = make_url(server).set(database="contract").render_as_string(hide_password=False)
    return Installation.create(folder, f'database_url = "{address}"\n' + TOML.format(urn="999001", demo="false"))


def callers(operation):
    """Whoever may; of those who may say a command, one, unless there is time for all."""
    command = operation.path.removeprefix("/api/do/")
    if command == operation.path:
        return list(ROLES)
    return [person for person, role in ROLES.items() if may((role,), command)][: None if EXAMPLES else 1]


@interface.parametrize()
@settings(
    max_examples=EXAMPLES or 6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # what was written meanwhile makes a second attempt another one
    suppress_health_check=list(HealthCheck),
)
def test_no_answer_is_off_the_contract(case, call):
    for person in callers(case.operation):
        note(person)
        call(case, person)
