"""What stores retained against the contract, looked for and cleared when a person is erased.

The gateway retains nothing of anybody, and refuses what comes retained; the broker keeps it all the
same, and gives it to whoever subscribes next. An empty retained message takes it away.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import aiomqtt
import structlog

from gateway.domain.spelling import Spelling
from gateway.mqtt.client import CONNECT_TIMEOUT_S, QOS, make_tls_context
from gateway.mqtt.errors import BrokerError
from gateway.mqtt.settings import MqttSettings
from gateway.mqtt.topics import PREFIX

log = structlog.get_logger(__name__)

SILENCE: Final = 1.0
"""Seconds without a retained message after which there are no more: a broker sends them at once."""

_EVERYTHING: Final = f"{PREFIX}/#"


class Retained:
    """Looks at a broker's retained messages, in a session of its own that leaves nothing behind."""

    def __init__(self, settings: MqttSettings) -> None:
        self._settings = settings

    async def forget(self, spelling: Spelling) -> int:
        """Clear what names a number; return how many messages; none where there is no broker."""
        try:
            async with self._connected() as client:
                topics = [topic async for topic in _retained(client, spelling)]
                for topic in topics:
                    await client.publish(topic, payload=b"", qos=QOS, retain=True)
        except (aiomqtt.MqttError, BrokerError, TimeoutError) as error:
            log.warning("retained_not_looked_at", reason=str(error))
            return 0
        return len(topics)

    def _connected(self) -> aiomqtt.Client:
        settings = self._settings
        return aiomqtt.Client(
            settings.host,
            settings.port,
            identifier=f"{settings.client_id}-look",
            username=settings.username,
            password=settings.password,
            protocol=aiomqtt.ProtocolVersion.V311,
            timeout=CONNECT_TIMEOUT_S,
            tls_context=make_tls_context(settings) if settings.tls else None,
        )


async def _retained(client: aiomqtt.Client, spelling: Spelling) -> AsyncIterator[str]:
    """Yield the topics on which something is retained that names a number."""
    await client.subscribe(_EVERYTHING, qos=QOS)
    messages = aiter(client.messages)
    while True:
        try:
            async with asyncio.timeout(SILENCE):
                message = await anext(messages)
        except TimeoutError:
            return
        payload = message.payload if isinstance(message.payload, bytes) else b""
        if message.retain and (
            spelling.is_in(payload) or spelling.stands_in(payload.decode("utf-8", "replace"))
        ):
            yield message.topic.value
