"""Take the screenshots of the main pages, from the demonstration: `make screenshots`. Everybody on them is invented.

A pupil, a school and a day that exist nowhere: the demonstration is laid around one fixed morning, and each role signs in.
"""

import socket
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import uvicorn
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select

from models.account import Account, Membership
from models.people import Person
from offsite.accounts import directory, sessions
from offsite.casework.keeping import demonstration
from offsite.casework.keeping.installation import Installation
from offsite.casework.replay.scenario import moment
from offsite.casework.watch.sweep import sweep
from offsite.cli.setting_up import TOML
from offsite.web.app import create
from offsite.web.cookies import SESSION as COOKIE
from offsite.web.visit import Edge

FOLDER = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
MORNING = "2026-11-25 10:20"
PHONE, DESK = 360, 1280


class Shot(NamedTuple):
    """One picture: what it is called, whose page it is, where, and how wide the screen."""

    name: str
    person: str
    path: str
    width: int = DESK


SHOTS = (
    Shot("safeguarding", "dsl1", "/dsl"),
    Shot("clerk", "clerk1", "/clerk"),
    Shot("overview", "head1", "/head"),
    Shot("plans", "senco1", "/senco"),
    Shot("registers", "att1", "/attendance"),
    Shot("provider-on-a-phone", "prov1", "/provider", PHONE),
    Shot("authority", "la1", "/authority"),
    Shot("next-meeting", "gov1", "/governor"),
    Shot("placement", "dsl1", "/placements/H8JE-66"),
    Shot("why-an-alert", "dsl1", "/alerts/FIRST"),
    Shot("review-pack", "gov1", "/placements/H8JE-66/documents/now/review_pack"),
    Shot("serve-notice", "clerk1", "/do/serve_notice?placement=K7QD-31"),
)


def take_all() -> None:
    """Lay the demonstration, serve it on loopback, take every picture."""
    at = moment(MORNING)
    with tempfile.TemporaryDirectory() as folder:
        here = Installation.create(Path(folder) / "data", TOML.format(urn=demonstration.URN, demo="true"))
        demonstration.load(here, at)
        for clock in ("quarter_hour", "daily"):
            sweep(here.database, here.rules, clock, at)
        address = serve(here, at)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for shot in SHOTS:
                take(browser, here, address, shot, at)
            browser.close()
        here.database.close()


def serve(here: Installation, at: datetime) -> str:
    """Serve the pages in a thread of this process; returns their address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = create(Edge(here, lambda: at))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return f"http://127.0.0.1:{port}"


def take(browser: Browser, here: Installation, address: str, shot: Shot, at: datetime) -> None:
    """Sign somebody in and take one picture."""
    context = browser.new_context(viewport={"width": shot.width, "height": 900}, base_url=address)
    context.add_cookies([{"name": COOKIE, "value": signed_in(here, shot.person, at), "url": address}])
    page = context.new_page()
    page.goto("/alerts" if shot.path.endswith("FIRST") else shot.path)
    if shot.path.endswith("FIRST"):
        page.locator(".offsite-alert a").first.click()
    page.screenshot(path=FOLDER / f"{shot.name}.png", full_page=shot.width == PHONE)
    context.close()
    print(f"{shot.name}.png: {shot.path} as {shot.person}")


def signed_in(here: Installation, ref: str, at: datetime) -> str:
    """A session's token for one of the demonstration's people."""
    with here.database.writing() as session:
        person = session.scalars(select(Person).where(Person.ref == ref)).one()
        directory.invite(session, person, at)
        mine = select(Account).join(Membership, Membership.account_id == Account.id).where(Membership.person_id == person.id)
        account = session.scalars(mine).one()
        return sessions.begin(session, account, at, code_passed=True)


if __name__ == "__main__":
    take_all()
