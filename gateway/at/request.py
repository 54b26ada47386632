"""A command as the parser has to know it, to tell its answer from everything else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NAME: Final = re.compile(r"AT([+^#*_$%&][A-Z0-9]+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One command line.

    Raises:
        ValueError: the text holds a control character, which would end the command early.
    """

    text: str
    """As written, without its carriage return."""
    prefixes: frozenset[str]
    """What begins an answer's lines before their colon, in upper case, such as ``+CSQ``."""
    prompt: bool = False
    """Whether the modem asks for a PDU before its final result."""

    def __post_init__(self) -> None:
        if not self.text.isprintable():
            raise ValueError("a command is one line of printable characters")


def request(text: str, *also: str, prompt: bool = False) -> Request:
    """Return the request for a command; its own name is the prefix of its answer.

    Args:
        text: the command, such as ``AT+CREG?``.
        also: further prefixes that some modems answer with, such as ``^ICCID`` to ``AT+CCID``.
        prompt: the command asks for a PDU.
    """
    name = _NAME.match(text)
    own = {name.group(1).upper()} if name else set()
    return Request(text=text, prefixes=frozenset(own | set(also)), prompt=prompt)
