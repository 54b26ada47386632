"""What one node changes, another looks at at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import text
from support.members import Join, Member, eventually

from gateway.db import bell
from gateway.dispatch.nodes.bells import RING_EVERY, Bells
from gateway.domain.signal import Signal

Fit = Callable[[Member], "Side"]


class Side:
    """A node's signals, and how often each was notified."""

    def __init__(self, member: Member, url: str) -> None:
        self.signals = {"queue": Signal(), "outbox": Signal()}
        self.heard = dict.fromkeys(self.signals, 0)
        self.bells = Bells(member.node, url, self.signals)
        self.tasks = [asyncio.create_task(self.bells.run())]
        self.tasks += [asyncio.create_task(self._count(what)) for what in self.signals]

    async def _count(self, what: str) -> None:
        ticket = self.signals[what].ticket()
        while True:
            await ticket.wait()
            ticket = self.signals[what].ticket()
            self.heard[what] += 1


@pytest.fixture
async def fit(postgres_url: str) -> AsyncIterator[Fit]:
    """Fits nodes with bells, which end with the test."""
    sides: list[Side] = []

    def make(member: Member) -> Side:
        sides.append(Side(member, postgres_url))
        return sides[-1]

    yield make
    tasks = [task for side in sides for task in side.tasks]
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def listening(*sides: Side) -> None:
    """Wait until all listen: each is told then to look at everything."""
    await eventually(lambda: all(all(side.heard.values()) for side in sides))
    for side in sides:
        side.heard = dict.fromkeys(side.signals, 0)


async def test_a_change_is_heard_at_the_other_node_and_does_not_come_back(
    member: Join, fit: Fit
) -> None:
    one, other = (
        fit(await (await member("box-1")).start()),
        fit(await (await member("box-2")).start()),
    )
    await listening(one, other)
    one.signals["queue"].notify()
    await eventually(lambda: other.heard["queue"])
    await asyncio.sleep(4 * RING_EVERY)
    assert one.heard == {"queue": 1, "outbox": 0}
    assert other.heard == {"queue": 1, "outbox": 0}


async def test_many_changes_are_few_words(member: Join, fit: Fit) -> None:
    one, other = (
        fit(await (await member("box-1")).start()),
        fit(await (await member("box-2")).start()),
    )
    await listening(one, other)
    for _ in range(100):
        one.signals["outbox"].notify()
        await asyncio.sleep(0)
    await eventually(lambda: other.heard["outbox"])
    await asyncio.sleep(4 * RING_EVERY)
    assert 1 <= other.heard["outbox"] <= 3


async def test_who_was_cut_off_looks_at_everything(
    member: Join, fit: Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bell, "AGAIN_S", 0.1)
    one = await (await member("box-1")).start()
    side = fit(one)
    await listening(side)
    await one.database.write(
        lambda c: c.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE query IN ('LISTEN shopbell', 'SELECT 1') AND pid <> pg_backend_pid()"
            )
        ).all()
    )
    await eventually(lambda: all(side.heard.values()), 10)
