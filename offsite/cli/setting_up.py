"""`offsite init` and `offsite upgrade`: a school of one's own, and the schema of its database."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from models.migrations import schema
from offsite.case.loading import load_school
from offsite.case.settings import setting
from offsite.casework.command import Said
from offsite.casework.commands.school.details import SetUpSchool
from offsite.casework.keeping.installation import Installation
from offsite.casework.keeping.settings import DEFAULT_DATA
from offsite.casework.perform import perform, school_id_of
from offsite.casework.refusals import Refused
from offsite.casework.watch.rule_runner import NoRules
from offsite.cli.edge import NOT_READY, DataOption, err, errors_in_words, now, opened, out
from offsite.law.london import day_of
from offsite.law.parameters import SETTINGS
from offsite.law.regimes import SCHOOL_KINDS

TOML = """# Settings of this installation. Each may also come from the environment: OFFSITE_BY, OFFSITE_MESSAGES__CHANNEL, ...
# Secrets never stand here: OFFSITE_MESSAGES__PASSWORD, or messages.password_file.
school = "{urn}"
demo = {demo}
# database_url = "postgresql+psycopg://offsite@localhost/offsite"
# ping = "https://..."   # called by `offsite watchdog` when all is well

[messages]
channel = "files"   # or "smtp", with host, port, tls, user
base_url = "http://127.0.0.1:8765"
sender = "offsite@localhost"
# [messages.text] and [messages.call]: texts and calls of what is critical, off until named (docs/how-to/reach-people.md)

# Serving over https, behind a proxy: docs/how-to/serve-over-https.md
# [pages]
# trusted_proxies = ["127.0.0.1"]

# Signing in with Microsoft, Google or another provider: docs/how-to/sign-in-with-a-provider.md
# [pages.oidc.google]
# title = "Google"
# issuer = "https://accounts.google.com"
# client_id = "..."   # its secret: OFFSITE_PAGES__OIDC__GOOGLE__CLIENT_SECRET, or client_secret_file
"""


def init(
    data: DataOption = None,
    from_file: Annotated[
        Path | None, typer.Option("--from", help="YAML or JSON file with the school, as in a scenario's `school:`.")
    ] = None,
) -> None:
    """Set up your own school: asks for name, URN, kind, authority, half terms, closures, session times; or takes a file.

    Examples:  offsite init      offsite init --from school.yaml --data /srv/offsite
    """
    with errors_in_words():
        folder = data or DEFAULT_DATA
        if (folder / "offsite.toml").exists():
            err.print(f"There is an Offsite in {folder.resolve()} already; nothing was changed.", style="bold red")
            raise typer.Exit(NOT_READY)
        fields = _from_file(from_file) if from_file else _asked()
        command = SetUpSchool.model_validate(fields)
        here = Installation.create(folder, TOML.format(urn=command.urn, demo="false"))
        perform(here.database, here.key_file, command.urn, Said(command, now()), NoRules())
        out.print(f"Made {folder.resolve()} for {command.name_} (URN {command.urn}).", highlight=False)
        out.print(f"The key file is {folder / 'keys' / 'offsite.key'}: back it up apart from the database "
                  "(offsite backup --key). Without it no text about a child can be read again.", highlight=False)  # fmt: skip
        out.print("Warning: no DSL and no deputy can be reached yet. Enter them first:", style="bold yellow")
        out.print("  offsite do add_person --id dsl1 --roles dsl --name ... --email ...", highlight=False)
        out.print("  offsite do add_person --id ddsl1 --roles deputy_dsl --name ... --email ...", highlight=False)
        out.print("Then: offsite doctor, offsite serve.", highlight=False)


def upgrade(data: DataOption = None) -> None:
    """Bring the database to the schema this version needs. Make a backup first."""
    with errors_in_words():
        here = Installation.open(data, any_schema=True)
        before = schema.current(here.database)
        schema.upgrade(here.database)
        after = schema.current(here.database)
        out.print(f"The database is at schema {after}" + ("." if before == after else f", it was at {before}."))


def settings(data: DataOption = None) -> None:
    """List the settings a school may choose: key, unit, default, allowed, and the law that bounds them."""
    with errors_in_words():
        here = opened(data)
        with here.database.reading() as session:
            school = load_school(session, school_id_of(session, here.urn()))
        today = day_of(now())
        for key, found in SETTINGS.items():
            value = setting(school, key, today)
            bound = f"; never looser: {found.law}" if found.law else ""
            allowed = f"; allowed: {found.bounds}"
            out.print(f"{key} = {json.dumps(value)} {found.unit} (default {json.dumps(found.default)}): {found.says}"
                      f"{allowed}{bound}", markup=False, highlight=False, soft_wrap=True)  # fmt: skip


def _from_file(path: Path) -> dict[str, Any]:
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise Refused(f"--from is {str(path)!r}, which cannot be read: {error}") from None
    if not isinstance(read, dict):
        raise Refused(f"--from is {str(path)!r}; it must hold the school as a mapping: name, urn, kind, ...")
    found: dict[str, Any] = read.get("school", read)
    return found


def _asked() -> dict[str, Any]:
    out.print("Your school. Days as 2026-09-02; an empty answer ends a list.")
    fields: dict[str, Any] = {
        "name": typer.prompt("Name"),
        "urn": typer.prompt("URN (six digits)"),
        "kind": typer.prompt(f"Kind ({', '.join(SCHOOL_KINDS)})", default="maintained"),
        "local_authority": typer.prompt("Local authority"),
        "half_terms": [],
        "closed": [],
    }
    while first := typer.prompt("Half term, first day", default="", show_default=False):
        fields["half_terms"].append({"first": first, "last": typer.prompt("           last day")})
    while day := typer.prompt("Closed day inside a half term (INSET)", default="", show_default=False):
        fields["closed"].append(day)
    fields["sessions"] = {
        "am": [typer.prompt("Morning starts", default="08:45"), typer.prompt("Morning ends", default="12:15")],
        "pm": [typer.prompt("Afternoon starts", default="13:10"), typer.prompt("Afternoon ends", default="15:15")],
    }
    return fields


COMMANDS = {"init": init, "upgrade": upgrade, "settings": settings}
