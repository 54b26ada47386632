"""Lines at the desk: who waits, who is woken, and what becomes of what nobody takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from support.claims import offer
from support.serving import until
from support.world import START, World

from gateway.dispatch.desk import Desk, Offer, Seat, Work
from gateway.domain.errors import StorageError
from gateway.domain.line_state import Left
from gateway.domain.states import Stage


class Line:
    """A line that asks when a test wants it to."""

    def __init__(self, name: str = "line", left: Left | None = None) -> None:
        self.name, self.left = name, left
        self.asked = 0

    def offer(self) -> Offer:
        self.asked += 1
        return offer(self.name) if self.left is None else offer(self.name, left=self.left)


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world.context)


@asynccontextmanager
async def seated(desk: Desk, line: Line) -> AsyncIterator[tuple[Seat, asyncio.Event]]:
    halted = asyncio.Event()
    async with desk.seat(line, halted) as seat:
        yield seat, halted


async def next_of(seat: Seat) -> Work:
    async with asyncio.timeout(5):
        work = await seat.next()
    assert work is not None
    return work


async def test_a_line_that_waits_gets_what_comes(world: World, desk: Desk) -> None:
    async with seated(desk, Line()) as (seat, _):
        waits = asyncio.create_task(next_of(seat))
        await asyncio.sleep(0.05)
        assert not waits.done()
        await world.accept("job")
        assert (await waits).job.id == "job"


async def test_lines_that_ask_together_share_a_transaction(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        await world.accept(f"job-{number}")
    rounds = 0
    write = world.database.write

    async def counting(change: object) -> object:
        nonlocal rounds
        rounds += 1
        return await write(change)  # type: ignore[arg-type]

    monkeypatch.setattr(world.database, "write", counting)
    seats = [Seat(Line(f"line-{number}"), desk._ring) for number in range(8)]
    desk._seats += seats
    works = await asyncio.gather(*(next_of(seat) for seat in seats))
    assert len({work.job.id for work in works}) == 8
    assert rounds == 1


async def test_a_halted_line_waits_no_more(world: World, desk: Desk) -> None:
    async with seated(desk, Line()) as (seat, halted):
        waits = asyncio.create_task(seat.next())
        await asyncio.sleep(0.01)
        halted.set()
        async with asyncio.timeout(5):
            assert await waits is None
            assert await seat.next() is None


async def test_what_was_given_to_a_line_that_is_gone_goes_back(world: World, desk: Desk) -> None:
    """Its task was cancelled while the claim was on its way to the disk."""
    await world.accept("job")
    async with seated(desk, Line()) as (seat, _):
        waits = asyncio.create_task(seat.next())
        while not seat.served:  # noqa: ASYNC110 -- nobody calls when a round begins
            await asyncio.sleep(0)
        waits.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waits

    async def ready() -> bool:
        job = await world.job("job")
        return (job.stage, job.line) == (Stage.READY, None)

    await until(ready)
    async with seated(desk, Line("another")) as (seat, _):
        assert (await next_of(seat)).job.id == "job"


async def test_a_database_that_cannot_write_keeps_nobody_from_going_on(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.dispatch.desk.desk.STORAGE_PAUSE", 0.01)
    await world.accept("job")
    write, broken = world.database.write, True

    async def failing(change: object) -> object:
        if broken:
            raise StorageError("the disk is full")
        return await write(change)  # type: ignore[arg-type]

    monkeypatch.setattr(world.database, "write", failing)
    async with seated(desk, Line()) as (seat, _):
        waits = asyncio.create_task(next_of(seat))
        await asyncio.sleep(0.05)
        assert not waits.done()
        broken = False
        assert (await waits).job.id == "job"


async def test_a_fault_of_ours_is_told_to_who_asks_and_ends_nothing(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError

    await world.accept("job")
    async with seated(desk, Line()) as (seat, _):
        with monkeypatch.context() as patch:
            patch.setattr("gateway.dispatch.desk.desk.serve", stumble)
            with pytest.raises(ZeroDivisionError):
                await next_of(seat)
        assert (await next_of(seat)).job.id == "job"


async def test_a_budget_that_is_renewed_is_seen_without_a_call(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.dispatch.desk.desk.LOOK_EVERY", 0.01)
    await world.accept("job")
    line = Line(left=Left(otp=0, rest=0))
    async with seated(desk, line) as (seat, _):
        waits = asyncio.create_task(next_of(seat))
        await asyncio.sleep(0.05)
        assert not waits.done()
        line.left = None
        assert (await waits).job.id == "job"


async def test_a_desk_at_which_nobody_asks_does_nothing(world: World, desk: Desk) -> None:
    line = Line()
    async with seated(desk, line) as (seat, _):
        await world.accept("job", expires_at=START + timedelta(hours=1))
        await next_of(seat)
        asked = line.asked
        for number in range(3):
            await world.accept(f"more-{number}")
        await asyncio.sleep(0.05)
        assert (line.asked, desk._at_work) == (asked, None)
