"""A line that other nodes may have: it is at work here while it is ours, and not a part longer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from support.serving import served, told
from support.world import World

from gateway.db.nodes import node_of
from gateway.db.tables import ATTEMPTS
from gateway.dispatch import Dispatcher, Fleet
from gateway.dispatch.nodes import Alone, Claim
from gateway.domain.ids import LineId
from gateway.domain.states import PartState, Stage
from gateway.modem import FakeModem

LINE = LineId("8944000000000000001")


class Shared(Alone):
    """Claims that the test grants and takes away."""

    def __init__(self) -> None:
        self.claim = Claim("the line")

    def line(self, line: LineId) -> Claim:
        return self.claim


@pytest.fixture
async def shared() -> Shared:
    return Shared()


@pytest.fixture
async def world(world: World, shared: Shared) -> World:
    world.context = replace(world.context, claims=shared)
    world.dispatcher = Dispatcher(world.context, Fleet(plans={}))
    return world


def modem() -> FakeModem:
    return FakeModem("m0", line=LINE)


async def test_a_line_that_another_has_sends_nothing_until_it_is_ours(
    world: World, shared: Shared
) -> None:
    await world.accept()
    async with served(world, modem()) as line:
        await asyncio.sleep(0.1)
        assert not line.written
        assert await world.database.read(lambda c: node_of(c, LINE)) is None
        shared.claim.hold()
        await told(world, "sent")
        assert await world.database.read(lambda c: node_of(c, LINE)) == "box-1"


async def test_a_line_that_is_lost_halts_and_goes_on_when_it_is_ours_again(
    world: World, shared: Shared
) -> None:
    async with served(world, modem()) as line:
        shared.claim.hold()
        await world.accept("first")
        await told(world, "sent", "first")
        shared.claim.lose()
        await world.accept("second")
        await asyncio.sleep(0.1)
        assert len(line.written) == 1
        assert (await world.job("second")).stage is Stage.READY
        shared.claim.hold()
        await told(world, "sent", "second")


@pytest.mark.parametrize("committed", [False, True])
async def test_a_line_that_is_lost_at_the_last_moment_hands_nothing_over(
    world: World, shared: Shared, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    """While the intent is written, or while it is not known yet that it was."""
    await world.accept()
    write = world.database.write

    async def lose_meanwhile(change: Any) -> Any:
        intent = "intend" in change.__qualname__
        if intent and not committed:
            shared.claim.lose()
        result = await write(change)
        if intent:
            shared.claim.lose()
        return result

    monkeypatch.setattr(world.database, "write", lose_meanwhile)
    async with served(world, modem()) as line:
        shared.claim.hold()
        async with asyncio.timeout(5):
            while not shared.claim.lost.is_set():  # noqa: ASYNC110 -- the test's own
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        assert not line.written
        assert [part.state for part in await world.parts()] == [PartState.WAITING]
        assert (await world.job()).stage is Stage.READY
        made = await world.database.read(lambda c: c.execute(select(ATTEMPTS.c.outcome)).all())
        assert [row.outcome for row in made] == (["not_sent"] if committed else [])
        monkeypatch.setattr(world.database, "write", write)
        shared.claim.hold()
        await told(world, "sent")
        assert len(line.written) == 1
