"""What a gateway does about the others on its database; nothing where there can be none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, NoReturn

from sqlalchemy import Connection

from gateway.db import Database
from gateway.db.nodes import forget
from gateway.dispatch import Admission, Context
from gateway.dispatch.nodes import Alone, Claims, Node
from gateway.dispatch.nodes.bells import Bells
from gateway.dispatch.nodes.shares import keep_share
from gateway.dispatch.nodes.succession import Succession
from gateway.domain.errors import StorageError
from gateway.mqtt.estate import Estates
from gateway.mqtt.settings import MqttSettings
from gateway.settings import Settings

QUEUE: Final = "queue"

LINES_EVERY: Final = 30.0
"""Seconds between two looks at the lines of others: a SIM seldom comes or goes."""


@asynccontextmanager
async def join_neighbours(settings: Settings, database: Database) -> AsyncIterator[Node | None]:
    """Be one of the gateways on a database, and beat, until the end of the ``async with``.

    None on a database that no other gateway can be on.

    Raises:
        NodeInUseError: another gateway is at work under this one's name.
        StorageError: the database does not answer.
    """
    if database.exclusive:
        yield None
        return
    where = settings.database
    node = Node(database, where.address, settings.gateway.node, where.lease)
    await node.join()
    beating = asyncio.create_task(node.run(), name="node")
    try:
        yield node
    finally:
        beating.cancel()
        await asyncio.wait({beating})
        await node.close()


def claims_of(node: Node | None) -> Claims:
    """Return where lines and duties are claimed."""
    return Alone() if node is None else node


class Neighbours:
    """The work that comes of sharing a database."""

    def __init__(
        self,
        settings: Settings,
        context: Context,
        admission: Admission,
        node: Node | None,
        refresh: Callable[[Connection], None],
    ) -> None:
        """Make it.

        Args:
            settings: what is run.
            context: the database, the time and the rules.
            admission: decides on what came for who is gone.
            node: this gateway among the others; None where there can be none.
            refresh: reads anew what is known of lines.
        """
        self._settings = settings
        self._context = context
        self._admission = admission
        self._node = node
        self._refresh = refresh
        self._succession = None if node is None else Succession(context, node)

    def work(self, look: Callable[[], None]) -> Mapping[str, Coroutine[Any, Any, object]]:
        """Return what is to run beside all else, by name.

        Args:
            look: called when another node has put something into the queue.
        """
        node, context = self._node, self._context
        if node is None or self._succession is None:
            return {}
        estates = Estates(
            MqttSettings.of(self._settings),
            admission=self._admission,
            gone=_Gone(node, context.database),
            clock=context.clock,
        )
        signals = {QUEUE: context.queue_changed, "outbox": context.outbox_changed}

        def heard(what: str) -> None:
            if what == QUEUE:
                look()

        bells = Bells(node, self._settings.database.address, signals, heard)
        return {
            "node": node.watch(),
            "succession": self._succession.run(),
            "estates": estates.run(node),
            "bells": bells.run(),
            "share": keep_share(node, context.shared),
            "lines": self._keep_lines(),
        }

    async def _keep_lines(self) -> NoReturn:
        """Know the lines that come into service at other nodes, and what is permitted there."""
        while True:
            with suppress(StorageError):
                await self._context.database.read(self._refresh)
            await asyncio.sleep(LINES_EVERY)

    async def leave(self) -> None:
        """Say that this gateway is at work no more; nothing of it may be."""
        if self._succession is not None:
            await self._succession.leave()


class _Gone:
    """Fills `gateway.mqtt.estate.Gone`."""

    def __init__(self, node: Node, database: Database) -> None:
        self.changed = node.beaten
        self._node = node
        self._database = database

    def names(self) -> Sequence[str]:
        """Return the nodes that have ended."""
        return [other.name for other in self._node.others if other.ended]

    async def forget(self, name: str) -> None:
        """Remove a node of which nothing is left."""
        await self._database.write(lambda connection: forget(connection, name))
        self._node.overlook(name)
