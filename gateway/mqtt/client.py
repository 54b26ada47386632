"""An aiomqtt client with the settings that a session needs, not connected yet."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from typing import Final

import aiomqtt
from paho.mqtt.client import MQTT_CLEAN_START_FIRST_ONLY
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from gateway.mqtt.errors import BrokerRefusedError
from gateway.mqtt.settings import MqttSettings

CONNECT_TIMEOUT_S: Final = 10
"""For TCP and TLS, and again for the CONNACK: a broker on the same box answers in milliseconds."""

KEEPALIVE_S: Final = 30
"""A dead link is noticed, and the last will published, within one and a half of it."""

RECEIVE_MAXIMUM: Final = 400
"""Messages that the broker may have open with us: two batches, so that one waits while one is
committed. Mosquitto 2.0 takes it as advice (RELIABILITY.md 1.2)."""

QOS: Final = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class LastWill:
    """What the broker says of us, retained, when we are gone without a word."""

    topic: str
    payload: str


def make_client(
    settings: MqttSettings, will: LastWill | None, tls: ssl.SSLContext | None
) -> aiomqtt.Client:
    """Return a client with a persistent session; needs a running event loop.

    Args:
        settings: the broker, and who we are to it.
        will: None for who has no presence.
        tls: None without TLS.
    """
    v5 = settings.protocol == "5"
    return aiomqtt.Client(
        settings.host,
        settings.port,
        identifier=settings.client_id,
        username=settings.username,
        password=settings.password,
        protocol=aiomqtt.ProtocolVersion.V5 if v5 else aiomqtt.ProtocolVersion.V311,
        clean_session=None if v5 else False,
        # paho refuses any other value than its default with 3.1.1, which has clean_session alone.
        clean_start=False if v5 else MQTT_CLEAN_START_FIRST_ONLY,
        properties=_connect_properties(settings) if v5 else None,
        will=None if will is None else aiomqtt.Will(will.topic, will.payload, qos=QOS, retain=True),
        keepalive=KEEPALIVE_S,
        timeout=CONNECT_TIMEOUT_S,
        tls_context=tls,
        # Statuses are small and wait for nothing: Nagle's algorithm would hold them back.
        socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
    )


def make_tls_context(settings: MqttSettings) -> ssl.SSLContext:
    """Return what checks the broker's certificate and name; reads files.

    Raises:
        BrokerRefusedError: the certificates cannot be read.
    """
    try:
        context = ssl.create_default_context(
            cafile=None if settings.ca_file is None else str(settings.ca_file)
        )
    except OSError as error:
        raise BrokerRefusedError(f"cannot read {settings.ca_file}: {error}") from error
    context.sslsocket_class = _TidySocket
    return context


class _TidySocket(ssl.SSLSocket):
    """Closes itself when the handshake fails; paho leaves it open and forgets it."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def _connect_properties(settings: MqttSettings) -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho's own
    properties.SessionExpiryInterval = settings.session_expiry_s
    properties.ReceiveMaximum = RECEIVE_MAXIMUM
    return properties
