"""Bytes in, events out: the line protocol of a modem, without I/O.

Responsible for: line ends of every kind, the prompt, echoes, unsolicited lines in any place, bounds
on what garbage can cost. Not responsible for: what an answer means (the readers beside this module)
and when to stop waiting for it (`gateway.modem`).

How a line is told from another (MODEMS.md 1.4-1.7), first match:
1. equal to what was written last: an echo, dropped;
2. a final result;
3. `+NAME:` of the running command: its answer. Any other `+NAME:`: unsolicited, known or not, so
   that no vendor's noise has to be listed. A quoted text that `+CUSD:` opens goes on over lines
   that are none of these (`gateway.at.quoted`);
4. a known notice without a colon: unsolicited;
5. the second line of `+CDS:`, `+CMT:` or `+CBM:`, unless the PDU stood in the first;
6. anything else belongs to the running command, whose reader ignores what it does not know.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.at.events import Ended, Event, Line, Prompt, Unsolicited
from gateway.at.final import read_final
from gateway.at.quoted import Quoted, is_foreign, is_opened
from gateway.at.request import Request
from gateway.at.stored import holds_pdu
from gateway.domain.results import ResultKind

MAX_LINE: Final = 8192
"""Bytes of one line; the longest true one (AT+CLAC on one line) has about 4,000. A longer one is
garbage and is dropped up to its end."""

HEADER_PATIENCE: Final = 8
"""Lines that may come between `+CDS:` and its PDU before the PDU counts as lost."""

_BREAKS: Final = re.compile(rb"[\r\n\x1a\x1b]")
"""Line ends; an echoed Ctrl-Z or ESC ends a line too."""

_NAMED: Final = re.compile(r"([+^#*_$%][A-Za-z][A-Za-z0-9_]*)\s*:")

_TWO_LINES: Final = frozenset({"+CDS", "+CMT", "+CBM"})

_RINGING: Final = frozenset({"RING", "+CRING", "+CLIP"})

_NOTICES: Final = frozenset(
    {
        "RING",
        "RDY",
        "CALL READY",
        "SMS READY",
        "SMS DONE",
        "PB DONE",
        "NORMAL POWER DOWN",
        "OVER-VOLTAGE WARNNING",
        "UNDER-VOLTAGE WARNNING",
        "OVER-VOLTAGE POWER DOWN",
        "UNDER-VOLTAGE POWER DOWN",
        "SAMSUNG PTS DG TEST",
        "NOT FOND ^,NOT CUSTOM AT",
    }
)
"""Unsolicited lines without a colon (MODEMS.md 1.5); the misspellings are the modems' own."""


class Parser:
    """Reads what one modem says.

    It holds one unfinished line, the running request, the header of an unfinished unsolicited
    message and an unfinished text; a new connection takes a new parser.
    """

    def __init__(self) -> None:
        self._partial = b""
        self._skipping = False
        self._request: Request | None = None
        self._awaits_prompt = False
        self._echo = ""
        self._pdu_echo = ""
        self._header: Unsolicited | None = None
        self._patience = 0
        self._quoted: Quoted | None = None
        self._ringing = False

    def begin(self, request: Request) -> None:
        """Say what is about to be written, so that its echo and its answer are known."""
        self._request = request
        self._awaits_prompt = request.prompt
        self._echo = request.text
        self._pdu_echo = ""

    def begin_pdu(self, pdu: str) -> None:
        """Say which PDU is about to be written to the prompt; its echo is dropped."""
        self._awaits_prompt = False
        self._pdu_echo = pdu

    def end(self) -> None:
        """Say that nobody waits for an answer any more."""
        self._request = None
        self._awaits_prompt = False

    def feed(self, data: bytes) -> list[Event]:
        """Return the events that ``data`` completes; its boundaries mean nothing."""
        events: list[Event] = []
        *lines, rest = _BREAKS.split(self._partial + data.replace(b"\0", b""))
        for raw in lines:
            self._end_line(raw, events)
        self._partial = self._bounded(rest)
        if self._awaits_prompt:
            self._partial = self._take_prompt(self._partial, events)
        return events

    def _end_line(self, raw: bytes, events: list[Event]) -> None:
        if self._skipping:
            self._skipping = False
            return
        if self._awaits_prompt:
            raw = self._take_prompt(raw, events)
        text = _text_of(raw).strip()
        if self._pdu_echo:
            text = text.lstrip("> ")
        if not text or text in (self._echo, self._pdu_echo) or self._go_on(text, events):
            return
        event = self._classify(text)
        if isinstance(event, Line | Unsolicited) and is_opened(event.text):
            self._quoted = Quoted(event)
        elif event is not None:
            events.append(event)

    def _go_on(self, text: str, events: list[Event]) -> bool:
        """Give a line to the text that is open if it can belong to it; tell of a finished one."""
        if self._quoted is None:
            return False
        foreign = is_foreign(text) or text.upper() in _NOTICES
        if foreign or self._quoted.take(text):
            events.append(self._quoted.event)
            self._quoted = None
        return not foreign

    def _bounded(self, rest: bytes) -> bytes:
        if self._skipping:
            return b""
        self._skipping = len(rest) > MAX_LINE
        return b"" if self._skipping else rest

    def _take_prompt(self, raw: bytes, events: list[Event]) -> bytes:
        """Take the prompt off the start of a line, complete or not (MODEMS.md 2.1)."""
        line = raw.lstrip(b" ")
        if not line.startswith(b">"):
            return raw
        self._awaits_prompt = False
        events.append(Prompt())
        return line[1:]

    def _classify(self, text: str) -> Event | None:
        if (result := read_final(text)) is not None:
            return self._final(text, Ended(result=result))
        if (named := _NAMED.match(text)) is not None:
            return self._named(named.group(1).upper(), text)
        if (notice := text.upper()) in _NOTICES:
            return self._notice(notice, text)
        if self._header is not None:
            header, self._header = self._header, None
            return Unsolicited(name=header.name, text=header.text, pdu=text)
        return Line(text=text) if self._request else Unsolicited(name="", text=text)

    def _final(self, text: str, event: Ended) -> Event:
        """Return the final result, unless it only says that a caller has hung up."""
        self._lose_patience()
        if event.result.kind is ResultKind.NO_CARRIER and self._ringing:
            self._ringing = False
            return Unsolicited(name="NO CARRIER", text=text)
        if not (self._awaits_prompt and event.result.ok):
            self.end()  # An OK before the prompt is late and belongs to a command before.
        return event

    def _named(self, name: str, text: str) -> Event | None:
        self._lose_patience()
        if self._request is not None and name in self._request.prefixes:
            return Line(text=text)
        if name in _TWO_LINES and not holds_pdu(text):
            self._header = Unsolicited(name=name, text=text)
            self._patience = HEADER_PATIENCE
            return None
        return self._notice(name, text)

    def _notice(self, name: str, text: str) -> Unsolicited:
        self._ringing = self._ringing or name in _RINGING
        return Unsolicited(name=name, text=text)

    def _lose_patience(self) -> None:
        self._patience -= 1
        if self._patience <= 0:
            self._header = None


def _text_of(raw: bytes) -> str:
    """Decode a line: UTF-8 where it is that, else Latin-1, in which some write texts of menus."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
