"""A provider with the API that Twilio made common, in a thread, and without any code of ours.

It does what its script says with the next submits, and is the ground truth of what was taken.
"""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "a-token-of-the-tests"
SENDER = "+33700000000"
PAGE = 2
"""Messages in a page, however many are asked for: a test of paging needs few."""

Fields = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Trick:
    """What is done with one request."""

    status: int = 201
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """Instead of the resource."""
    code: int | None = None
    """The error's, in JSON as the API has it."""
    takes: bool = False
    """Whether the message is taken, whatever is answered."""
    hang: bool = False
    """Answer nothing until the provider is closed."""
    cut: bool = False
    """Close the connection without an answer."""
    hasty: bool = False
    """Answer when the headers are read, whatever follows them."""
    drip: float = 0.0
    """Seconds between two octets of the body."""


class Provider:
    """A server that is up inside of the `with`."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.messages: list[Fields] = []
        self.requests: list[tuple[str, str, Fields]] = []
        """Method, path with its query, and the form."""
        self.script: deque[Trick] = deque()
        """Of submits."""
        self.answers: deque[Trick] = deque()
        """Of questions."""
        self.token = TOKEN
        self.over = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "http" if certificate is None else "https"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}/2010-04-01"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def submits(self) -> list[Fields]:
        """The forms that were posted, taken or not."""
        return [form for method, _, form in self.requests if method == "POST"]

    @property
    def texts(self) -> list[str]:
        """What was taken to be sent."""
        return [one["body"] for one in self.messages if one["direction"] == "outbound-api"]

    def receive(self, sender: str, text: str) -> Fields:
        """Have a person write to our number."""
        return self._keep(sender, SENDER, text, "inbound", "received")

    def settle(self, status: str, *, code: int | None = None, place: int = -1) -> None:
        """Have a message that was sent come as far as ``status``."""
        sent = [one for one in self.messages if one["direction"] == "outbound-api"]
        sent[place] |= {"status": status, "error_code": code}

    def _keep(self, sender: str, to: str, text: str, direction: str, status: str) -> Fields:
        now = format_datetime(datetime.now(UTC))
        with self._lock:
            message = {
                "sid": f"SM{len(self.messages):032x}",
                "from": sender,
                "to": to,
                "body": text,
                "direction": direction,
                "status": status,
                "num_segments": "1",
                "error_code": None,
                "error_message": None,
                "date_created": now,
                "date_sent": now,
                "messaging_service_sid": None,
            }
            self.messages.append(message)
        return message

    def take(self, form: Fields) -> Fields:
        """Take a message to be sent."""
        sender = form.get("From") or form["MessagingServiceSid"]
        return self._keep(sender, form["To"], form["Body"], "outbound-api", "queued")

    def page(self, path: str) -> Fields:
        """Return a page of a list."""
        split = urlsplit(path)
        query = {key: values[0] for key, values in parse_qs(split.query).items()}
        found = [one for one in reversed(self.messages) if _is_asked_for(one, query)]
        begin = PAGE * int(query.get("Page", "0"))
        more = begin + PAGE < len(found)
        following = f"{split.path}?{split.query}&Page={begin // PAGE + 1}"
        return {
            "messages": found[begin : begin + PAGE],
            "next_page_uri": following.replace(f"&Page={begin // PAGE}&", "&") if more else None,
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                if provider.script and provider.script[0].hasty:
                    self.close_connection = True
                    self._answer(provider.script.popleft(), None)
                    return
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length).decode()
                if len(body) < length:  # who sent it is gone, and half a form is none
                    self.close_connection = True
                    return
                form = {key: values[0] for key, values in parse_qs(body).items()}
                provider.requests.append(("POST", self.path, form))
                trick = provider.script.popleft() if provider.script else Trick(takes=True)
                taken = provider.take(form) if trick.takes and self._known() else None
                self._answer(trick, taken)

            def do_GET(self) -> None:
                provider.requests.append(("GET", self.path, {}))
                trick = provider.answers.popleft() if provider.answers else Trick(status=200)
                self._answer(trick, self._found() if trick.status == 200 else None)

            def _found(self) -> Fields | None:
                name = urlsplit(self.path).path.rpartition("/")[2].removesuffix(".json")
                if name == "Messages":
                    return provider.page(self.path)
                return next((one for one in provider.messages if one["sid"] == name), None)

            def _known(self) -> bool:
                given = base64.b64encode(f"{ACCOUNT}:{provider.token}".encode()).decode()
                return self.headers["Authorization"] == f"Basic {given}"

            def _answer(self, trick: Trick, found: Fields | None) -> None:
                if trick.hang:
                    provider.over.wait()
                if trick.hang or trick.cut:
                    self.close_connection = True
                    return
                if not self._known():
                    trick, found = Trick(status=401, code=20003), None
                elif found is None and trick.status == 200 and trick.body is None:
                    trick = Trick(status=404, code=20404)
                self._write(trick, found)

            def _write(self, trick: Trick, found: Fields | None) -> None:
                error = {"code": trick.code, "message": "said of +447700900123"}
                body = trick.body
                if body is None:
                    body = json.dumps(found if found and trick.code is None else error).encode()
                self.send_response(trick.status)
                for key, value in trick.headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                for octet in body if trick.drip else ():
                    if provider.over.wait(trick.drip):
                        return
                    self.wfile.write(bytes([octet]))
                self.wfile.write(b"" if trick.drip else body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _is_asked_for(message: Fields, query: Mapping[str, str]) -> bool:
    if any(query.get(key, message[key.lower()]) != message[key.lower()] for key in ("From", "To")):
        return False
    since = datetime.strptime(query["DateSent>"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    created = datetime.strptime(message["date_created"], "%a, %d %b %Y %H:%M:%S %z")
    return created >= since
