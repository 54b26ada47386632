"""Nodes that are at work share evenly what their lines share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from gateway.db.nodes import ENDED, NodeRecord
from gateway.dispatch.nodes.shares import keep_share
from gateway.dispatch.pacing import SharedPace
from gateway.domain.signal import Signal

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass
class Beats:
    others: list[NodeRecord] = field(default_factory=list)
    beaten: Signal = field(default_factory=Signal)

    async def beat(self, *instances: str) -> None:
        """Have nodes of these instances beside this one."""
        self.others = [
            NodeRecord(
                name=f"box-{number}",
                instance=instance,
                started_at=NOW,
                seen_at=NOW,
                silent_for=timedelta(0),
            )
            for number, instance in enumerate(instances)
        ]
        self.beaten.notify()
        await asyncio.sleep(0)
        await asyncio.sleep(0)


async def test_a_node_takes_a_share_among_those_at_work() -> None:
    node, shared = Beats(), SharedPace()
    keeping = asyncio.create_task(keep_share(node, shared), name="share")
    await asyncio.sleep(0)
    assert shared.nodes == 1
    await node.beat("a", "b")
    assert shared.nodes == 3
    await node.beat("a", ENDED)
    assert shared.nodes == 2
    await node.beat()
    assert shared.nodes == 1
    keeping.cancel()
