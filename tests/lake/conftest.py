"""A gateway's database with a clock that stands still, and its export."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from support.world import START, World

from gateway.db import Database, Reader
from gateway.lake.export import Exported, export
from gateway.lake.person import Home
from gateway.lake.shop_tables import Prices

KEY = b"k" * 32
HOMES = {"acme": Home(country="GB", timezone="Europe/London")}

Export = Callable[..., Awaitable[Exported]]


@pytest.fixture
def url(database_url: str) -> str:
    return database_url


@pytest.fixture
async def world(url: str) -> AsyncIterator[World]:
    async with Database.open(url) as database:
        yield World(database)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lake"


@pytest.fixture
def bring(world: World, url: str, folder: Path) -> Export:
    """Exports what the world's database holds, beside it."""

    async def run(
        key: bytes = KEY, homes: dict[str, Home] = HOMES, prices: Prices | None = None
    ) -> Exported:
        async with Reader.open(url) as reader:
            return await export(reader, folder, key=key, homes=homes, now=START, prices=prices)

    return run
