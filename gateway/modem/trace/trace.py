"""A trace: what a host and a modem wrote to each other, as text that can be replayed.

The first line names the source. ``>>`` is host to modem, ``<<`` modem to host, ``[…]`` a remark;
one at the end of a line tells the seconds since the port was opened. ``<CR>``, ``<LF>``, ``<ESC>``,
``<SUB>`` and, in hex, any other octet that is no printable ASCII are written out. A line with none
of these is one that somebody typed: its line end goes without saying.

Reading and writing of the form alone; redaction is `gateway.modem.trace.redaction`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.domain.errors import ShopbellError

_NAMES: Final = {"<CR>": b"\r", "<LF>": b"\n", "<ESC>": b"\x1b", "<SUB>": b"\x1a"}
_MARKS: Final = {octets[0]: name for name, octets in _NAMES.items()}
_MARK: Final = re.compile(r"<(?:CR|LF|ESC|SUB|[0-9A-F]{2})>")
_REMARK: Final = re.compile(r"\s{2,}\[([^\[\]]*)\]\s*$")
_SECONDS: Final = re.compile(r"\d+\.\d{3}")
_PROMPT: Final = ">"
_SOURCE: Final = "# source: "


class TraceError(ShopbellError):
    """A file is no trace; the text says why."""


class Side(StrEnum):
    """Who wrote."""

    HOST = ">>"
    MODEM = "<<"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What one side wrote, up to the end of a line."""

    side: Side
    data: bytes
    at: float | None = None
    """Seconds since the port was opened; None where nobody took the time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """A whole trace."""

    source: str
    """Where it is from, in a person's words."""
    entries: tuple[Entry, ...]


def write_source(source: str) -> str:
    """Return the first line of a trace, with its line end."""
    return f"{_SOURCE}{source}\n\n"


def write_entry(entry: Entry) -> str:
    """Return one line of a trace, with its line end."""
    shown = "".join(map(_shown, entry.data))
    if shown.endswith(" "):
        shown = f"{shown[:-1]}<20>"
    when = "" if entry.at is None else f"  [{entry.at:.3f}]"
    return f"{entry.side} {shown}{when}\n"


def write_remark(text: str) -> str:
    """Return a line that neither side wrote, with its line end."""
    return f"[{text}]\n"


def read_trace(text: str) -> Trace:
    """Read a trace, whether recorded or typed by a person.

    Raises:
        TraceError: its first line does not name a source.
    """
    first, _, rest = text.partition("\n")
    if not first.startswith(_SOURCE):
        raise TraceError(f"a trace begins with {_SOURCE!r} and where it is from")
    return Trace(source=first.removeprefix(_SOURCE), entries=tuple(_entries(rest)))


def _entries(text: str) -> Iterator[Entry]:
    for line in text.splitlines():
        side, written = line[:2], line[2:].removeprefix(" ")
        if side in (Side.HOST, Side.MODEM):
            yield _entry(Side(side), written)


def _entry(side: Side, written: str) -> Entry:
    at = None
    if remark := _REMARK.search(written):
        written = written[: remark.start()]
        if _SECONDS.fullmatch(remark.group(1)):
            at = float(remark.group(1))
    return Entry(side=side, data=_octets(side, written), at=at)


def _octets(side: Side, written: str) -> bytes:
    if _MARK.search(written):
        return b"".join(
            _octets_of_piece(piece) for piece in re.split(f"({_MARK.pattern})", written)
        )
    if side is Side.MODEM and written.strip() == _PROMPT:
        return b"> "
    return written.encode() + (b"\r" if side is Side.HOST else b"\r\n")


def _octets_of_piece(piece: str) -> bytes:
    if not _MARK.fullmatch(piece):
        return piece.encode()
    return _NAMES.get(piece) or bytes.fromhex(piece[1:-1])


def _shown(octet: int) -> str:
    if octet in _MARKS:
        return _MARKS[octet]
    return chr(octet) if 0x20 <= octet < 0x7F and octet != ord("<") else f"<{octet:02X}>"
