"""A quoted text that goes on over several lines, as answers to ``AT+CUSD`` do (MODEMS.md 7.4).

A text is over with its closing quote. Some modems leave that out, so that a result, another
``+NAME:`` or too much text ends it too; a line ``OK`` inside of a text therefore counts as the
result.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from gateway.at.events import Line, Unsolicited
from gateway.at.final import read_final

MAX_LINES: Final = 32
MAX_TEXT: Final = 4096
"""Characters; the longest true text, 182 characters as UCS-2 in hexadecimal digits, has 728."""

_OPENED: Final = re.compile(r'\+CUSD\s*:[^,"]*,\s*"(.*)', re.IGNORECASE)
_CLOSED: Final = re.compile(r'"\s*(,\s*\d*\s*)?\Z')
_NAMED: Final = re.compile(r"[+^][A-Z]{2,}[A-Z0-9]*\s*:")
_NUMERIC: Final = frozenset({"0", "3", "4", "NA"})
"""Results of ATV0 and of one vendor, which a line of a text is sooner."""


def is_opened(text: str) -> bool:
    """Return whether a line begins a quoted text and does not end it."""
    opened = _OPENED.match(text)
    return opened is not None and not _CLOSED.search(opened.group(1))


class Quoted:
    """A text that waits for its closing quote."""

    def __init__(self, first: Line | Unsolicited) -> None:
        self.event = first
        """What was read so far; its lines are separated by LF."""
        self._lines = 1

    def take(self, text: str) -> bool:
        """Add a line; return whether the text is over."""
        self.event = replace(self.event, text=f"{self.event.text}\n{text}"[:MAX_TEXT])
        self._lines += 1
        full = self._lines >= MAX_LINES or len(self.event.text) >= MAX_TEXT
        return full or _CLOSED.search(text) is not None


def is_foreign(text: str) -> bool:
    """Return whether a line cannot belong to a text, so that the text is over before it."""
    if _NAMED.match(text):
        return True
    return text.upper() not in _NUMERIC and read_final(text) is not None
