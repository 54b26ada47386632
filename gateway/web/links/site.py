"""``/l/{token}`` and nothing else, as an ASGI application.

Where a link leads is in the database; of a request only the token counts, so that neither a header
nor a path can have anybody led elsewhere. There is no router and no framework's answer: what is not
a link of ours is nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol, TypeVar

import structlog
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gateway.commerce.links.visitor import Kind, Visit, Visitor, tell
from gateway.db.commerce.clicks import Shown, shown_product
from gateway.db.commerce.links import COUNT, OPT_OUT, LinkRecord, find_link
from gateway.domain.click import Opened
from gateway.domain.clock import Clock
from gateway.domain.errors import StorageError
from gateway.domain.ids import StoreName
from gateway.domain.links import PATH, is_token
from gateway.web.links.clients import Clients
from gateway.web.links.pages import card_page, language_of, leave_page, left_page, note_page

log = structlog.get_logger(__name__)

T = TypeVar("T")

PATIENCE: Final = 5.0
"""Seconds that a request waits for the database."""

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
}

_READS: Final = ("GET", "HEAD")


class Reads(Protocol):
    """A database; see `gateway.db.Database`."""

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query."""
        ...


class LinkSite:
    """Answers for short links.

    Args:
        database: where the links are.
        clock: what time it is.
        note: takes a click.
        leave: ends marketing for the person of a link.
        brands: by what name persons know each store now.
    """

    def __init__(
        self,
        database: Reads,
        clock: Clock,
        *,
        note: Callable[[Opened], None],
        leave: Callable[[LinkRecord], Awaitable[None]],
        brands: Mapping[StoreName, str],
    ) -> None:
        self._brands = brands
        self._database = database
        self._clock = clock
        self._note = note
        self._leave = leave
        self._clients = Clients()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        request = Request(scope)
        try:
            async with asyncio.timeout(PATIENCE):
                response = await self._answer(request)
        except (StorageError, TimeoutError):
            response = _note(request, "busy", 503, {"Retry-After": "5"})
        except Exception:
            log.exception("link_not_answered")
            response = _note(request, "busy", 500)
        response.headers.update(HEADERS)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        address, now = _address(request), asyncio.get_running_loop().time()
        if not self._clients.allow(address, now):
            return _note(request, "busy", 429, {"Retry-After": "30"})
        path: str = request.scope["path"]
        token = path.removeprefix(PATH)
        if not path.startswith(PATH) or not is_token(token):
            return _note(request, "nothing", 404)
        link = await self._database.read(lambda connection: find_link(connection, token))
        if link is None or link.kind == COUNT:
            self._clients.missed(address, now)
            return _note(request, "nothing", 404)
        if link.expires_at <= self._clock.now():
            return _note(request, "over", 410)
        if link.kind == OPT_OUT:
            return await self._leaving(request, link)
        agent = request.headers.get("user-agent", "")
        tokens = self._clients.opened(address, agent, token, now)
        return await self._lead(request, link, tokens)

    async def _lead(self, request: Request, link: LinkRecord, tokens: int) -> Response:
        if request.method not in _READS:
            return _note(request, "nothing", 405, {"Allow": ", ".join(_READS)})
        visitor = tell(Visit(headers=request.headers, tokens=tokens))
        if visitor.kind is Kind.PREVIEW:
            return await self._card(request, link)
        if request.method == "GET" and link.level != "none":
            self._note(self._opened(link, visitor))
        return Response(status_code=302, headers={"Location": link.url})

    async def _card(self, request: Request, link: LinkRecord) -> Response:
        product = await self._database.read(lambda connection: _product(connection, link))
        page = card_page(_language(request), link.url, self._brand(link), product)
        return HTMLResponse(page)

    async def _leaving(self, request: Request, link: LinkRecord) -> Response:
        """Ask, and do it only when the answer is posted: to open a link must not do anything."""
        language, brand = _language(request), self._brand(link)
        if request.method == "POST":
            await self._leave(link)
            return HTMLResponse(left_page(language, brand))
        if request.method in _READS:
            return HTMLResponse(leave_page(language, brand))
        return _note(request, "nothing", 405, {"Allow": ", ".join((*_READS, "POST"))})

    def _opened(self, link: LinkRecord, visitor: Visitor) -> Opened:
        is_own = link.level == "individual"
        return Opened(
            token=link.counted or link.token,
            store=link.store,
            url=None if link.counted else link.url,
            at=self._clock.now(),
            campaign=link.campaign,
            product_id=None if link.counted else link.product_id,
            job=link.job if is_own else None,
            person=link.person if is_own else None,
            machine=visitor.reason,
        )

    def _brand(self, link: LinkRecord) -> str:
        return self._brands.get(link.store, link.store)


def _product(connection: Connection, link: LinkRecord) -> Shown | None:
    if link.product_id is None:
        return None
    return shown_product(connection, link.store, link.product_id)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _language(request: Request) -> str:
    return language_of(request.headers.get("accept-language", ""))


def _note(
    request: Request, which: str, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    return HTMLResponse(note_page(_language(request), which), status, headers)
