"""Stand-ins that speak the real protocols on loopback: GOV.UK Notify's and, for Apprise, a webhook's. Invented numbers only."""

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest

from offsite.messages.channels.apprise import Apprise
from offsite.messages.channels.notify import Notify

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
API_KEY = f"offsite-{SERVICE}-{SECRET}"
TEMPLATE = "740e5834-3a29-46b4-9a6f-16142fde533a"
PAGES = "https://offsite.invented.example"


class _Service(ThreadingHTTPServer):
    """What was sent to it; `answers` are given in turn before it takes anything; `deaf`: it takes and says nothing."""

    daemon_threads = True

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        self.taken, self.answers, self.refused = [], [], []
        self.asked, self.heard = threading.Event(), threading.Event()
        self.heard.set()

    @property
    def address(self):
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def answer(self, status, body):
        said = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def sent(self):
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))


class _Notify(_Handler):
    """POST /v2/notifications/sms, as the REST documentation of GOV.UK Notify has it."""

    def fails(self, status, error, message):
        self.answer(status, {"status_code": status, "errors": [{"error": error, "message": message}]})

    def do_POST(self):
        sent = self.sent()
        if self.path != "/v2/notifications/sms":
            return self.answer(404, {"result": "error", "message": "The requested URL was not found on the server"})
        if problem := self._token():
            return self.fails(403, "AuthError", problem)
        if self.server.answers:
            status, error, message = self.server.answers.pop(0)
            return self.fails(status, error, message.replace("{phone}", sent["phone_number"]))
        if not re.fullmatch(r"\+\d{10,15}", sent["phone_number"]):
            return self.fails(400, "ValidationError", f"phone_number {sent['phone_number']} Not enough digits")
        if sent["template_id"] != TEMPLATE:
            return self.fails(400, "BadRequestError", "Template not found")
        if set(sent["personalisation"]) != {"message"}:
            return self.fails(400, "BadRequestError", "Missing personalisation: message")
        self.server.taken.append(sent)
        self.answer(201, {
            "id": "bfb50d92-100d-4b8b-b559-14fa3b091cda", "reference": sent.get("reference"),
            "content": {"body": sent["personalisation"]["message"], "from_number": "GOVUK"},
            "uri": "https://api.notifications.service.gov.uk/v2/notifications/bfb50d92-100d-4b8b-b559-14fa3b091cda",
            "template": {"id": TEMPLATE, "version": 1, "uri": f"https://api.notifications.service.gov.uk/v2/template/{TEMPLATE}"},
        })  # fmt: skip

    def _token(self):
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer":
            return "Unauthorized: authentication token must be provided"
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"])
        except jwt.InvalidTokenError:
            return "Invalid token: API key not found"
        if claims["iss"] != SERVICE:
            return "Invalid token: service not found"
        return (
            None if abs(time.time() - claims["iat"]) <= 30 else "Error: Your system clock must be accurate to within 30 seconds"
        )


class _Webhook(_Handler):
    """What json:// of Apprise speaks to."""

    def do_POST(self):
        sent = self.sent()
        self.server.asked.set()
        assert self.server.heard.wait(30)
        if self.server.answers:
            return self.answer(self.server.answers.pop(0), {})
        self.server.taken.append((self.path, self.headers.get("X-Message-Id"), sent))
        self.answer(200, {})


def _served(handler):
    service = _Service(handler)
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield service
    service.heard.set()
    service.shutdown()
    thread.join()
    service.server_close()


@pytest.fixture
def notify_service():
    """GOV.UK Notify's stand-in: checks the token against the key and answers in its shapes."""
    yield from _served(_Notify)


@pytest.fixture
def webhook():
    """A service Apprise speaks to."""
    yield from _served(_Webhook)


@pytest.fixture
def texts(notify_service):
    """The channel to the stand-in of GOV.UK Notify."""
    return Notify(API_KEY, TEMPLATE, f"http://{notify_service.address}", None, PAGES)


@pytest.fixture
def calls(webhook):
    """A channel of Apprise to the webhook."""
    return Apprise(f"json://{webhook.address}/ring/{{phone}}?+X-Message-Id={{id}}", PAGES)
