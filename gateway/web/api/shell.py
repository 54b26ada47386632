"""What is around every answer of the API: headers that its routes set, and what nobody foresaw.

An ASGI wrapper, because a framework's own answers, and its failures, pass through it too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect

from gateway.web.errors import stumbled
from gateway.web.guard.gate import TooLargeError

HEADERS: Final = "shopbell.headers"
"""Where a request's scope holds headers of its answer."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Shell:
    """Wraps the API.

    Args:
        app: what it is around.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope[HEADERS] = {}
        answering = _Answering(scope, send)
        try:
            await self._app(scope, receive, answering.send)
        except (TooLargeError, ClientDisconnect):
            raise  # the gate's to answer, and nobody's
        except Exception:
            await _failed(scope, receive, answering)


class _Answering:
    """Sends an answer with what all answers have."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self.begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            MutableHeaders(scope=message).update(self._scope[HEADERS])
        await self._send(message)


async def _failed(scope: Scope, receive: Receive, answering: _Answering) -> None:
    """Say that it is our fault, and nothing of how."""
    problem = stumbled("api_request_failed", method=scope["method"])
    if not answering.begun:
        await problem.response()(scope, receive, answering.send)
