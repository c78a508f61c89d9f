"""A real browser for the tests of the pages, and the pages served to it for real: Debian's chromium, on loopback.

A plugin of pytest (tests/conftest.py names it): its fixtures stand beside those of tests/web/conftest.py.
"""

import os
import shutil
import socket
import threading
import time
from contextlib import contextmanager

import pyotp
import pytest
import uvicorn
from sqlalchemy import update

from models.account import Account
from offsite.casework.keeping import demonstration

PASSWORD = "invented-otter-lantern-quay"
EMAILS = {person["id"]: person["email"] for person in (*demonstration.PEOPLE, *demonstration.LATER_PEOPLE)}
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("chromium-browser")
"""Debian's chromium; built without windows, where that is installed: the same engine takes two thirds of the time."""


@contextmanager
def _serving(app):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", server_header=False, proxy_headers=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    server.force_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def serving():
    """Serves an application for real on loopback, and says where."""
    return _serving


@pytest.fixture(scope="module")
def served(pages):
    """The address of the pages, served for real on loopback."""
    with _serving(pages.app) as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    """The browser. Without one the tests that need it say so; where CI runs they fail."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed: .ci/run must install it")
        pytest.skip("NOT RUN: no chromium on this machine (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium, served, pages):
    """Opens a tab for somebody who signed in through the form; `script` False: a browser that runs none. Whom the demonstration
    does not know is named with their e-mail address."""
    contexts, wrong = [], []

    def opened(ref, email=None, *, script=True, width=1280):
        context = chromium.new_context(java_script_enabled=script, viewport={"width": width, "height": 900}, base_url=served)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        token = pages.invite(ref)
        page.goto(f"/invitation/{token}")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Save").click()
        page.get_by_label("E-mail address").fill(email or EMAILS[ref])
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        if "/account/codes" in page.url:
            secret = page.locator(".offsite-mono").inner_text()
            page.get_by_role("textbox", name="Code").fill(pyotp.TOTP(secret).at(pages.clock.at))
            page.get_by_role("button", name="Continue").click()
            page.wait_for_url(lambda url: "/account/codes" not in url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == [], "a script failed"


@pytest.fixture(autouse=True)
def nobody_has_codes(request):
    """Each test sets up one-time codes anew: a code works once, and the clock stands still."""
    if "tab" in request.fixturenames:
        with request.getfixturevalue("two_schools").database.writing() as session:
            session.execute(update(Account).values(code_secret=None, code_confirmed=False, code_last_step=None))
