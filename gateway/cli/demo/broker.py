"""An MQTT broker inside of this process, for the demo alone; a shop runs Mosquitto.

It knows MQTT 3.1.1 only, and keeps a session between connections only for users with a name.
"""

from __future__ import annotations

import errno
import hmac
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from amqtt.broker import Broker
from amqtt.errors import BrokerError
from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session

from gateway.domain.errors import ShopbellError

HOST: Final = "127.0.0.1"


class BrokerUnavailableError(ShopbellError):
    """The demo's broker cannot listen."""


class DemoUsers(BaseAuthPlugin):  # type: ignore[misc]  # amqtt says no types
    """Lets in who knows a password of its configuration; amqtt finds it by its name."""

    @dataclass
    class Config:
        """What the broker's configuration gives this plugin."""

        passwords: dict[str, str] = field(default_factory=dict)
        """By user."""

    async def authenticate(self, *, session: Session) -> bool | None:
        """Compare the password of a connection that is being opened."""
        passwords: Mapping[str, str] = self._get_config_option("passwords", {})
        password = passwords.get(session.username or "")
        given = session.password or ""
        return password is not None and hmac.compare_digest(password.encode(), given.encode())


def choose_port(port: int) -> int:
    """Return ``port`` if it is free, or a free one for 0.

    Raises:
        BrokerUnavailableError: it is taken, or not allowed.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error})"
            raise BrokerUnavailableError(
                f"port {port} of {HOST} {why}; name another with --port, or none"
            ) from None
        return int(probe.getsockname()[1])


@asynccontextmanager
async def run_broker(port: int, passwords: Mapping[str, str]) -> AsyncIterator[None]:
    """Run a broker on the loopback.

    Raises:
        BrokerUnavailableError: it cannot listen.
    """
    broker = Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"{HOST}:{port}"}},
            "plugins": {f"{__name__}.{DemoUsers.__name__}": {"passwords": dict(passwords)}},
        }
    )
    try:
        await broker.start()
    except BrokerError as error:
        raise BrokerUnavailableError(f"the demo's broker does not start: {error}") from error
    try:
        yield
    finally:
        await broker.shutdown()
