"""The console's end: the same site as in a gateway, over what the gateway answers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import count
from typing import Any, Final, TypeVar, cast

from sqlalchemy import Connection

from gateway.app.apart.channel import Answer, Birth, Channel, Heard, Pulse, Request, Serving
from gateway.app.apart.parent import TALLY, WRITE
from gateway.control import Operation
from gateway.db import Database, Reader
from gateway.db.engine import sqlite_path
from gateway.db.space import Room, Space
from gateway.domain.clock import SystemClock
from gateway.domain.errors import StorageError
from gateway.domain.modesty import be_modest
from gateway.meter import Tally
from gateway.settings import Settings
from gateway.web.house import House
from gateway.web.server import keep_serving
from gateway.web.site import make_site

T = TypeVar("T")

NICE: Final = 5
"""Less important than the lines; enough for a page to come at once on a box that is busy."""

SILENCE: Final = 10.0
"""Seconds without a pulse after which the gateway is taken to hang."""

SHARED_FOR: Final = 1.0
"""Seconds for which what the gateway says of itself holds, however many ask."""

_GONE: Final = "the gateway has stopped"

SHARED: Final = frozenset({"modems", "carriers", "broker"})
"""Operations that only tell, and tell everybody the same."""


class Gateway:
    """The gateway as this process has it: what it last said, and what it is asked.

    Args:
        channel: to it.
        birth: its first word.
    """

    def __init__(self, channel: Channel, birth: Birth) -> None:
        self._channel = channel
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._alive = True
        self._gone = False
        self._heard_at = asyncio.get_running_loop().time()
        self.settings: Settings = birth.settings

    @property
    def alive(self) -> bool:
        """Whether it lives, and keeps what is written."""
        return self._alive and asyncio.get_running_loop().time() - self._heard_at < SILENCE

    async def ask(self, what: str, fields: Mapping[str, Any]) -> Any:
        """Have it do something.

        Raises:
            ShopbellError: what it raised of that, or it is gone.
        """
        if self._gone:
            raise StorageError(_GONE)
        number = next(self._numbers)
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            self._channel.send(Request(number=number, what=what, fields=fields))
            return await future
        finally:
            del self._waiting[number]

    async def tally(self) -> Tally:
        """Return what it has counted and timed.

        Raises:
            ShopbellError: it is gone.
        """
        return cast("Tally", await self.ask(TALLY, {}))

    async def listen(self) -> None:
        """Hear it until it hangs up."""
        try:
            while True:
                self._hear(await self._channel.receive())
        except EOFError:
            self._gone = True
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(StorageError(_GONE))

    def _hear(self, message: object) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        if isinstance(message, Pulse):
            self._channel.send(Heard())
            self._alive = message.alive
            self.settings = message.settings or self.settings
        elif isinstance(message, Answer):
            self._settle(message)

    def _settle(self, answer: Answer) -> None:
        future = self._waiting.get(answer.number)
        if future is None or future.done():  # who asked has gone
            return
        if answer.error is None:
            future.set_result(answer.value)
        else:
            future.set_exception(answer.error)


class DistantDatabase:
    """Stands for `Database`: read here, written by the gateway.

    A change goes to the gateway as a pickle: it has to be a function of a module, or a
    `functools.partial` of one.
    """

    def __init__(self, reader: Reader, gateway: Gateway, birth: Birth) -> None:
        self._reader = reader
        self._gateway = gateway
        self.exclusive = birth.exclusive
        path = sqlite_path(birth.settings.database.address)
        self._space = None if path is None else Space(path)
        self.read = reader.read

    @property
    def alive(self) -> bool:
        """Whether the gateway keeps what is written."""
        return self._gateway.alive

    async def write(self, change: Callable[[Connection], T]) -> T:
        """Have a change committed; as `Database.write`."""
        return cast("T", await self._gateway.ask(WRITE, {"change": change}))

    def room(self) -> Room | None:
        """As `Database.room`."""
        return None if self._space is None else self._space.room()

    def require_space(self) -> None:
        """As `Database.require_space`."""
        if self._space is not None:
            self._space.require()


class DistantOperations(Mapping[str, Operation]):
    """Whatever the gateway is asked; what only tells is asked once a second for all who ask.

    Which operations there are the gateway knows, and refuses the others.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._shared: dict[str, tuple[float, asyncio.Task[Any]]] = {}

    def __getitem__(self, op: str) -> Operation:
        return partial(self._ask, op)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    async def _ask(self, op: str, fields: Mapping[str, Any]) -> object:
        if op not in SHARED or fields:
            return await self._gateway.ask(op, fields)
        now = asyncio.get_running_loop().time()
        at, asking = self._shared.get(op, (float("-inf"), None))
        if asking is None or now - at >= SHARED_FOR:
            asking = asyncio.create_task(self._gateway.ask(op, {}), name=f"ask-{op}")
            self._shared[op] = now, asking
        return await asyncio.shield(asking)


async def serve(descriptor: int) -> None:
    """Answer until the gateway hangs up.

    Args:
        descriptor: of the socket to it.
    """
    be_modest(NICE)
    channel = await Channel.over(socket.socket(fileno=descriptor))
    birth = await channel.receive()
    gateway = Gateway(channel, birth)
    async with Reader.open(birth.settings.database.address) as reader:
        house = House(
            settings=lambda: gateway.settings,
            database=cast("Database", DistantDatabase(reader, gateway, birth)),
            clock=SystemClock(),
            operations=DistantOperations(gateway),
            started_at=birth.started_at,
            version=birth.version,
            tally=gateway.tally,
            pid=birth.pid,
        )
        await _answer(house, gateway, channel)


async def _answer(house: House, gateway: Gateway, channel: Channel) -> None:
    console = house.settings().console
    assert console is not None  # noqa: S101 -- the gateway begins none without it
    site = make_site(house)
    opened = asyncio.Event()
    serving = asyncio.create_task(
        keep_serving(console.listen, site, console.trusted_proxies, opened.set), name="http"
    )
    telling = asyncio.create_task(_tell(opened, channel), name="serving")
    try:
        await gateway.listen()
    finally:
        await site.state.live.close()  # what looks on for hours would be waited for
        telling.cancel()
        serving.cancel()
        await asyncio.wait({serving, telling})


async def _tell(opened: asyncio.Event, channel: Channel) -> None:
    await opened.wait()
    channel.send(Serving())
