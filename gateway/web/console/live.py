"""What is sent to pages while somebody looks at them: ``/live/{topic}``, server-sent events.

One ticker for each topic reads what it is about, however many look; what has changed goes to all of
them. A beat goes with it as long as it can be read, by which a page knows how old it is. What
somebody is too slow to take is not kept for them: they get the newest.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from gateway.access import Visitor
from gateway.domain.errors import RejectedError, ShopbellError
from gateway.web.console.topic import Sight, Snapshot, Source, Topic
from gateway.web.guard import visitor, who_asks
from gateway.web.house import House

log = structlog.get_logger(__name__)

BAR: Final = "bar"
"""The topic that goes with each other one: what the bar of each page shows."""

MOST_VIEWERS: Final = 200
"""Streams at once; the next is told to come again."""

MOST_SOURCES: Final = 256
"""Subjects that are remembered; those that nobody watches go first."""

BEAT: Final = 4.0
"""Seconds between two beats."""

ASK_AGAIN: Final = 30.0
"""Seconds after which who looks is asked for again: what ended meanwhile lets nobody look on."""

RETRY: Final = 2000
"""Milliseconds until a browser comes back."""

_MOST_SUBJECT: Final = 200


class Live:
    """The topics of a site, and who watches them.

    Args:
        house: the gateway.
        topics: what can be followed; one of them is the bar's.
    """

    def __init__(self, house: House, topics: Iterable[Topic]) -> None:
        self._house = house
        self._topics = {topic.name: topic for topic in topics}
        self._sources: dict[tuple[str, str], Source] = {}
        self._streams: set[asyncio.Event] = set()
        self._closed = False

    def topic(self, name: str) -> Topic | None:
        """Return a topic, or None where there is none of that name."""
        return self._topics.get(name)

    async def latest(self, name: str, subject: str = "") -> Snapshot:
        """Return what a page about a topic shows at first.

        Raises:
            RejectedError: there is no such subject.
            ShopbellError: it cannot be read.
        """
        return await self._source(self._topics[name], subject).latest()

    def forget(self) -> None:
        """Have everything read anew: somebody has just changed something, and wants to see it."""
        for source in self._sources.values():
            source.forget()

    async def watch(
        self, topic: Topic, subject: str, sight: Sight, still: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[ServerSentEvent]:
        """Yield what a page is to show, whenever it has changed.

        Args:
            topic: which.
            subject: of it.
            sight: what may be seen.
            still: says whether it may still be.
        """
        names = dict.fromkeys((topic.name, BAR))
        sources = [self._source(self._topics[name], subject * (name != BAR)) for name in names]
        yield ServerSentEvent(comment="here", retry=RETRY)
        with self._watching(sources) as news:
            async for event in self._follow(sources, sight, news, still):
                yield event

    async def _follow(
        self,
        sources: list[Source],
        sight: Sight,
        news: asyncio.Event,
        still: Callable[[], Awaitable[bool]],
    ) -> AsyncIterator[ServerSentEvent]:
        sent: dict[str, str] = {}
        clock = asyncio.get_running_loop().time
        beat_at, asked_at = 0.0, clock()
        while not self._closed:
            await news.wait()
            news.clear()
            if clock() - asked_at >= ASK_AGAIN:
                asked_at = clock()
                if not await still():
                    return
            for part, text in _changed(sources, sight, sent):
                sent[part] = text
                yield ServerSentEvent(event=part, raw_data=text)
            if clock() - beat_at >= BEAT and all(one.fresh for one in sources):
                beat_at = clock()
                yield ServerSentEvent(event="beat", raw_data=self._house.clock.now().isoformat())

    @property
    def is_full(self) -> bool:
        """Whether no more can watch."""
        return len(self._streams) >= MOST_VIEWERS

    async def close(self) -> None:
        """End all streams and all tickers."""
        self._closed = True
        for news in self._streams:
            news.set()
        tickers = [one.ticker for one in self._sources.values() if one.ticker is not None]
        for ticker in tickers:
            ticker.cancel()
        await asyncio.gather(*tickers, return_exceptions=True)

    @contextmanager
    def _watching(self, sources: list[Source]) -> Iterator[asyncio.Event]:
        """Have sources read for as long as this lasts; yield what is set when they were."""
        news = asyncio.Event()
        news.set()
        self._streams.add(news)
        for source in sources:
            source.watchers.add(news)
            if source.ticker is None and not self._closed:
                name = f"live-{source.topic.name}"
                source.ticker = asyncio.create_task(self._tick(source), name=name)
        try:
            yield news
        finally:
            self._streams.discard(news)
            for source in sources:
                source.watchers.discard(news)

    async def _tick(self, source: Source) -> None:
        """Read a source for as long as somebody watches it, and wake them."""
        try:
            while source.watchers:
                await self._read(source)
                for news in source.watchers:
                    news.set()
                await asyncio.sleep(source.topic.every)
        finally:
            source.ticker = source.fresh = None

    async def _read(self, source: Source) -> None:
        try:
            await source.latest()
        except RejectedError:
            source.fresh = False  # what it is about is gone; the page says how old it is
        except ShopbellError as error:
            if source.fresh is not False:
                log.warning("live_not_read", topic=source.topic.name, reason=str(error))
            source.fresh = False
        except Exception:
            if source.fresh is not False:
                log.exception("live_failed", topic=source.topic.name)
            source.fresh = False
        else:
            source.fresh = True

    def _source(self, topic: Topic, subject: str) -> Source:
        key = topic.name, subject
        if key not in self._sources:
            self._make_room()
            self._sources[key] = Source(self._house, topic, subject)
        return self._sources[key]

    def _make_room(self) -> None:
        if len(self._sources) < MOST_SOURCES:
            return
        idle = [key for key, one in self._sources.items() if one.ticker is None]
        for key in idle[: max(1, len(idle) // 2)]:
            del self._sources[key]


def _changed(
    sources: Iterable[Source], sight: Sight, sent: dict[str, str]
) -> Iterator[tuple[str, str]]:
    for source in sources:
        for part, text in source.drawn(sight).items():
            if sent.get(part) != text:
                yield part, text


router = APIRouter()

Asked = tuple[Live, Topic, str, Visitor]
"""What is followed, about what, and by whom."""


async def _stream_of(
    request: Request, topic: str, who: Annotated[Visitor, visitor(None)], of: str = ""
) -> Asked:
    """Return what is asked for, before the answer begins.

    Raises:
        HTTPException: there is no such topic, it is not theirs, or too many look.
    """
    live: Live = request.app.state.live
    found = live.topic(topic)
    if found is None or len(of) > _MOST_SUBJECT:
        raise HTTPException(404, "there is nothing to follow here")
    if not who.may(found.right):
        raise HTTPException(403, f"this needs the right {found.right.value!r}")
    if live.is_full:
        raise HTTPException(503, "too many look; come again", headers={"Retry-After": "10"})
    return live, found, of, who


@router.get("/live/{topic}", response_class=EventSourceResponse, include_in_schema=False)
async def follow(
    request: Request, asked: Annotated[Asked, Depends(_stream_of)]
) -> AsyncIterator[ServerSentEvent]:
    """Answer with what changes, until whoever looks goes."""
    live, topic, subject, who = asked

    async def still() -> bool:
        now = await who_asks(request)
        return now is not None and now.rights == who.rights

    async for event in live.watch(topic, subject, Sight.of(who), still):
        yield event
