"""A client of the broker that tries what it may not: any topic, any session, any will.

A paho client, so that what is shown of the broker does not rest on the gateway's own code.
"""

from __future__ import annotations

import queue
import socket
import threading
from types import TracebackType
from typing import Any, Final, Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

PATIENCE: Final = 10.0
"""Seconds for an answer of a broker on this machine."""

DENIED: Final = 0x87
BAD_CREDENTIALS: Final = 0x86


class Guest:
    """One connection at MQTT 5.

    Attributes:
        code: what the broker answered to the connection; 0 is a welcome.
        heard: (topic, payload, retained) of what came, in order.
        gone: set when the broker has ended the connection.
    """

    def __init__(
        self,
        port: int,
        user: str | None,
        password: str | None = None,
        *,
        session: str = "",
        will: str | None = None,
        ca: str | None = None,
    ) -> None:
        self.heard: list[tuple[str, bytes, bool]] = []
        self.gone = threading.Event()
        self._answers: queue.Queue[int] = queue.Queue()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=session,
            protocol=mqtt.MQTTv5,
            reconnect_on_failure=False,
        )
        if user is not None:
            self._client.username_pw_set(user, password)
        if will is not None:
            self._client.will_set(will, "will", qos=1)
        if ca is not None:
            self._client.tls_set(ca)
        self._client.on_connect = lambda *args: self._answers.put(args[3].value)
        self._client.on_publish = lambda *args: self._answers.put(args[3].value)
        self._client.on_subscribe = lambda *args: self._answers.put(args[3][0].value)
        self._client.on_disconnect = lambda *_: self.gone.set()
        self._client.on_message = self._on_message
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = 60 if session else 0
        self._client.connect(
            "localhost" if ca else "127.0.0.1",
            port,
            clean_start=not session,
            properties=properties,
        )
        self._client.loop_start()
        self.code = self._answer()

    def publish(self, topic: str, payload: str = "x", *, retain: bool = False) -> int:
        """Publish at QoS 1 and return the broker's reason code."""
        self._client.publish(topic, payload, qos=1, retain=retain)
        return self._answer()

    def subscribe(self, pattern: str) -> int:
        """Subscribe and return the broker's reason code."""
        self._client.subscribe(pattern, qos=1)
        return self._answer()

    def break_off(self) -> None:
        """Go without a word, so that the broker publishes the will."""
        line = self._client.socket()
        assert line is not None
        line.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
        assert self.gone.wait(PATIENCE)

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        self.heard.append((message.topic, message.payload, message.retain))

    def _answer(self) -> int:
        return self._answers.get(timeout=PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
