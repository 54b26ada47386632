"""Reading the database beside a gateway that may be running."""

from __future__ import annotations

from typing import Any

from gateway.db import Reader
from gateway.db.listing import Listed, list_jobs
from gateway.db.received import ReceivedMessage, list_received


async def read_jobs(url: str, **wanted: Any) -> list[Listed]:
    """Return jobs as `gateway.db.listing.list_jobs` does.

    Raises:
        StorageError: there is no database yet, or it cannot be read.
    """
    async with Reader.open(url) as reader:
        return await reader.read(lambda connection: list_jobs(connection, **wanted))


async def read_received(url: str, **wanted: Any) -> list[ReceivedMessage]:
    """Return what came in as `gateway.db.received.list_received` does.

    Raises:
        StorageError: there is no database yet, or it cannot be read.
    """
    async with Reader.open(url) as reader:
        return await reader.read(lambda connection: list_received(connection, **wanted))
