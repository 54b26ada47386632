"""A store in a process of its own that costs little: ``python -m bench.quick PORT COUNT``.

It publishes so many jobs as quickly as the broker takes them, acknowledges what it is told and
counts it, and prints a line with the time (seconds since the epoch) when all were ``published``,
``accepted`` and ``delivered``; then it ends. MQTT 3.1.1 at QoS 1 by hand: a client library in
Python would take more of the machine than the gateway that is measured.
"""

from __future__ import annotations

import argparse
import json
import socket
import sys
import time
from collections.abc import Iterator
from typing import Final

from bench.numbers import number_of, text_of

STORE: Final = "acme"
IN_FLIGHT: Final = 500
"""Jobs that the broker has not acknowledged, at most."""
PATIENCE: Final = 60.0
"""Seconds without a word after which it gives up."""
AWAITED: Final = ("accepted", "delivered")

_CONNECT, _CONNACK, _PUBLISH, _PUBACK, _SUBSCRIBE, _SUBACK = 1, 2, 3, 4, 8, 9
_QOS_1: Final = 0x02
_READ: Final = 1 << 18
_IDS: Final = 0xFFFF


def frame(kind: int, flags: int, body: bytes) -> bytes:
    """Return a control packet (MQTT 3.1.1, clause 2)."""
    length, octets = len(body), bytearray([kind << 4 | flags])
    while True:
        length, low = divmod(length, 128)
        octets.append(low | (0x80 if length else 0))
        if not length:
            return bytes(octets) + body


def text(value: str) -> bytes:
    """Return a string as it stands in a packet (clause 1.5.3)."""
    octets = value.encode()
    return len(octets).to_bytes(2, "big") + octets


def take(buffer: bytearray) -> Iterator[tuple[int, bytes]]:
    """Take the whole packets out of what was received: kind and body."""
    start = 0
    while (packet := _packet(buffer, start)) is not None:
        kind, begin, start = packet
        yield kind, bytes(buffer[begin:start])
    del buffer[:start]


def _packet(buffer: bytearray, start: int) -> tuple[int, int, int] | None:
    """Return kind, begin and end of the packet at a place; None where it is not whole."""
    length, shift, at = 0, 0, start + 1
    while at < len(buffer):
        octet = buffer[at]
        length |= (octet & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if not octet & 0x80:
            end = at + length
            return (buffer[start] >> 4, at, end) if end <= len(buffer) else None
    return None


class QuickStore:
    """Publishes and counts."""

    def __init__(self, port: int, count: int, purpose: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._received = bytearray()
        self._count, self._purpose = count, purpose
        self._published = self._acknowledged = 0
        self._told: dict[str, set[str]] = {state: set() for state in AWAITED}

    def join(self) -> None:
        """Connect, and subscribe to what is told of jobs."""
        hello = text("MQTT") + bytes([4, 2]) + (0).to_bytes(2, "big") + text("bench-quick")
        self._socket.sendall(frame(_CONNECT, 0, hello))
        self._await(_CONNACK)
        topics = b"".join(
            text(f"shopbell/v1/{STORE}/{kind}") + b"\x01" for kind in ("status", "rejected")
        )
        self._socket.sendall(frame(_SUBSCRIBE, 2, b"\x00\x01" + topics))
        self._await(_SUBACK)
        self._socket.settimeout(PATIENCE)

    def _await(self, kind: int) -> None:
        while kind not in dict(take(self._received)):
            self._received += self._socket.recv(_READ)

    def run(self, until: str) -> None:
        """Publish all, and go on until all of them are in a state."""
        awaited = list(AWAITED[: AWAITED.index(until) + 1])
        while awaited or self._acknowledged < self._count:
            self._publish()
            self._receive()
            while awaited and len(self._told[awaited[0]]) >= self._count:
                say(awaited.pop(0))

    def _publish(self) -> None:
        room = min(self._count, self._acknowledged + IN_FLIGHT)
        if self._published == room:
            return
        jobs = (self._job(number) for number in range(self._published, room))
        self._socket.sendall(b"".join(jobs))
        self._published = room
        if room == self._count:
            say("published")

    def _job(self, number: int) -> bytes:
        job = {"id": f"bench-{number}", "to": number_of(number), "text": text_of(number)}
        payload = json.dumps(job | {"purpose": self._purpose}).encode()
        name = (number % _IDS + 1).to_bytes(2, "big")
        return frame(_PUBLISH, _QOS_1, text(f"shopbell/v1/{STORE}/jobs") + name + payload)

    def _receive(self) -> None:
        octets = self._socket.recv(_READ)
        if not octets:
            raise SystemExit("the broker is gone")
        self._received += octets
        answers = b"".join(self._hear(kind, body) for kind, body in take(self._received))
        self._socket.sendall(answers)

    def _hear(self, kind: int, body: bytes) -> bytes:
        if kind == _PUBACK:
            self._acknowledged += 1
        if kind != _PUBLISH:
            return b""
        end = 2 + int.from_bytes(body[:2], "big")
        told = json.loads(body[end + 2 :])
        if "error" in told:
            raise SystemExit(f"rejected: {told['error']['message']}")
        if told["state"] in self._told:
            self._told[told["state"]].add(told["id"])
        return frame(_PUBACK, 0, body[end : end + 2])


def say(what: str) -> None:
    """Print a line that whoever started us waits for."""
    print(what, time.time(), flush=True)


def main() -> None:
    """Be a store until all is told."""
    parser = argparse.ArgumentParser(prog="python -m bench.quick", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--purpose", default="transactional")
    parser.add_argument("--until", choices=AWAITED, default=AWAITED[-1])
    options = parser.parse_args()
    store = QuickStore(options.port, options.count, options.purpose)
    store.join()
    say("began")
    try:
        store.run(options.until)
    except TimeoutError:
        sys.exit("nothing was told for a minute")


if __name__ == "__main__":
    main()
