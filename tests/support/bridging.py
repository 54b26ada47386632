"""The bridge without a broker."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.mqtt import BrokerError


class Wire:
    """An uplink without a broker."""

    def __init__(self) -> None:
        self.published: list[tuple[str, str]] = []
        self.trouble: BrokerError | None = None

    async def publish(self, topic: str, payloads: Sequence[str]) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.published += [(topic, payload) for payload in payloads]
