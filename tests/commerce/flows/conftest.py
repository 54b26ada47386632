"""Shops whose flows run."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from support.flows import Flowing, Shop, flows_of, make_flowing

from gateway.db import Database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database.open(database_url) as database:
        yield database


@pytest.fixture
def shop(database: Database) -> Shop:
    async def make(*names: str, **texts: str) -> Flowing:
        flowing = make_flowing(database, flows_of(*names, **texts))
        await flowing.knows()
        await flowing.world.allow()
        return flowing

    return make
