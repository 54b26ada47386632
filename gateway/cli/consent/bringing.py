"""Where rows go: to the gateway that runs, else into its database; or nowhere, for a look."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

from gateway.app import offline_consents
from gateway.consent.imports.deciding import Book, Decided
from gateway.consent.imports.row import Brought
from gateway.control import NoGatewayError, ask, socket_path
from gateway.control.consents import LOT, lots, read_histories, read_outcomes
from gateway.db import Reader
from gateway.db.keeping import require_keys
from gateway.db.key import OCTETS, load_keys
from gateway.domain.clock import SystemClock
from gateway.settings import Settings

Settle = Callable[[Sequence[Brought], Sequence[Sequence[Decided]]], None]
"""Is told what became of some rows."""

Bring = Callable[[Sequence[Brought], Settle], Awaitable[None]]

_PROBE: Final[list[Any]] = []
"""What is sent first, to learn whether a gateway runs."""


@asynccontextmanager
async def bringer(
    settings: Settings, *, apply: bool
) -> AsyncIterator[tuple[tuple[bytes, ...], Bring]]:
    """Give the keys of the ledger, and what brings rows into it or looks what would become of them.

    Raises:
        KeyFileError: the ledger was written under another key.
        StorageError: the database cannot be read or written.
    """
    if not apply:
        async with _looker(settings) as found:
            yield found
        return
    path = socket_path(settings.database.beside)
    try:
        await ask(path, "consents", rows=_PROBE)
    except NoGatewayError:
        async with offline_consents(settings) as desk:

            async def keep(rows: Sequence[Brought], settle: Settle) -> None:
                for first in range(0, len(rows), LOT):
                    some = rows[first : first + LOT]
                    settle(some, await desk.bring(some))

            yield load_keys(settings.database.key_path), keep
    else:

        async def send(rows: Sequence[Brought], settle: Settle) -> None:
            for some, written in lots(rows):
                answer = await ask(path, "consents", rows=written)
                settle(some, read_outcomes(some, answer["outcomes"]))

        yield load_keys(settings.database.key_path), send


@asynccontextmanager
async def _looker(settings: Settings) -> AsyncIterator[tuple[tuple[bytes, ...], Bring]]:
    """Give what tells what would become of rows, and writes nothing, be it a key."""
    book = Book(SystemClock().now())
    if not settings.database.may_exist:

        async def look_alone(rows: Sequence[Brought], settle: Settle) -> None:
            book.read(book.unread(rows), {})
            settle(rows, [book.decide(row) for row in rows])

        yield (secrets.token_bytes(OCTETS),), look_alone
        return
    async with Reader.open(settings.database.address) as reader:
        keys = await reader.read(lambda c: require_keys(c, settings.database.key_path))

        async def look(rows: Sequence[Brought], settle: Settle) -> None:
            for first in range(0, len(rows), LOT):
                some = rows[first : first + LOT]
                await reader.read(partial(read_histories, book=book, rows=some))
                settle(some, [book.decide(row) for row in some])

        yield keys or (secrets.token_bytes(OCTETS),), look
