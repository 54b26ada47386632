"""The floor: AT commands to modems and nothing else, in a process of its own.

No database, no broker, no checks; the PDUs are made beforehand. ``python -m bench.bare MESSAGES
PORT …`` sends so many on each port, as quickly as the modems answer, and takes no notice of the
reports that come meanwhile.
"""

from __future__ import annotations

import os
import selectors
import sys
import termios
import tty
from collections.abc import Iterator

from bench.numbers import number_of, text_of
from gateway.sms import encode_submits

START = (b"ATE0\r", b"AT+CMGF=0\r", b"AT+CNMI=2,1,0,1,0\r")
PATIENCE = 30.0
"""Seconds without a word from any modem after which it gives up."""
_READ = 4096


class BareLine:
    """One port: what is said on it, and what is waited for."""

    def __init__(self, port: str, first: int, messages: int) -> None:
        self.fd = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self.fd, termios.TCSANOW)
        self._dialogue = _dialogue(first, messages)
        self._heard = b""
        self._awaited = b""
        self.say()

    def say(self) -> bool:
        """Write what comes next; False when that was all."""
        words, self._awaited = next(self._dialogue, (b"", b""))
        os.write(self.fd, words)
        return bool(words)

    def hear(self) -> bool:
        """Read what there is and go on where the answer is complete; False at the end."""
        self._heard += os.read(self.fd, _READ)
        if b"ERROR" in self._heard:
            raise SystemExit(f"a modem refused: {self._heard!r}")
        if self._awaited not in self._heard:
            return True
        self._heard = b""  # nothing of a report, cut or whole, looks like an answer
        return self.say()


def _dialogue(first: int, messages: int) -> Iterator[tuple[bytes, bytes]]:
    """What is written, and how the answer to it ends."""
    for command in START:
        yield command, b"OK\r\n"
    for pdu in [_encode(number) for number in range(first, first + messages)]:
        yield b"AT+CMGS=%d\r" % pdu[1], b"> "
        yield pdu[0], b"OK\r\n"


def _encode(number: int) -> tuple[bytes, int]:
    pdu = encode_submits(
        to=number_of(number), text=text_of(number), reference=0, report=True, validity=None
    )[0]
    return pdu.hex.encode() + b"\x1a", pdu.length


def send(messages: int, ports: list[str]) -> None:
    """Send on all ports at once, until every message has its answer."""
    with selectors.DefaultSelector() as selector:
        for place, port in enumerate(ports):
            line = BareLine(port, place * messages, messages)
            selector.register(line.fd, selectors.EVENT_READ, line)
        while selector.get_map():
            ready = selector.select(PATIENCE)
            if not ready:
                raise SystemExit("the modems have fallen silent")
            for key, _ in ready:
                if not key.data.hear():
                    selector.unregister(key.fd)


if __name__ == "__main__":
    send(int(sys.argv[1]), sys.argv[2:])
