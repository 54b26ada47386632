"""What a gateway says of itself to all: there or not, and what it can do now. Retained."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from gateway.domain.clock import Clock
from gateway.domain.job import format_instant
from gateway.mqtt.client import LastWill
from gateway.mqtt.courier import Courier, Publication
from gateway.mqtt.ports import Session
from gateway.mqtt.topics import presence_topic

CHECK_S: Final = 10
"""How often it is looked whether the capacity changed; nothing is published when it did not."""

FAREWELL_S: Final = 3
"""For the broker to take the last word at a clean stop; the last will says it otherwise."""

Capacity = Callable[[], Mapping[str, object]]
"""Tells what is added to the presence, such as how many lines are ready; JSON values."""


class Presence:
    """Announces one gateway."""

    def __init__(self, *, node: str, clock: Clock, capacity: Capacity, courier: Courier) -> None:
        self._node = node
        self._courier = courier
        self._clock = clock
        self._capacity = capacity
        self._topic = presence_topic(node)

    def last_will(self) -> LastWill:
        """Return what the broker is to say when we vanish; at which moment, nobody can say."""
        return LastWill(topic=self._topic, payload=self._body("offline", None, {}))

    async def run(self, session: Session) -> None:
        """Say that we are there, and say it again whenever the capacity has changed."""
        said: Mapping[str, object] | None = None
        while True:
            capacity = dict(self._capacity())
            if capacity != said:
                await self._publish(session, "online", capacity)
                said = capacity
            await asyncio.sleep(CHECK_S)

    async def leave(self, session: Session) -> None:
        """Say that we are gone, at a clean stop.

        Raises:
            BrokerLostError: the connection is gone already.
            TimeoutError: the broker does not answer.
        """
        async with asyncio.timeout(FAREWELL_S):
            await self._publish(session, "offline", {})

    async def _publish(self, session: Session, state: str, capacity: Mapping[str, object]) -> None:
        body = self._body(state, self._clock.now(), capacity)
        said = Publication(topic=self._topic, body=body, retain=True)
        await self._courier.deliver_all(session, [said])

    def _body(self, state: str, at: datetime | None, capacity: Mapping[str, object]) -> str:
        own = {"node": self._node, "state": state, "at": at and format_instant(at)}
        return json.dumps({**capacity, **own}, separators=(",", ":"))
