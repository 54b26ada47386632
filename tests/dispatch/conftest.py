"""A world for each test, on its own database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.world import World

from gateway.db import Database


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A queue with nothing in it."""
    async with Database.open(f"sqlite:///{tmp_path / 'queue.db'}") as database:
        yield World(database)
