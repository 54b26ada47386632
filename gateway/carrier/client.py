"""A carrier over HTTP, in the shape of the API that Twilio made common.

Only I/O: what is written and read is `gateway.carrier.resource`, what an answer means is
`gateway.carrier.verdict`. Nothing is followed, nothing is tried twice, and nothing is taken from
the environment.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import httpx

from gateway.carrier.carrier import Answer, Carried, Intent, Message, Received, Refused, Unknown
from gateway.carrier.codes import words_of
from gateway.carrier.resource import (
    Document,
    ResourceError,
    form_of,
    is_of,
    query_of,
    read_carried,
    read_document,
    read_page,
    read_received,
)
from gateway.carrier.settings import CarrierSettings
from gateway.carrier.verdict import judge, needs_person, rest_of
from gateway.domain.clock import Clock
from gateway.domain.errors import CarrierError
from gateway.domain.failures import FailureClass
from gateway.domain.ids import CarriedId, LineId, carrier_line

LONGEST_BODY: Final = 8 * 1024 * 1024
"""Octets of an answer that are read: a page of 1000 messages has some two million."""

MOST_PAGES: Final = 10
"""Pages of a list that are read at a time; what is older is asked for one by one."""

FORM: Final = "application/x-www-form-urlencoded"

CONNECTIONS: Final = 4
"""At a time: one that submits, and the questions beside it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reply:
    status: int
    document: Document | None
    retry_after: timedelta | None


class _OverlongError(Exception):
    """An answer that nobody of ours asked for."""


