"""Takes over what dead nodes leave: their claims go back, and what was at a modem is in doubt.

What makes a node dead, and why its own word cannot contradict it afterwards, is in
`gateway.db.nodes`. One transaction ends it and settles all that it left, so that it is done once,
and wholly, whoever else tries and whoever dies meanwhile.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NoReturn

import structlog
from sqlalchemy import Connection

from gateway.db.nodes import NodeRecord, end, end_dead
from gateway.dispatch.context import Context
from gateway.dispatch.nodes.node import Node
from gateway.dispatch.recovery import Recovered, recover
from gateway.domain.errors import StorageError

log = structlog.get_logger(__name__)


class Succession:
    """Looks after the other nodes at each beat of this one."""

    def __init__(self, context: Context, node: Node) -> None:
        self._context = context
        self._node = node

    async def run(self) -> NoReturn:
        """Look until cancelled."""
        while True:
            ticket = self._node.beaten.ticket()
            await self.look()
            await ticket.wait()

    async def look(self) -> None:
        """Take over from those who are dead now."""
        lease = timedelta(seconds=self._node.lease)
        for other in self._node.others:
            if not other.ended and other.silent_for > lease:
                await self._succeed(other, lease)

    async def leave(self) -> None:
        """Settle what is open of this node, and end it; nothing of it is at work any more.

        Where that cannot be written now, others take over after the lease.
        """
        context, node, now = self._context, self._node, self._context.now()

        def leave(connection: Connection) -> None:
            recover(connection, node=node.name, policy=context.policy, now=now)
            end(connection, node.name, node.instance)

        node.left = True
        try:
            await context.database.write(leave)
        except StorageError as error:
            log.warning("left_without_a_word", node=node.name, error=str(error))

    async def _succeed(self, dead: NodeRecord, lease: timedelta) -> None:
        context, now = self._context, self._context.now()

        def succeed(connection: Connection) -> Recovered | None:
            if not end_dead(connection, dead.name, dead.instance, lease):
                return None
            return recover(connection, node=dead.name, policy=context.policy, now=now)

        try:
            left = await context.database.write(succeed)
        except StorageError as error:
            log.warning("takeover_waits_for_storage", node=dead.name, error=str(error))
            return
        if left is None:
            return
        log.warning(
            "node_taken_over",
            node=dead.name,
            silent_seconds=round(dead.silent_for.total_seconds(), 1),
            parts_in_doubt=left.in_doubt,
            jobs_requeued=left.requeued,
        )
        context.queue_changed.notify()
        context.outbox_changed.notify()
