"""The demo's store: publishes jobs over MQTT and listens to what becomes of them.

It does what every store should: it keeps its session, names each job once and for ever, and sends
the same job again until it has heard `accepted`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

import aiomqtt

from gateway.cli.demo.broker import HOST
from gateway.cli.demo.configuration import STORE
from gateway.cli.demo.orders import OrderMessage
from gateway.cli.demo.tally import Tally

TOPIC: Final = f"shopbell/v1/{STORE}"

RESEND_SECONDS: Final = 2.0
"""Without an answer for so long, a job is published again."""


class DemoStore:
    """A store that never runs out of orders."""

    def __init__(self, tally: Tally, orders: Iterator[OrderMessage], *, pause: float) -> None:
        """Prepare a store; ``pause`` is the seconds between two jobs."""
        self.closing = asyncio.Event()
        """Set: no new jobs; the answers to the old are still listened to."""
        self._tally = tally
        self._orders = orders
        self._pause = pause
        self._payloads: dict[str, str] = {}

    async def run(self, port: int, password: str) -> None:
        """Trade until cancelled."""
        client = aiomqtt.Client(
            HOST,
            port,
            username=STORE,
            password=password,
            identifier=f"{STORE}-orders",
            clean_session=False,
            protocol=aiomqtt.ProtocolVersion.V311,
        )
        async with client:
            await client.subscribe([(f"{TOPIC}/status", 1), (f"{TOPIC}/rejected", 1)])
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(client), name="store-listens")
                tasks.create_task(self._publish(client), name="store-publishes")
                tasks.create_task(self._insist(client), name="store-insists")

    async def _publish(self, client: aiomqtt.Client) -> None:
        while not self.closing.is_set():
            order = next(self._orders)
            self._payloads[order.id] = json.dumps(asdict(order), ensure_ascii=False)
            self._tally.publish(order.id)
            await client.publish(f"{TOPIC}/jobs", self._payloads[order.id], qos=1)
            await asyncio.sleep(self._pause)

    async def _insist(self, client: aiomqtt.Client) -> None:
        while True:
            unanswered = self._tally.unanswered
            await asyncio.sleep(RESEND_SECONDS)
            for job in unanswered & self._tally.unanswered:
                await client.publish(f"{TOPIC}/jobs", self._payloads[job], qos=1)

    async def _listen(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            payload = json.loads(bytes(message.payload))
            if message.topic.matches(f"{TOPIC}/status"):
                self._tally.tell(payload)
            else:
                self._tally.reject(payload)
