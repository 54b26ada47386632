"""The demo's store: publishes jobs and events over MQTT and listens to what becomes of them.

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


EVENT_SECONDS: Final = 0.4
"""Between two events: somebody who signs up has their parcel within the time of a short demo."""


class DemoStore:
    """A store that never runs out of orders."""

    def __init__(
        self,
        tally: Tally,
        orders: Iterator[OrderMessage],
        events: Iterator[str],
        *,
        pause: float,
    ) -> None:
        """Prepare a store.

        Args:
            tally: counts what is told of its jobs, and of what flows made of its events.
            orders: the jobs that it asks for itself.
            events: what happens in it, as JSON.
            pause: seconds between two jobs.
        """
        self.closing = asyncio.Event()
        """Set: no new jobs and events; the answers to the old are still listened to."""
        self._tally = tally
        self._orders = orders
        self._events = events
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
                tasks.create_task(self._trade(client), name="store-trades")
                tasks.create_task(self._insist(client), name="store-insists")

    async def _publish(self, client: aiomqtt.Client) -> None:
        while not self.closing.is_set():
            order = next(self._orders)
            self._payloads[order.id] = json.dumps(asdict(order), ensure_ascii=False)
            self._tally.publish(order.id)
            await client.publish(f"{TOPIC}/jobs", self._payloads[order.id], qos=1)
            await asyncio.sleep(self._pause)

    async def _trade(self, client: aiomqtt.Client) -> None:
        while not self.closing.is_set():
            self._tally.events += 1
            await client.publish(f"{TOPIC}/events", next(self._events), qos=1)
            await asyncio.sleep(EVENT_SECONDS)

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
