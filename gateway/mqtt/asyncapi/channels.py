"""Every topic that the gateway subscribes to or publishes on, with what goes over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from gateway.domain.ids import StoreName
from gateway.domain.outward import Outward
from gateway.mqtt.asyncapi.heard import HEARD, PRESENCE
from gateway.mqtt.asyncapi.message import Message
from gateway.mqtt.asyncapi.published import PUBLISHED
from gateway.mqtt.topics import Inward, presence_topic, store_topic

PARAMETERS: Final = {
    "store": "the store's name in the gateway's configuration: 1 to 32 of a-z 0-9 -",
    "node": "the gateway's name in its configuration",
}
"""What stands in the braces of an address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """One topic."""

    name: str
    address: str
    action: Literal["send", "receive"]
    """From the gateway's point of view."""
    messages: Sequence[Message]
    retained: bool = False

    @property
    def parameter(self) -> str:
        """The one parameter of its address."""
        return next(name for name in PARAMETERS if f"{{{name}}}" in self.address)

    @property
    def operation(self) -> str:
        """What the gateway does with it, as a name."""
        return f"{self.action}{self.name[0].upper()}{self.name[1:]}"


def _of_store(kind: Inward | Outward, messages: Sequence[Message]) -> Channel:
    return Channel(
        name=kind.value,
        address=store_topic(StoreName("{store}"), kind),
        action="receive" if isinstance(kind, Inward) else "send",
        messages=messages,
    )


CHANNELS: Final = (
    *(_of_store(kind, messages) for kind, messages in PUBLISHED.items()),
    *(_of_store(kind, messages) for kind, messages in HEARD.items()),
    Channel(
        name="presence",
        address=presence_topic("{node}"),
        action="send",
        messages=(PRESENCE,),
        retained=True,
    ),
)

MESSAGES: Final = tuple(message for channel in CHANNELS for message in channel.messages)
