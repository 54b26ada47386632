"""What the bridge has to know of its broker; `gateway.settings` reads it from the configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self

from gateway.mqtt.topics import SHARED_SUBSCRIPTIONS, SUBSCRIPTIONS

if TYPE_CHECKING:
    from gateway.settings import Settings

Protocol = Literal["5", "3.1.1"]

NEVER_S: Final = 0xFFFF_FFFF
"""No end: a gateway that was off for a month still gets what its stores published."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MqttSettings:
    """One broker, and who we are to it."""

    host: str
    port: int
    node: str
    """Unique among the gateways of a broker: it names the session and the presence."""
    tls: bool = False
    ca_file: Path | None = None
    """Certificates to trust instead of the system's; PEM."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    protocol: Protocol = "5"
    """``3.1.1`` for brokers that know no other, as the demo's."""
    shared: bool = False
    """Whether other gateways share the database, and so what stores publish."""
    session_expiry_s: int = NEVER_S
    """How long the broker keeps the session of who is away; MQTT 5."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return what the configuration says of it."""
        mqtt = settings.mqtt
        return cls(
            host=mqtt.url.host,
            port=mqtt.url.port,
            tls=mqtt.url.tls,
            node=settings.gateway.node,
            ca_file=mqtt.ca_file,
            username=mqtt.username,
            password=mqtt.secret,
            protocol=mqtt.protocol,
            shared=settings.database.shared,
        )

    @property
    def client_id(self) -> str:
        """Names the persistent session, so that it must stay the same from start to start."""
        return f"shopbell-{self.node}"

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """What is subscribed to."""
        return SHARED_SUBSCRIPTIONS if self.shared else SUBSCRIPTIONS

    @property
    def former(self) -> tuple[str, ...]:
        """What a session may be subscribed to from before the database was shared, or not shared.

        It would bring each message once more.
        """
        return SUBSCRIPTIONS if self.shared else SHARED_SUBSCRIPTIONS
