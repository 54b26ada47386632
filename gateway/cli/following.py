"""Following one job through its states, from the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from gateway.db import Reader
from gateway.db.listing import Listed, list_jobs
from gateway.domain.errors import StorageError
from gateway.domain.states import JobState

LOOK_EVERY: Final = 0.25
"""Seconds between looks: short for a person who waits, and nothing for SQLite."""


async def follow(url: str, store: str, job: str) -> AsyncIterator[Listed]:
    """Yield a job at each of its states, from the present to the last.

    Raises:
        StorageError: the database cannot be read, or has no such job.
    """
    told: JobState | None = None
    async with Reader.open(url) as reader:
        while True:
            listed = await reader.read(lambda db: list_jobs(db, store=store, id=job, limit=1))
            if not listed:
                raise StorageError(f"the database has no job {job} of {store}")
            if listed[0].state is not told:
                told = listed[0].state
                yield listed[0]
            if listed[0].settled:
                return
            await asyncio.sleep(LOOK_EVERY)
