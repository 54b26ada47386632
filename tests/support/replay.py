"""Dialogues that were written down, replayed through the parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gateway.at import Ended, Event, Line, Parser, Prompt, Unsolicited, request
from gateway.modem.trace.trace import Entry, Side, read_trace

_OCTETS = re.compile(r"((?:[0-9a-f]{2} )+)")
_REMARK = re.compile(r"\s{2,}\[.*\]\s*$")
_NOT_SPOKEN = ("#", "==", "--", "[", " ", "any command", "no command", "incoming", "outgoing")


@dataclass
class Exchange:
    """One command and all that was said until the next; what came before the first has none."""

    command: str
    events: list[Event] = field(default_factory=list)

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(event.text for event in self.events if isinstance(event, Line))

    @property
    def told(self) -> list[Unsolicited]:
        return [event for event in self.events if isinstance(event, Unsolicited)]

    @property
    def results(self) -> list[str]:
        return [str(event.result) for event in self.events if isinstance(event, Ended)]

    @property
    def prompts(self) -> int:
        return sum(isinstance(event, Prompt) for event in self.events)


def entries(path: Path) -> list[Entry]:
    """Return what was spoken in a file of any of the forms that there are.

    Beside dialogues these are dumps, in which the echoed command stands before its answer, tables
    of ``input -> meaning``, and octets in hex.
    """
    return [
        entry for line in path.read_text().splitlines() for entry in _entries(line.rstrip("\n"))
    ]


def _entries(line: str) -> Iterator[Entry]:
    if line.startswith((">>", "<<")):
        yield from read_trace(f"# source: -\n{line}\n").entries
    elif not line or line.startswith(_NOT_SPOKEN):
        return
    elif octets := _OCTETS.match(line):
        data = bytes.fromhex(octets.group(1))
        if data.startswith(b"AT"):
            yield Entry(side=Side.HOST, data=data.partition(b"\r")[0])
        yield Entry(side=Side.MODEM, data=data)
    elif " -> " in line:
        yield from _table(*_REMARK.sub("", line).split(" -> ", 1))
    else:
        side = ">>" if line.startswith("AT") else "<<"
        yield from read_trace(f"# source: -\n{side} {line}\n").entries


def _table(said: str, meaning: str) -> Iterator[Entry]:
    """Of a table, what the modem says: on the left, or on the right of a command."""
    if not said.startswith("AT"):
        yield Entry(side=Side.MODEM, data=said.strip().encode() + b"\r\n")
        return
    yield Entry(side=Side.HOST, data=said.split()[0].encode() + b"\r")
    for answer in re.split(r"\s{2,}| / |, then ", meaning.strip()):
        if answer:
            yield Entry(side=Side.MODEM, data=answer.strip('" ').encode() + b"\r\n")


def replay(spoken: list[Entry], *, pieces: int = 10_000) -> list[Exchange]:
    """Put what was spoken through one parser, the modem's octets in pieces of a size."""
    parser = Parser()
    exchanges = [Exchange("")]
    for entry in spoken:
        text = entry.data.decode("latin-1").strip("\r\n \x1b")
        if entry.side is Side.MODEM:
            for at in range(0, len(entry.data), pieces):
                exchanges[-1].events += parser.feed(entry.data[at : at + pieces])
        elif text.endswith("\x1a"):
            parser.begin_pdu(text.rstrip("\x1a"))
        elif text.startswith("AT") and text.isprintable():
            parser.begin(request(text, prompt=text.startswith("AT+CMGS=")))
            exchanges.append(Exchange(text))
    exchanges[-1].events += parser.feed(b"\r\n")
    return exchanges


def exchange_of(exchanges: list[Exchange], command: str) -> Exchange:
    """Return the first exchange of a command."""
    return next(one for one in exchanges if one.command == command)


def everything_told(exchanges: list[Exchange]) -> list[Unsolicited]:
    """Return all that a modem said by itself."""
    return [said for one in exchanges for said in one.told]
