"""Takes a call whose sender is proved: translates it, tells it, and remembers what it said."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Final, Protocol

import structlog

from gateway.bridge.doors import RefusedCallError
from gateway.bridge.hook import Hook, Translate, Translation, UntranslatableError, documents_of
from gateway.bridge.memory import Memory
from gateway.domain.clock import Clock
from gateway.domain.errors import RejectedError, StorageError
from gateway.mqtt import BrokerError, store_topic
from gateway.mqtt.events import parse_event
from gateway.mqtt.topics import Inward

log = structlog.get_logger(__name__)

RETRY_AFTER_S: Final = 30
"""Told to whoever comes while the broker is away; shops have their own pace anyway."""


class Publishes(Protocol):
    """Where events go; see `gateway.bridge.uplink.Uplink`."""

    async def publish(self, topic: str, payloads: Sequence[str]) -> None:
        """Publish, and return when the broker has all of it; see there."""
        ...


class Desk:
    """Takes calls.

    Args:
        uplink: where events go.
        memory: what is known of products and refunds.
        clock: for when a call came.

    Attributes:
        counts: calls since the start, by what became of them.
    """

    def __init__(self, uplink: Publishes, memory: Memory, clock: Clock) -> None:
        self._uplink = uplink
        self._memory = memory
        self.clock = clock
        self.counts: Counter[str] = Counter()

    async def take(self, hook: Hook, translate: Translate) -> int:
        """Tell what a call says.

        Returns:
            How many events were told; the broker has them.

        Raises:
            RefusedCallError: it cannot be read, or cannot be told now.
        """
        try:
            translation = self._translate(hook, translate)
            payloads = _payloads(hook, translation)
            if payloads:
                await self._uplink.publish(store_topic(hook.store, Inward.EVENTS), payloads)
            now = self.clock.now()
            self._memory.keep(hook.store, hook.id, translation.facts, now)
        except (BrokerError, StorageError) as error:
            self.counts["unavailable"] += 1
            raise RefusedCallError(503, f"not taken, come again: {error}") from error
        except RefusedCallError as error:
            self._note(hook, "refused", reason=str(error))
            raise
        self._note(hook, "told" if payloads else "ignored", reason=translation.ignored)
        return len(payloads)

    def _translate(self, hook: Hook, translate: Translate) -> Translation:
        if self._memory.handled(hook.store, hook.id):
            return Translation(ignored="it was told before")
        try:
            return translate(hook, self._memory)
        except UntranslatableError as error:
            raise RefusedCallError(422, str(error)) from None

    def _note(self, hook: Hook, outcome: str, reason: str | None = None) -> None:
        """Say what became of a call; its body is nobody's business."""
        self.counts[outcome] += 1
        level = log.warning if outcome == "refused" else log.info
        level(f"call_{outcome}", store=hook.store, topic=hook.topic, reason=reason)


def _payloads(hook: Hook, translation: Translation) -> list[str]:
    """Return the events as they are published, each of them one that the gateway can read.

    Raises:
        RefusedCallError: one is not: what a shop system wrote is wrong, or unlike what we know.
    """
    payloads = [
        json.dumps(one, ensure_ascii=False, separators=(",", ":"), default=str)
        for one in documents_of(hook, translation.told)
    ]
    for payload in payloads:
        try:
            parse_event(hook.store, payload.encode())
        except RejectedError as error:
            raise RefusedCallError(422, str(error)) from None
    return payloads
