"""What every test of the queue leaves behind is held to."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from support.world import World

from gateway.db.counts import read_counts, recount


@pytest.fixture
async def world(world: World) -> AsyncIterator[World]:
    """A queue: whatever is done to its jobs, the counts that are kept up are those of a scan."""
    yield world
    kept = await world.database.read(read_counts)
    assert kept == await world.database.read(recount)
