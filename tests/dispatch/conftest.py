"""What every test of the queue leaves behind is held to."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from support.world import World

from gateway.db import Reader
from gateway.db.counts import read_counts, recount


@pytest.fixture
async def world(world: World, database_url: str) -> AsyncIterator[World]:
    """A queue: whatever is done to its jobs, the counts that are kept up are those of a scan."""
    yield world
    async with Reader.open(database_url) as reader:  # a test may have closed the world's own
        assert await reader.read(read_counts) == await reader.read(recount)
