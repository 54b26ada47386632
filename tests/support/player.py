"""A modem that says what one was recorded to have said.

It is asked by command, not by position: what the gateway asks today that was not asked then is
answered with ERROR, so that a trace outlives the start sequence that it was recorded with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from gateway.modem.trace.trace import Entry, Side

_SUBMIT = "AT+CMGS="
_PDU = "\x1a"
_UNKNOWN = b"\r\nERROR\r\n"
_IN_STEP = {"AT": b"\r\nOK\r\n"}


class Player:
    """The modem's end of a trace.

    Attributes:
        commands: what was written to it, PDUs with their Ctrl-Z.
        written: every octet of it.
        unknown: those commands that the trace does not have.
    """

    def __init__(self, entries: Sequence[Entry], *, pieces: int = 10_000) -> None:
        self.commands: list[str] = []
        self.written = bytearray()
        self.unknown: list[str] = []
        self._answers = _answers(entries)
        self._next = 0
        self._pieces = pieces
        self._line = ""
        self._transport: _Cable | None = None

    def connect(self, protocol: asyncio.Protocol) -> None:
        """Plug it in; what was said before the first command is said now."""
        self._transport = _Cable(protocol, self)
        self._say(self._answers[0][1])

    def receive(self, data: bytes) -> None:
        """Take what the host writes."""
        self.written += data
        for sign in data.decode():
            if sign == "\x1b":
                self._line = ""
            elif sign in "\r\x1a":
                line, self._line = self._line, ""
                self._answer(line + sign.strip("\r"))
            else:
                self._line += sign

    def _answer(self, line: str) -> None:
        if not line:
            return None
        self.commands.append(line)
        key = _key(line)
        later = range(self._next, len(self._answers))
        earlier = range(self._next - 1, -1, -1)
        for at in (*later, *earlier):
            if self._answers[at][0] == key:
                self._next = max(self._next, at + 1)
                return self._say(self._answers[at][1] or _IN_STEP.get(key, b""))
        self.unknown.append(line)
        return self._say(_IN_STEP.get(key, _UNKNOWN))

    def _say(self, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        for at in range(0, len(data), self._pieces):
            loop.call_soon(self._deliver, data[at : at + self._pieces])

    def _deliver(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.protocol.data_received(data)


class _Cable(asyncio.Transport):
    def __init__(self, protocol: asyncio.Protocol, player: Player) -> None:
        super().__init__()
        self.protocol = protocol
        self._player = player
        self._closing = False
        protocol.connection_made(self)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._player.receive(bytes(data))

    def is_closing(self) -> bool:
        return self._closing

    def abort(self) -> None:
        if not self._closing:
            self._closing = True
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)


def _key(line: str) -> str:
    """Return under what an answer is looked for: every PDU, and every length, is like another."""
    if line.endswith(_PDU):
        return _PDU
    return _SUBMIT if line.startswith(_SUBMIT) else line


def _answers(entries: Sequence[Entry]) -> list[tuple[str, bytes]]:
    """Return for each line of the host, in order, all that the modem said until the next."""
    answers = [("", b"")]
    for entry in entries:
        if entry.side is Side.MODEM:
            key, data = answers[-1]
            answers[-1] = (key, data + entry.data)
        elif line := entry.data.decode("latin-1").strip("\r\n\x1b "):
            answers.append((_key(line), b""))
    return answers
