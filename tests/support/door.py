"""The door as stores see it: bridge, admission and database are real, and so is the broker."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal

import aiomqtt
from support.broker import Mosquitto
from support.world import ACME, World

from gateway.db import Database
from gateway.domain.outward import Outward
from gateway.mqtt.bridge import MqttBridge
from gateway.mqtt.client import LastWill
from gateway.mqtt.session import PahoSession, open_session
from gateway.mqtt.settings import MqttSettings

PATIENCE_S = 60
"""Longer than the longest pause between two connections."""


class Door:
    """A bridge on a real queue, and a store at the other side of the broker."""

    def __init__(
        self,
        broker: Mosquitto,
        database: Database,
        protocol: Literal["5", "3.1.1"] = "5",
        user: str | None = None,
    ) -> None:
        self.world = World(database)
        self.client: aiomqtt.Client
        self.sessions: list[PahoSession] = []
        self._settings = MqttSettings(
            host=broker.host, port=broker.port, node="box-1", protocol=protocol, username=user
        )
        self.bridge = self.make_bridge()

    def make_bridge(self) -> MqttBridge:
        """A bridge of a gateway that has just been started."""
        return MqttBridge(
            self._settings,
            admission=self.world.admission,
            database=self.world.database,
            outbox_changed=self.world.context.outbox_changed,
            clock=self.world.clock,
            connect=self._connect,
        )

    @asynccontextmanager
    async def _connect(self, settings: MqttSettings, will: LastWill) -> AsyncIterator[PahoSession]:
        async with open_session(settings, will) as session:
            self.sessions.append(session)
            yield session

    @asynccontextmanager
    async def store(self) -> AsyncIterator[None]:
        """A store that listens."""
        async with aiomqtt.Client(self._settings.host, self._settings.port) as self.client:
            # In one packet: a bridge that comes back publishes what it has kept at once.
            await self.client.subscribe([(f"shopbell/v1/+/{kind}", 1) for kind in Outward])
            yield

    async def publish(
        self, payload: bytes, *, retain: bool = False, store: str = ACME, kind: str = "jobs"
    ) -> None:
        await self.client.publish(f"shopbell/v1/{store}/{kind}", payload, qos=1, retain=retain)

    async def taken(self, count: int) -> None:
        """Wait until so many payloads of stores were accepted."""
        async with asyncio.timeout(PATIENCE_S):
            while self.bridge.counters.accepted < count:  # noqa: ASYNC110 -- it has no event
                await asyncio.sleep(0.02)

    async def told(self, count: int) -> list[tuple[str, dict[str, Any]]]:
        """The next messages that stores are told: last topic level, and payload."""
        heard: list[tuple[str, dict[str, Any]]] = []
        async with asyncio.timeout(PATIENCE_S):
            async for message in self.client.messages:
                kind = message.topic.value.rpartition("/")[2]
                heard.append((kind, json.loads(bytes(message.payload))))
                if len(heard) == count:
                    return heard
        raise AssertionError


@asynccontextmanager
async def running(bridge: MqttBridge) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(bridge.run())
    await asyncio.wait_for(bridge.wait_joined(), 10)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
