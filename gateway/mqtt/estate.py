"""Empties what the broker keeps for gateways that are gone.

A broker gives each message to one of the gateways that share a subscription, and it may choose one
that is away: Mosquitto 2.0.11 gives a member of the group that is gone its turn like any other, and
keeps what it gives it; when the session ends, what was kept is nobody's (measured: of 200 messages,
100 to a member that had died; with a session that expired they were lost, with one that did not,
the member had them all when it came back). So sessions do not expire, and who is gone has an heir:
another gateway connects under its name, ends its subscriptions, and takes in what was kept. From
then on the broker chooses among those who are there.

The gateway that comes back throws its heir out (MQTT 5, 3.1.4: one connection for each name),
subscribes anew, and has what the heir had not acknowledged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Final, NoReturn, Protocol

import structlog

from gateway.dispatch.nodes import Claims, on_duty
from gateway.domain.clock import Clock
from gateway.domain.errors import StorageError
from gateway.domain.signal import Signal
from gateway.mqtt.client import LastWill
from gateway.mqtt.courier import Courier
from gateway.mqtt.errors import BrokerError
from gateway.mqtt.feed import Feed
from gateway.mqtt.ports import Admits
from gateway.mqtt.presence import Presence
from gateway.mqtt.session import PahoSession, open_session
from gateway.mqtt.settings import MqttSettings

log = structlog.get_logger(__name__)

QUIET_S: Final = 3.0
"""So long nothing comes once all is taken: a broker on another continent answers sooner."""

AGAIN_S: Final = 30.0
"""Pause after a try that failed, as while the broker is down."""

EMPTY_S: Final = 86_400
"""So long the broker keeps an emptied session, in case its heir was cut off in the middle."""

DUTY: Final = "estates"
"""One node at a time empties them."""

Connect = Callable[[MqttSettings, LastWill], AbstractAsyncContextManager[PahoSession]]


class Gone(Protocol):
    """Who is gone; filled by `gateway.app`."""

    changed: Signal
    """Notified when it may be somebody else."""

    def names(self) -> Sequence[str]:
        """Return the nodes that are gone, and whose sessions may hold something."""
        ...

    async def forget(self, name: str) -> None:
        """Take note that nothing of a node is left, unless it is back.

        Raises:
            StorageError: that cannot be kept.
        """
        ...


class Estates:
    """Takes in what came for those who are gone."""

    def __init__(
        self,
        settings: MqttSettings,
        *,
        admission: Admits,
        gone: Gone,
        clock: Clock,
        connect: Connect = open_session,
    ) -> None:
        """Make what `run` brings to life.

        Args:
            settings: the broker, and who we are to it.
            admission: decides on what comes in.
            gone: who is gone.
            clock: for what is said of moments.
            connect: opens a session; another one in tests.
        """
        self._settings = settings
        self._admission = admission
        self._gone = gone
        self._clock = clock
        self._connect = connect

    async def run(self, claims: Claims) -> NoReturn:
        """Look after them until cancelled."""
        await on_duty(claims, DUTY, self._watch)

    async def _watch(self) -> NoReturn:
        while True:
            ticket = self._gone.changed.ticket()
            done = [await self._empty(name) for name in self._gone.names()]
            if all(done):
                await ticket.wait()
            else:
                await asyncio.sleep(AGAIN_S)

    async def _empty(self, name: str) -> bool:
        """Empty one session; return whether that was done."""
        try:
            taken = await self._take_in(name)
            await self._gone.forget(name)
        except (BrokerError, StorageError) as error:
            log.warning("estate_waits", node=name, reason=str(error))
            return False
        log.info("estate_taken_in", node=name, messages=taken)
        return True

    async def _take_in(self, name: str) -> int:
        """Take in what the broker keeps for a node; return how many messages that were.

        Raises:
            BrokerError: it could not be taken in, or not all of it.
        """
        settings = replace(self._settings, node=name, session_expiry_s=EMPTY_S)
        courier = Courier()
        will = Presence(node=name, clock=self._clock, capacity=dict, courier=courier).last_will()
        feed = Feed(admission=self._admission, courier=courier, clock=self._clock)
        async with self._connect(settings, will) as session:
            await session.unsubscribe((*settings.subscriptions, *settings.former))
            taking = asyncio.create_task(feed.run(session), name=f"estate of {name}")
            try:
                await _until_quiet(feed, taking)
                session.stop_receiving()
                await taking
            finally:
                taking.cancel()
        return feed.counters.received


async def _until_quiet(feed: Feed, taking: asyncio.Task[None]) -> None:
    """Wait until nothing came for a while, or the connection is lost."""
    seen = -1
    while feed.busy or feed.counters.received != seen:
        seen = feed.counters.received
        await asyncio.wait({taking}, timeout=QUIET_S)
        if taking.done():
            return
