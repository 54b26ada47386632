"""What the bridge has to know of its broker; `gateway.settings` reads it from the configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

Protocol = Literal["5", "3.1.1"]

DEFAULT_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}


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


def parse_broker_url(url: str) -> tuple[str, int, bool]:
    """Return host, port and whether TLS is used, from ``mqtt://host:port`` or ``mqtts://…``.

    Raises:
        ValueError: it is no such address; the text says what would be right.
    """
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"must be mqtt://host:port or mqtts://host:port, not {url!r}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not hold credentials; use username and password_file")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"must end after the port, unlike {url!r}")
    return parts.hostname, parts.port or DEFAULT_PORTS[parts.scheme], parts.scheme == "mqtts"
