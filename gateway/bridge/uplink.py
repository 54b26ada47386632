"""The bridge's end of MQTT: publishes, and says yes when the broker has it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

import structlog

from gateway.domain.backoff import Backoff
from gateway.mqtt import BrokerError, BrokerLostError, BrokerRefusedError, MqttSettings
from gateway.mqtt.client import LastWill
from gateway.mqtt.reasons import FIRST_FAILURE, puback_name
from gateway.mqtt.session import open_session

log = structlog.get_logger(__name__)

FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 30.0

PUBACK_TIMEOUT_S: Final = 8.0
"""Shopify waits five seconds for an answer and WooCommerce five; both come again."""

NOBODY: Final = 0x10
"""No matching subscribers (MQTT 5, 3.4.2.1): no gateway ever subscribed, and nothing is kept."""


class Link(Protocol):
    """A connection, as far as the bridge needs one; see `gateway.mqtt.session.PahoSession`."""

    def publish(self, topic: str, payload: str, *, retain: bool = False) -> asyncio.Future[int]:
        """Hand a payload over; see there."""
        ...

    async def wait_lost(self) -> object:
        """Wait for the end of the connection; see there."""
        ...


Connect = Callable[[MqttSettings, LastWill | None], AbstractAsyncContextManager[Link]]


class Uplink:
    """Keeps a connection to the broker, and publishes on it.

    Args:
        settings: the broker, and who we are to it.
        connect: opens a session; another one in tests.
    """

    def __init__(self, settings: MqttSettings, connect: Connect = open_session) -> None:
        self._settings = settings
        self._connect = connect
        self._link: Link | None = None
        self._backoff = Backoff(first=FIRST_PAUSE_S, longest=LONGEST_PAUSE_S)
        self._trouble: str | None = None

    @property
    def connected(self) -> bool:
        """Whether there is a connection now."""
        return self._link is not None

    async def run(self) -> None:
        """Stay connected until cancelled; each loss and each return is logged once."""
        while True:
            try:
                await self._serve()
            except BrokerRefusedError as error:
                self._note("bridge_refused", error)
                await asyncio.sleep(self._backoff.longest())
            except BrokerLostError as error:
                self._note("bridge_without_broker", error)
                await asyncio.sleep(self._backoff.pause())

    async def publish(self, topic: str, payloads: Sequence[str]) -> None:
        """Publish, and return when the broker has all of it.

        Raises:
            BrokerError: it has not, or not all: what is told again is one event all the same.
        """
        if self._link is None:
            raise BrokerLostError("there is no connection to the broker")
        answers = [self._link.publish(topic, payload) for payload in payloads]
        _, silent = await asyncio.wait(answers, timeout=PUBACK_TIMEOUT_S)
        for answer in silent:
            answer.cancel()
        if silent:
            raise BrokerLostError("the broker does not answer")
        for answer in answers:
            self._judge(topic, answer.result())

    def _judge(self, topic: str, code: int) -> None:
        if code == NOBODY:
            raise BrokerRefusedError("no gateway has ever subscribed to events at this broker")
        if code >= FIRST_FAILURE:
            reason = puback_name(code)
            log.error("bridge_publication_refused", topic=topic, reason=reason)
            raise BrokerRefusedError(f"the broker refuses events on {topic}: {reason}")

    async def _serve(self) -> None:
        async with self._connect(self._settings, None) as link:
            self._link, self._trouble = link, None
            self._backoff.reset()
            log.info("bridge_connected", broker=self._settings.host, port=self._settings.port)
            try:
                await link.wait_lost()
            finally:
                self._link = None

    def _note(self, event: str, error: BrokerError) -> None:
        if self._trouble != event:
            log.warning(
                event,
                broker=self._settings.host,
                port=self._settings.port,
                reason=str(error),
            )
        self._trouble = event
