"""The bridge's HTTP: one address for each shop system."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from gateway.bridge import segment, shopify, woocommerce
from gateway.bridge.desk import RETRY_AFTER_S, Desk
from gateway.bridge.doors import (
    MOST_OCTETS,
    RefusedCallError,
    Shop,
    is_ping,
    read_body,
    segment_hook,
    shop_of_key,
    shopify_hook,
    woocommerce_hook,
)
from gateway.bridge.hook import Hook, Json, Translate

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

READ_TIMEOUT_S: Final = 20.0
"""For a body; a shop system sends one within a second."""

MOST_MESSAGES: Final = 1000
"""In a batch; Segment's libraries send a hundred."""

CALLS: Final = ("track", "identify", "batch", "page", "screen", "group", "alias")

Answer = Callable[["Request"], Awaitable[Json]]


def make_app(desk: Desk, shops: Sequence[Shop], ready: Callable[[], bool]) -> Starlette:
    """Return the application.

    Args:
        desk: takes calls whose sender is proved.
        shops: the stores there are.
        ready: tells whether the broker is there.
    """
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    doors = _Doors(desk, {shop.name: shop for shop in shops})

    async def health(_: Request) -> Response:
        up = ready()
        return JSONResponse({"broker": up}, status_code=200 if up else 503)

    return Starlette(
        routes=[
            Route("/healthz", health),
            Route("/shopify/{store}", _answering(doors.shopify), methods=["POST"]),
            Route("/woocommerce/{store}", _answering(doors.woocommerce), methods=["POST"]),
            *(Route(f"/v1/{call}", _answering(doors.segment), methods=["POST"]) for call in CALLS),
        ]
    )


class _Doors:
    """Each address: proves the sender, and passes what was said to the desk."""

    def __init__(self, desk: Desk, shops: Mapping[str, Shop]) -> None:
        self._desk = desk
        self._shops = shops

    async def shopify(self, request: Request) -> Json:
        shop, body = self._shop(request), await _read(request)
        hook = shopify_hook(shop, request.headers, body, self._desk.clock.now())
        return {"events": await self._desk.take(hook, _translator(shopify.TOPICS, hook))}

    async def woocommerce(self, request: Request) -> Json:
        shop, body = self._shop(request), await _read(request)
        if shop.woocommerce is not None and is_ping(request.headers, body):
            return {"events": 0}
        hook = woocommerce_hook(shop, request.headers, body, self._desk.clock.now())
        return {"events": await self._desk.take(hook, _translator(woocommerce.TOPICS, hook))}

    async def segment(self, request: Request) -> Json:
        shop = shop_of_key([*self._shops.values()], request.headers.get("authorization"))
        body, call = read_body(await _read(request)), request.url.path.rpartition("/")[2]
        if call != "batch":
            hook = segment_hook(shop, call, body, self._desk.clock.now())
            return {"success": True, "events": await self._desk.take(hook, segment.translate)}
        return await self._batch(shop, body.get("batch"))

    async def _batch(self, shop: Shop, messages: object) -> Json:
        """Take each message by itself: one that is wrong takes no other along."""
        if not isinstance(messages, list) or len(messages) > MOST_MESSAGES:
            raise RefusedCallError(400, f"batch is required: at most {MOST_MESSAGES} messages")
        told, refused = 0, []
        for place, message in enumerate(messages):
            try:
                told += await self._message(shop, message)
            except RefusedCallError as error:
                if error.status == 503:
                    raise
                refused.append({"message": place, "reason": str(error)})
        if refused and len(refused) == len(messages):
            raise RefusedCallError(422, f"batch.0: {refused[0]['reason']}")
        return {"success": True, "events": told} | ({"refused": refused} if refused else {})

    async def _message(self, shop: Shop, message: object) -> int:
        if not isinstance(message, dict):
            raise RefusedCallError(400, "a message must be an object")
        hook = segment_hook(shop, "track", message, self._desk.clock.now())
        return await self._desk.take(hook, segment.translate)

    def _shop(self, request: Request) -> Shop:
        shop = self._shops.get(request.path_params["store"])
        if shop is None:
            raise RefusedCallError(404, "no store of this name takes such calls")
        return shop


def _translator(topics: Mapping[str, Translate], hook: Hook) -> Translate:
    found = topics.get(hook.topic)
    if found is None:
        known = ", ".join(sorted(topics))
        raise RefusedCallError(422, f"this topic is not translated; there are {known}")
    return found


def _answering(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that says in JSON what it did, or why not."""
    from starlette.responses import JSONResponse

    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await answer(request))
        except RefusedCallError as error:
            headers = {"Retry-After": str(RETRY_AFTER_S)} if error.status == 503 else {}
            return JSONResponse(
                {"success": False, "error": str(error)}, status_code=error.status, headers=headers
            )

    return endpoint


async def _read(request: Request) -> bytes:
    """Return a body, or refuse one that is too large before it is read whole.

    Raises:
        RefusedCallError: it is too large, too slow, or ends in the middle.
    """
    from starlette.requests import ClientDisconnect

    body = bytearray()
    try:
        async with asyncio.timeout(READ_TIMEOUT_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_OCTETS:
                    raise RefusedCallError(413, f"at most {MOST_OCTETS} bytes (1 MiB) are read")
    except TimeoutError:
        raise RefusedCallError(408, "the body did not come in time") from None
    except ClientDisconnect:
        raise RefusedCallError(400, "the body ended in the middle") from None
    return bytes(body)