class HttpCarrier:
    """Implements `gateway.carrier.Carrier`."""

    def __init__(self, settings: CarrierSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._messages = f"{settings.url.rstrip('/')}/Accounts/{settings.account}/Messages"
        self._client = httpx.AsyncClient(
            auth=httpx.BasicAuth(settings.account, settings.token),
            verify=ssl.create_default_context(cafile=settings.ca_file),
            timeout=httpx.Timeout(settings.answer_timeout, connect=settings.connect_timeout),
            limits=httpx.Limits(max_connections=CONNECTIONS),
            headers={"User-Agent": "shopbell", "Accept-Encoding": "identity"},
            follow_redirects=False,
            trust_env=False,
        )

    @property
    def line(self) -> LineId:
        """The line that it is."""
        return carrier_line(self._settings.name)

    async def submit(self, message: Message, intent: Intent) -> Answer:
        """Hand one message over; see `gateway.carrier.Carrier.submit`."""
        written = False
        limit = asyncio.timeout(None)
        form = urlencode(form_of(message, self._settings.sender)).encode()

        async def body() -> AsyncIterator[bytes]:
            """Give the form once, and not before the intent: without it nothing can be sent."""
            nonlocal written
            await intent()
            written = True
            limit.reschedule(asyncio.get_running_loop().time() + self._settings.answer_timeout)
            yield form

        headers = {"Content-Type": FORM, "Content-Length": str(len(form))}
        request = self._request("POST", self._create, content=body(), headers=headers)
        try:
            async with limit:
                reply = await self._exchange(request)
        except (httpx.HTTPError, TimeoutError, _OverlongError) as error:
            return Unknown(reason=f"no answer: {_words(error)}") if written else _unsent(error)
        answer = judge(reply.status, reply.document, reply.retry_after)
        return answer if written or isinstance(answer, Refused) else _unasked(reply.status)

    async def sent_since(self, since: datetime) -> Sequence[Carried]:
        """Return what was sent, the newest first."""
        found = await self._list(since, inbound=False)
        return [carried for one in found if (carried := _carried(one)) is not None]

    async def received_since(self, since: datetime) -> Sequence[Received]:
        """Return what persons sent, the oldest first."""
        found = await self._list(since, inbound=True)
        received = [one for it in reversed(found) if (one := _received(it)) is not None]
        return sorted(received, key=lambda one: one.received_at)

    async def look(self, id: CarriedId) -> Carried | None:  # noqa: A002 -- the contract's word
        """Return one message."""
        reply = await self._ask(self._request("GET", f"{self._messages}/{id}.json"), gone=True)
        return None if reply is None else _carried(reply)

    async def close(self) -> None:
        """Give the connections up."""
        await self._client.aclose()

    @property
    def _create(self) -> str:
        return f"{self._messages}.json"

    def _request(self, method: str, url: str | httpx.URL, **content: Any) -> httpx.Request:
        return self._client.build_request(method, url, **content)

    async def _list(self, since: datetime, *, inbound: bool) -> list[Document]:
        sender = self._settings.sender
        query = query_of(sender, since, inbound=inbound)
        request = self._request("GET", self._create, params=query)
        found: list[Document] = []
        for _ in range(MOST_PAGES):
            page = await self._ask(request)
            assert page is not None  # noqa: S101 -- only what may be gone gives none
            try:
                messages, following = read_page(page)
            except ResourceError as error:
                raise CarrierError(f"the carrier answered with {error}") from None
            found += [one for one in messages if is_of(one, sender, inbound=inbound)]
            if following is None:
                break
            request = self._request("GET", self._following(request.url, following))
        return found

    def _following(self, page: httpx.URL, following: str) -> httpx.URL:
        """Return the address of the next page, on the same host: our token goes with it."""
        try:
            url = page.join(following)
        except (httpx.InvalidURL, ValueError):
            raise CarrierError("the carrier answered with an unusable next_page_uri") from None
        if (url.scheme, url.host, url.port) != (page.scheme, page.host, page.port):
            raise CarrierError("the next page is said to be on another host", needs_person=True)
        return url

    async def _ask(self, request: httpx.Request, *, gone: bool = False) -> Document | None:
        """Return what a question is answered with; None for what is gone, where that may be.

        Raises:
            CarrierError: it was not answered.
        """
        try:
            async with asyncio.timeout(self._settings.answer_timeout):
                reply = await self._exchange(request)
        except (httpx.HTTPError, TimeoutError, _OverlongError) as error:
            untrusted = _is_untrusted(error)
            raise CarrierError(f"no answer: {_words(error)}", needs_person=untrusted) from None
        if gone and reply.status == httpx.codes.NOT_FOUND:
            return None
        if reply.status != httpx.codes.OK:
            code = None if reply.document is None else reply.document.code
            raise CarrierError(
                f"the carrier answered {reply.status}" if code is None else words_of(code),
                needs_person=needs_person(reply.status),
                retry_after=reply.retry_after,
            )
        if reply.document is None:
            raise CarrierError("the carrier answered with no JSON object")
        return reply.document

    async def _exchange(self, request: httpx.Request) -> _Reply:
        response = await self._client.send(request, stream=True)
        try:
            body = await _read(response)
        finally:
            await response.aclose()
        return _Reply(
            status=response.status_code,
            document=read_document(body),
            retry_after=rest_of(response.headers.get("Retry-After"), self._clock.now()),
        )


async def _read(response: httpx.Response) -> bytes:
    """Return the body; what is longer than any of the API's is not read to its end."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise _OverlongError
    return bytes(body)


def _unasked(status: int) -> Refused:
    """Return the refusal of an answer that came before the message was written."""
    return Refused(
        failure=FailureClass.NETWORK,
        reason=f"the carrier answered {status} before it was given the message",
    )


def _unsent(error: Exception) -> Refused:
    """Return the refusal of a connection that did not come about: nothing was written."""
    untrusted = _is_untrusted(error)
    return Refused(
        failure=FailureClass.LINE if untrusted else FailureClass.NETWORK,
        reason=f"the carrier cannot be reached: {_words(error)}",
        needs_person=untrusted,
    )


_WORDS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (httpx.ConnectTimeout, "the connection took too long"),
    (httpx.PoolTimeout, "every connection is in use"),
    (httpx.TimeoutException, "it took too long"),
    (TimeoutError, "it took too long"),
    (httpx.ConnectError, "there is no connection"),
    (httpx.RemoteProtocolError, "what came is no HTTP, or was cut off"),
    (httpx.NetworkError, "the connection was lost"),
    (httpx.DecodingError, "what came cannot be unpacked"),
    (_OverlongError, "it is longer than any"),
)
"""Our own words: those of the libraries may hold an address with a number in it."""


def _words(error: Exception) -> str:
    if _is_untrusted(error):
        return "its certificate is not to be trusted"
    return next((words for kind, words in _WORDS if isinstance(error, kind)), "it failed")


def _is_untrusted(error: BaseException) -> bool:
    return any(isinstance(one, ssl.SSLCertVerificationError) for one in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _carried(document: Document) -> Carried | None:
    """Return a message of ours; one that cannot be read costs itself and nothing else."""
    try:
        return read_carried(document)
    except ResourceError:
        return None


def _received(document: Document) -> Received | None:
    try:
        return read_received(document)
    except ResourceError:
        return None
