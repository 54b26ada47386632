"""Whether the gateway lives, and whether it takes jobs: for those who start it anew, and proxies.

Both are told to everybody, and tell nothing of anybody.
"""

from __future__ import annotations

import asyncio
from typing import Final

from sqlalchemy import Connection

from gateway.domain.errors import ShopbellError, StorageError, StorageFullError
from gateway.web.house import House

PATIENCE: Final = 2.0
"""Seconds for an empty commit; a server that is restarted takes longer, and then nothing is taken.
"""

KEPT_FOR: Final = 1.0
"""Seconds for which an answer holds, however many ask."""

OK: Final = "ok"


def why_dead(house: House) -> str | None:
    """Return why the process should be started anew; None: it lives, for the loop turns."""
    return None if house.database.alive else "the database writer has ended"


class Readiness:
    """Looks whether jobs are taken.

    Args:
        house: the gateway.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._turn = asyncio.Lock()
        self._at = float("-inf")
        self._found: dict[str, str] = {}

    async def look(self) -> dict[str, str]:
        """Return what it takes to take jobs, each with `OK` or why not."""
        loop = asyncio.get_running_loop()
        async with self._turn:
            if loop.time() - self._at >= KEPT_FOR:
                self._found = {"database": await self._database(), "broker": await self._broker()}
                self._at = loop.time()
            return self._found

    async def _database(self) -> str:
        database = self._house.database
        try:
            database.require_space()
            async with asyncio.timeout(PATIENCE):
                await database.write(_nothing)
        except StorageFullError:
            return "the disk is full"
        except TimeoutError:
            return "it does not answer"
        except StorageError:
            return "nothing can be written"
        return OK

    async def _broker(self) -> str:
        try:
            broker = await self._house.ask("broker")
        except ShopbellError:
            return "not known"
        return OK if broker["connected"] else "not connected"


def is_ready(found: dict[str, str]) -> bool:
    """Tell whether jobs are taken: without the broker they still are, by the API and by hand."""
    return found["database"] == OK


def _nothing(_connection: Connection) -> None:
    """Commit nothing, which takes a writer that works."""
