"""Who asks, as the pages see it: a header says so only where it comes from a proxy that is named."""

import os

import httpx
import pytest

from deployments.pages import Pages
from offsite.cli.serving import pages_of, wanted_of

SAYS_WHO_ASKS = """
def create():
    async def app(scope, receive, send):
        if scope["type"] != "http":
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["client"][0].encode()})
    return app
"""
ASKS = "203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "header", "who"),
    [
        pytest.param([], ASKS, "127.0.0.1", id="none is named, not even this machine"),
        pytest.param(["192.0.2.7/32"], ASKS, "127.0.0.1", id="another is named"),
        pytest.param(["127.0.0.1/32"], ASKS, ASKS, id="it is named"),
        pytest.param(["127.0.0.1/32"], f"198.51.100.1, {ASKS}", ASKS, id="it is named, and was told a lie itself"),
    ],
)
def test_who_asks_is_told_by_a_proxy_that_is_named_alone(tmp_path, proxies, header, who):
    (tmp_path / "says_who_asks.py").write_text(SAYS_WHO_ASKS)
    pages = Pages(tmp_path, "127.0.0.1", 0, 1, "says_who_asks:create", proxies)
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    try:
        assert pages.start({**os.environ, "PYTHONPATH": path, "FORWARDED_ALLOW_IPS": "*"}), pages.child.log.read_text()
        assert httpx.get(pages.url, headers={"X-Forwarded-For": header}).text == who
    finally:
        pages.stop()


@pytest.mark.parametrize(
    ("written", "proxies"),
    [
        ("", []),
        ('[pages]\ntrusted_proxies = ["127.0.0.1", "10.1.2.0/24"]', ["127.0.0.1/32", "10.1.2.0/24"]),
        ('[pages]\ntrusted_proxies = ["::1"]', ["::1/128"]),
    ],
)
def test_the_proxies_of_the_settings_are_those_of_the_server(tmp_path, written, proxies):
    (tmp_path / "offsite.toml").write_text(written)
    assert pages_of(tmp_path, wanted_of(tmp_path)).child.command[7:] == proxies


def test_everybody_is_no_proxy(tmp_path):
    (tmp_path / "offsite.toml").write_text('[pages]\ntrusted_proxies = ["*"]')
    assert wanted_of(tmp_path) is None
