"""What the bridge has to know of its broker; `gateway.settings` reads it from the configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Protocol = Literal["5", "3.1.1"]


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

    @property
    def client_id(self) -> str:
        """Names the persistent session, so that it must stay the same from start to start."""
        return f"shopbell-{self.node}"
