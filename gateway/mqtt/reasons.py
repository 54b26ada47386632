"""MQTT's reason codes (MQTT 5, 2.4): what they are called, and what they mean for us."""

from __future__ import annotations

from typing import Final

import aiomqtt
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from gateway.mqtt.errors import BrokerError, BrokerLostError, BrokerRefusedError

FIRST_FAILURE: Final = 0x80
"""Codes from here on say no."""

CREDENTIALS: Final = frozenset({0x86, 0x87})
"""Bad user name or password; not authorized."""

HOPELESS: Final = CREDENTIALS | {0x84, 0x85, 0x8A, 0x8C, 0x9D}
"""Answers to CONNECT that only a person can change: protocol, client id, ban, method, moved. paho
gives the codes of 3.1.1 the same numbers."""

TAKEN_OVER: Final = 0x8E
"""Another client came with our client id. Mosquitto 2.0 closes without saying so; then only the
quick succession of losses tells (`gateway.mqtt.bridge`)."""

UNSPECIFIED: Final = 0x80
"""What paho makes of a connection that broke without a DISCONNECT."""


_TIMED_OUT: Final = "Operation timed out"
"""aiomqtt's words, which do not say what was waited for."""

_SILENT: Final = "whoever listens there does not answer CONNECT; is it MQTT, and 5?"


def code_of(reason: ReasonCode | int | None) -> int:
    """Return a reason as its number; 0 where there is none, as in a PUBACK of 3.1.1."""
    if isinstance(reason, ReasonCode):
        return int(reason.value)
    return reason or 0


def puback_name(code: int) -> str:
    """Return the code of a PUBACK with its name, such as ``0x87 Not authorized``."""
    try:
        return f"{code:#04x} {ReasonCode(PacketTypes.PUBACK, identifier=code)}"
    except KeyError:
        return f"{code:#04x}"


def connect_error(error: aiomqtt.MqttError) -> BrokerError:
    """Return what a failed connect means for us."""
    if not isinstance(error, MqttConnectError):
        return BrokerLostError(_SILENT if str(error) == _TIMED_OUT else str(error))
    code = code_of(error.rc)
    if code in CREDENTIALS:
        return BrokerRefusedError(f"{error.rc}: check [mqtt] username and password_file")
    return BrokerRefusedError(str(error.rc)) if code in HOPELESS else BrokerLostError(str(error.rc))


def lost_error(error: BaseException | None, client_id: str) -> BrokerLostError:
    """Return why a connection ended, for the log."""
    if error is None:
        return BrokerLostError("the connection was closed")
    if not isinstance(error, aiomqtt.MqttCodeError):
        return BrokerLostError(str(error))
    code = code_of(error.rc)
    if code == TAKEN_OVER:
        return BrokerLostError(f"another client came with our client id {client_id}")
    return BrokerLostError("the connection broke" if code == UNSPECIFIED else str(error.rc))
