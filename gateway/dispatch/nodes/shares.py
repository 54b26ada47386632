"""How much of what lines share is this node's: an even part among the nodes that are at work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn, Protocol

from gateway.db.nodes import NodeRecord
from gateway.dispatch.pacing import SharedPace
from gateway.domain.signal import Signal


class Beating(Protocol):
    """What knows of the others; `gateway.dispatch.nodes.Node`."""

    beaten: Signal
    others: Sequence[NodeRecord]


async def keep_share(node: Beating, shared: SharedPace) -> NoReturn:
    """Take an even share of every shared limit, until cancelled.

    One that is dead keeps its share until it is taken over: it may still be sending.
    """
    while True:
        ticket = node.beaten.ticket()
        shared.nodes = 1 + sum(not other.ended for other in node.others)
        await ticket.wait()
