"""A world in which what goes to France goes by a carrier, which is asked without pauses."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from support.carrying import by_carrier, new_carrier
from support.world import World

from gateway.carrier import FakeCarrier
from gateway.db import Database

PAUSE = 0.01


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("worker.LOOK_EVERY", "worker.RECEIVE_EVERY", "contact.LONGEST_PAUSE"):
        monkeypatch.setattr(f"gateway.dispatch.carrying.{name}", PAUSE)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with Database.open(database_url) as database:
        yield World(database, rules=(by_carrier,))


@pytest.fixture
def carrier(world: World) -> FakeCarrier:
    return new_carrier(world)
