"""The packets of every message, PUBLISH and PUBACK at QoS 1, many at a time.

paho reads a packet by three calls of the kernel and one turn of the loop, writes each by a call of
its own, and makes a dozen objects for a publication, a lock with a condition among them: more than
half of what a message cost on the loop was spent there. Here what has come is read at once, what is
to go is written at once, and an answer is two octets and a code. Everything else, connecting above
all, stays paho's, and so do the socket, the packet ids and the clock of the keep-alive.

Beside `gateway.mqtt.session`, whose part it is, nobody reaches under paho.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Final, Literal, NamedTuple

from paho.mqtt.client import Client as PahoClient
from paho.mqtt.enums import MQTTErrorCode

from gateway.mqtt.client import QOS

AT_ONCE: Final = 64 * 1024
"""Octets that are read at once: some hundred jobs."""

_PUBLISH: Final = 0x30 | QOS << 1
_PUBACK: Final = 0x40
_LONGEST: Final = 0x7F
"""Of what one octet of a length holds (MQTT 5, 1.5.5); the bit above says that another follows."""
_NO_PROPERTIES: Final = b"\0"


class _Waiting(NamedTuple):
    """A publication that the broker has no room for yet."""

    topic: str
    payload: str
    retain: bool
    answer: asyncio.Future[int]


class Wire:
    """One connection's publications and what is read from it. Belongs to the loop's thread."""

    def __init__(self, paho: PahoClient, *, v5: bool, failed: Callable[[Exception], None]) -> None:
        """Take a client that is not connected yet.

        Args:
            paho: the client.
            v5: whether it speaks MQTT 5.
            failed: called with what breaks the connection while it is read.
        """
        self._paho: Any = paho
        self._properties = _NO_PROPERTIES if v5 else b""
        self._failed = failed
        self._loop = asyncio.get_running_loop()
        self._receive: Callable[[int], bytes] = self._paho._sock_recv
        self._held = b""
        self._taken = 0
        """Octets of what is held that paho has."""
        self._window = 0
        self._waiting: deque[_Waiting] = deque()
        self._unanswered: dict[int, asyncio.Future[int]] = {}
        self._pumping = False
        paho._sock_recv = self._give  # type: ignore[method-assign,assignment]
        paho._handle_pubackcomp = self._take_answer  # type: ignore[method-assign,assignment]

    def open(self, window: int) -> None:
        """Begin when the broker has taken the connection.

        Args:
            window: publications that it allows to be unanswered at once.
        """
        self._window = window
        self._loop.add_reader(self._paho.socket().fileno(), self._read)
        self._loop.call_soon(self._read)  # what came right behind the CONNACK is held already

    def publish(self, topic: str, payload: str, *, retain: bool) -> asyncio.Future[int]:
        """Have a payload go out behind those before it; the future has the code of its PUBACK."""
        answer: asyncio.Future[int] = self._loop.create_future()
        self._waiting.append(_Waiting(topic, payload, retain, answer))
        self._pump_soon()
        return answer

    def acknowledge(self, mids: Iterable[int]) -> None:
        """Write the PUBACKs of messages, in this order, at once."""
        self._write(_PUBACK, b"".join(b"\x40\x02" + mid.to_bytes(2, "big") for mid in mids))

    def end(self, error: Exception) -> None:
        """Tell all who wait for an answer that none will come."""
        answers = [*self._unanswered.values(), *(one.answer for one in self._waiting)]
        self._unanswered.clear()
        self._waiting.clear()
        for answer in answers:
            if not answer.done():
                answer.set_exception(error)
                answer.exception()  # nobody has to look

    def _pump_soon(self) -> None:
        if not self._pumping:
            self._pumping = True
            self._loop.call_soon(self._pump)

    def _pump(self) -> None:
        """Write what the broker has room for."""
        self._pumping = False
        packets = bytearray()
        while self._waiting and len(self._unanswered) < self._window:
            one = self._waiting.popleft()
            mid = self._paho._mid_generate()
            self._unanswered[mid] = one.answer
            packets += self._packet(one, mid)
        if packets:
            self._write(_PUBLISH, bytes(packets))

    def _packet(self, one: _Waiting, mid: int) -> bytes:
        topic, payload = one.topic.encode(), one.payload.encode()
        body = (
            len(topic).to_bytes(2, "big")
            + topic
            + mid.to_bytes(2, "big")
            + self._properties
            + payload
        )
        return bytes([_PUBLISH | one.retain]) + length_of(len(body)) + body

    def _write(self, command: int, packets: bytes) -> None:
        if packets:
            self._paho._packet_queue(command, packets, 0, QOS)
            self._paho.loop_write()

    def _read(self) -> None:
        """Have paho take in all that has come."""
        try:
            while self._paho.loop_read() == MQTTErrorCode.MQTT_ERR_SUCCESS:
                if self._taken >= len(self._held) and not self._pending():
                    break
        except Exception as error:  # whatever it is, the connection is of no more use
            self._failed(error)
        self._hasten()

    def _pending(self) -> bool:
        """Tell whether TLS has more than it gave, of which the socket would not tell."""
        pending = getattr(self._paho.socket(), "pending", None)
        return pending is not None and pending() > 0

    def _give(self, count: int) -> bytes:
        """Return octets, at most so many, in place of paho's own reading."""
        if self._taken >= len(self._held):
            self._held, self._taken = self._receive(AT_ONCE), 0
        start, self._taken = self._taken, min(self._taken + count, len(self._held))
        return self._held[start : self._taken]

    def _take_answer(self, _command: Literal["PUBACK", "PUBCOMP"]) -> MQTTErrorCode:
        """Take a PUBACK: the packet's id, and in MQTT 5 a code where it is no success."""
        packet: bytearray = self._paho._in_packet["packet"]
        if len(packet) < 2:
            return MQTTErrorCode.MQTT_ERR_PROTOCOL
        answer = self._unanswered.pop(int.from_bytes(packet[:2], "big"), None)
        if answer is not None and not answer.done():
            answer.set_result(packet[2] if len(packet) > 2 else 0)
        if self._waiting:
            self._pump_soon()
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _hasten(self) -> None:
        """Have the kernel confirm what came at once.

        Mosquitto lets a second PUBACK wait until the first is confirmed (Nagle), and the kernel
        lets that wait 40 ms for something of ours to go along with. It forgets this option by
        itself, so that it is set each time.
        """
        sock = self._paho.socket()
        if isinstance(sock, socket.socket):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def length_of(octets: int) -> bytes:
    """Return a packet's remaining length as it is written (MQTT 5, 1.5.5)."""
    written = bytearray()
    while True:
        octets, low = divmod(octets, _LONGEST + 1)
        written.append(low | (_LONGEST + 1 if octets else 0))
        if not octets:
            return bytes(written)
