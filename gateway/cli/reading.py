"""Reading the database beside a gateway that may be running."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection

from gateway.db import Reader
from gateway.db.counts import Count, read_counts, recount
from gateway.db.listing import Listed, list_jobs
from gateway.db.received import ReceivedMessage, list_received


async def read_jobs(url: str, **wanted: Any) -> list[Listed]:
    """Return jobs as `gateway.db.listing.list_jobs` does.

    Raises:
        StorageError: there is no database yet, or it cannot be read.
    """
    async with Reader.open(url) as reader:
        return await reader.read(lambda connection: list_jobs(connection, **wanted))


async def pages_of_jobs(
    url: str, wanted: Mapping[str, Any], before: int | None, page: int
) -> AsyncIterator[list[Listed]]:
    """Yield all jobs that fit, the newest first, some at a time; none is one empty page.

    Each page is a read of its own, so that a reader who takes an hour keeps nobody's log long.

    Raises:
        StorageError: there is no database yet, or it cannot be read.
    """
    async with Reader.open(url) as reader:
        while True:
            ask = partial(list_jobs, **wanted, before=before, limit=page)
            listed = await reader.read(ask)
            yield listed
            if len(listed) < page:
                return
            before = listed[-1].key


async def read_job_counts(url: str, *, verify: bool) -> tuple[list[Count], list[Count] | None]:
    """Return how many jobs there are as it was kept up, and, to verify it, as they are counted.

    Raises:
        StorageError: there is no database yet, or it cannot be read.
    """

    def both(connection: Connection) -> tuple[list[Count], list[Count] | None]:
        # One read sees one state of the database, so that the two can be compared.
        return read_counts(connection), recount(connection) if verify else None

    async with Reader.open(url) as reader:
        return await reader.read(both)


async def read_received(url: str, **wanted: Any) -> list[ReceivedMessage]:
    """Return what came in as `gateway.db.received.list_received` does.

    Raises:
        StorageError: there is no database yet, or it cannot be read.
    """
    async with Reader.open(url) as reader:
        return await reader.read(lambda connection: list_received(connection, **wanted))
