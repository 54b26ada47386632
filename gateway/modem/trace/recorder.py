"""Recording what goes over a port, redacted, as a trace.

What each side writes is put together to lines first, whatever pieces it came in, since only a whole
line can be redacted; lines stand in the order in which they began. How it gets here is
`gateway.modem.trace.tap`, where it goes `gateway.modem.trace.sheets`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from gateway.domain.redaction import blank
from gateway.modem.trace.redaction import LineRedactor
from gateway.modem.trace.trace import Entry, Side, write_entry, write_remark

LONGEST: Final = 8192
"""Octets after which a line is garbage and is written as it is, blanked; the parser's own bound."""

WAITING: Final = 256
"""Lines that may wait for one before them to end."""

_PROMPT: Final = re.compile(rb"[\r\n]*> ?")
_ENDS: Final = {Side.HOST: b"\r\n\x1a\x1b", Side.MODEM: b"\r\n"}
_PIECES: Final = {
    side: re.compile(rb"[^%b]*[%b]|[^%b]+" % (ends, ends, ends)) for side, ends in _ENDS.items()
}


class Sheet(Protocol):
    """Where a trace is written."""

    def write(self, text: str) -> bool:
        """Write lines; return whether another sheet begins behind them."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


@dataclass(slots=True)
class _Line:
    side: Side
    at: float
    data: bytearray = field(default_factory=bytearray)
    whole: bool = False

    @property
    def has_content(self) -> bool:
        return bool(self.data.strip(b"\r\n"))


class Recorder:
    """Writes one connection down.

    Args:
        sheet: where to.
        time: the seconds since the port was opened.
    """

    def __init__(self, sheet: Sheet, time: Callable[[], float]) -> None:
        self._sheet = sheet
        self._time = time
        self._redactor = LineRedactor()
        self._lines: deque[_Line] = deque()
        self._partial: dict[Side, _Line] = {}

    def take(self, side: Side, data: bytes) -> None:
        """Add what one side wrote, in whatever pieces."""
        if side is Side.HOST:
            self._end_said()
        for piece in _PIECES[side].findall(data):
            self._add(side, piece)
        self._write_ready()

    def remark(self, text: str) -> None:
        """Add what neither side wrote."""
        self._sheet.write(write_remark(text))

    def close(self) -> None:
        """Write what is left, and let go of the sheet."""
        while self._lines:
            self._write(self._pop())
        self._sheet.close()

    def _add(self, side: Side, piece: bytes) -> None:
        line = self._partial.get(side)
        if line is not None and _begins_another(line, piece):
            self._finish(line)
            line = None
        if line is None:
            line = self._partial[side] = _Line(side=side, at=self._time())
            self._lines.append(line)
        line.data += piece
        if piece[-1:] in _ENDS[side] and (side is Side.HOST or _is_ended(line)):
            self._finish(line)

    def _finish(self, line: _Line) -> None:
        line.whole = True
        del self._partial[line.side]

    def _end_said(self) -> None:
        """End what the modem has said so far, if it is a prompt or ends with a line end.

        What the host then writes came after it.
        """
        line = self._partial.get(Side.MODEM)
        if line is not None and (line.data[-1:] in _ENDS[Side.MODEM] or _is_prompt(line)):
            self._finish(line)

    def _write_ready(self) -> None:
        while self._lines and (self._lines[0].whole or self._is_too_much()):
            self._write(self._pop())

    def _is_too_much(self) -> bool:
        return len(self._lines) > WAITING or len(self._lines[0].data) > LONGEST

    def _pop(self) -> _Line:
        line = self._lines.popleft()
        if self._partial.get(line.side) is line:
            line.whole = line.data[-1:] in _ENDS[line.side]
            del self._partial[line.side]
        return line

    def _write(self, line: _Line) -> None:
        entry = Entry(side=line.side, data=self._redacted(line), at=line.at)
        if self._sheet.write(write_entry(entry)):
            self._redactor.renew()

    def _redacted(self, line: _Line) -> bytes:
        content = line.data.strip(b"\r\n\x1a\x1b")
        before, _, after = line.data.partition(content) if content else (line.data, b"", b"")
        text = content.decode("latin-1")  # an octet a character, so that lengths stay
        return bytes(before) + self._redact(line, text).encode("latin-1", "replace") + bytes(after)

    def _redact(self, line: _Line, text: str) -> str:
        if not line.whole:
            return blank(text)
        return (self._redactor.host if line.side is Side.HOST else self._redactor.modem)(text)


def _is_prompt(line: _Line) -> bool:
    return _PROMPT.fullmatch(line.data) is not None


def _begins_another(line: _Line, piece: bytes) -> bool:
    """Tell whether a modem's line ended with a carriage return alone (MODEMS.md 1.2)."""
    ended = line.side is Side.MODEM and line.has_content and line.data.endswith(b"\r")
    return ended and piece[:1] not in _ENDS[Side.MODEM]


def _is_ended(line: _Line) -> bool:
    """Tell whether a modem's line is over; line ends before its content belong to it."""
    return line.has_content and line.data.endswith(b"\n")
