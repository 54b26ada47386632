"""Stands before all routes: the name asked under, the site asked from, how much is sent, headers.

It is plain ASGI, so that an answer that lasts, such as a stream of events, passes as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from gateway.web.errors import ProblemError, stumbled
from gateway.web.guard.cookie import is_secure, read_cookie
from gateway.web.guard.headers import add_headers
from gateway.web.guard.hosts import is_known_host
from gateway.web.guard.refusals import for_program
from gateway.web.guard.same_site import is_ours, is_program
from gateway.web.house import House

MOST_BODY: Final = 1024 * 1024
"""Octets of a request; a batch of jobs has some hundred thousand."""

_PROBES: Final = frozenset({"/healthz", "/readyz"})
"""Asked under whatever name a machine has among machines; they tell nothing of anybody."""


Page = Callable[[Request, ProblemError], Response]
"""Shows a person what went wrong."""


class TooLargeError(Exception):
    """A request goes on for longer than any that makes sense."""


class Gate:
    """Lets in what may be let in, and gives every answer its headers.

    Args:
        app: what answers.
        house: the gateway.
        page: shows a person a fault of ours.
    """

    def __init__(self, app: ASGIApp, house: House, page: Page) -> None:
        self._app = app
        self._house = house
        self._page = page

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body, secure = _Body(receive), is_secure(self._house.settings())

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                body.answered = True
                add_headers(MutableHeaders(scope=message), secure=secure)
            await send(message)

        async def sending_unless_over(message: Any) -> None:
            if not body.over:  # what is made of half a request is no answer to it
                await sending(message)

        refusal = self._refusal(HTTPConnection(scope))
        if refusal is not None:
            await refusal(scope, receive, sending)
            return
        fault = await self._let_in(scope, body, sending_unless_over)
        if fault is not None and not body.answered:
            await fault(scope, receive, sending)

    async def _let_in(self, scope: Any, body: _Body, send: Any) -> Response | None:
        """Have a request answered; return what is to be said where nothing was."""
        fault: Response | None = None
        try:
            await self._app(scope, body.receive, send)
        except (TooLargeError, ClientDisconnect):
            pass
        except Exception:
            # Further out, where a framework would answer it, no answer gets its headers.
            fault = self._fault(Request(scope))
        return _too_large(scope["path"]) if body.over else fault

    def _fault(self, request: Request) -> Response:
        problem = stumbled("request_failed", method=request.method)
        if for_program(request.url.path):
            return problem.response()
        return self._page(request, problem)

    def _refusal(self, request: HTTPConnection) -> Response | None:
        """Return what is answered to what may not come in."""
        settings, headers = self._house.settings(), request.headers
        console, path = settings.console, request.scope["path"]
        named = is_known_host(headers.get("host", ""), console)
        if not named and path not in _PROBES and not is_program(headers):
            return _refuse(path, 421, "unknown_host", _UNKNOWN_HOST)
        own = None if console is None or console.url is None else str(console.url)
        has_cookie = read_cookie(request, settings) is not None
        method = request.scope["method"]
        if not is_ours(method, headers, has_cookie=has_cookie, own=own):
            return _refuse(path, 403, "other_site", _OTHER_SITE)
        if _length(headers) > MOST_BODY:
            return _too_large(path)
        if "\0" in path or b"%00" in request.scope["query_string"]:
            # A database on a server takes none, and the API says by itself what is wrong.
            return None if for_program(path) else _refuse(path, 400, "malformed", _NUL)
        return None


_UNKNOWN_HOST: Final = (
    "this console is not known under that name; write the address that browsers use into "
    '[console] url, such as "https://console.example", or ask by address'
)
_NUL: Final = "there is the character NUL in the address; no page has one"
_OTHER_SITE: Final = (
    "this was asked by a page of another site; open the console itself and do it there"
)


class _Body:
    """A request's body, as far as there is any sense in reading it."""

    def __init__(self, receive: Any) -> None:
        self.over = self.answered = False
        self._receive = receive
        self._octets = 0

    async def receive(self) -> Any:
        """Return the next message.

        Raises:
            TooLargeError: it goes on for too long.
        """
        message = await self._receive()
        self._octets += len(message.get("body", b""))
        if self._octets > MOST_BODY:
            self.over = True
            raise TooLargeError
        return message


def _length(headers: Headers) -> int:
    said = headers.get("content-length", "")
    return int(said) if said.isdecimal() and said.isascii() else 0


def _too_large(path: str) -> Response:
    return _refuse(path, 413, "too_large", f"send at most {MOST_BODY:,} octets")


def _refuse(path: str, status: int, code: str, detail: str) -> Response:
    if for_program(path):
        return ProblemError(status, code, detail).response()
    return PlainTextResponse(f"{detail}\n", status)
