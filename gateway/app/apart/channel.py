"""What goes between a gateway and the process of its console: pickles, each after its length."""

from __future__ import annotations

import asyncio
import pickle
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gateway.settings import Settings

_LENGTH: Final = struct.Struct("!I")

LAST_WORDS: Final = 1.0
"""Seconds for what was said and is not out yet when one hangs up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Birth:
    """The first word to the child: what it is to know of the gateway."""

    settings: Settings
    started_at: datetime
    version: str
    pid: int
    """Of the gateway."""
    exclusive: bool
    """Whether no other gateway can be at work on the database."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pulse:
    """Said every second to the child: that the gateway lives, and what may have changed."""

    alive: bool
    """Whether what is written is kept."""
    settings: Settings | None = None
    """None: as before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Serving:
    """Said once by the child: from now on it answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """Said by the child to each pulse: that it lives too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What the child asks for.

    Attributes:
        number: by which the answer is known.
        what: an operation's name, or one of the words of `gateway.app.apart.parent`.
        fields: what goes with it.
    """

    number: int
    what: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came of a request: a value or an error."""

    number: int
    value: Any = None
    error: Exception | None = None


class Channel:
    """One end of the pair."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def over(cls, end: socket.socket) -> Channel:
        """Return the channel over a socket, which is its own from then on."""
        return cls(*await asyncio.open_connection(sock=end))

    def send(self, message: object) -> None:
        """Say something; the other end hears it in this order.

        Raises:
            pickle.PicklingError: it cannot be said between processes.
        """
        said = pickle.dumps(message)
        self._writer.write(_LENGTH.pack(len(said)) + said)

    async def receive(self) -> Any:
        """Return what is said next.

        Raises:
            EOFError: the other end is gone.
        """
        try:
            [length] = _LENGTH.unpack(await self._reader.readexactly(_LENGTH.size))
            said = await self._reader.readexactly(length)
        except (asyncio.IncompleteReadError, OSError) as error:
            raise EOFError("the other end is gone") from error
        return pickle.loads(said)  # noqa: S301 -- over our own pair of sockets

    async def close(self) -> None:
        """Hang up; who does not listen is not told the rest."""
        self._writer.close()
        with suppress(OSError):
            try:
                async with asyncio.timeout(LAST_WORDS):
                    await self._writer.wait_closed()
            except TimeoutError:
                self._writer.transport.abort()
