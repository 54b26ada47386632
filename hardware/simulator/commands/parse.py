"""A command line taken apart.

Clauses: V.250, 5.2 (command line), 5.3 (basic syntax), 5.4 (extended syntax).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from hardware.simulator.errors import CmeError

SYNTAX = 100
"""+CME ERROR: unknown; what is said of a line that is no command."""

BAD_PARAMETER = 50
"""+CME ERROR: incorrect parameters."""


class Kind(Enum):
    """What is wanted of a command."""

    EXECUTE = auto()
    READ = auto()
    TEST = auto()
    SET = auto()


_SUFFIXES = {Kind.EXECUTE: "", Kind.READ: "?", Kind.TEST: "=?", Kind.SET: "="}


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command of a line."""

    name: str
    """In capitals, with its prefix: ``E``, ``&F``, ``+CMGS``."""
    kind: Kind
    argument: str = ""
    """What stands behind ``=``, or the number of a basic command."""

    @property
    def label(self) -> str:
        """Its name and what is wanted, without a value: ``+CMGS=``, ``+CPIN?``."""
        return self.name + _SUFFIXES[self.kind]

    @property
    def text(self) -> str:
        """As it is written behind ``AT``."""
        return self.label + self.argument

    def among(self, names: Collection[str]) -> bool:
        """Whether it is named, with its value or for all of them."""
        return bool(names) and (self.text in names or self.label in names)

    def values(self) -> list[str]:
        """The arguments, without quotes and blanks."""
        return [value.strip().strip('"') for value in self.argument.split(",")]

    def number(self, at: int = 0, default: int | None = None) -> int:
        """One argument as a number.

        Raises:
            CmeError: it is none, or is missing and has no default.
        """
        values = self.values()
        value = values[at] if at < len(values) else ""
        if value.isdigit():
            return int(value)
        if value or default is None:
            raise CmeError(BAD_PARAMETER)
        return default


_COMMAND = re.compile(
    r"(?P<extended>[+^#*$%!][A-Z0-9]+)(?P<suffix>=\?|\?|=(?:\"[^\"]*\"|[^;\"])*)?(?:;|$)"
    r"|D(?P<dial>.*)"
    r"|(?P<basic>S\d+|&?[A-Z])(?P<value>\?|=\?|=?\d*)",
    re.IGNORECASE,
)


@lru_cache
def parse_line(body: str) -> tuple[Command, ...]:
    """The commands of a line, without its ``AT``.

    Raises:
        CmeError: something in it is no command.
    """
    commands = []
    at = 0
    body = body.rstrip()
    while at < len(body):
        match = _COMMAND.match(body, at)
        if match is None or match.end() == at:
            raise CmeError(SYNTAX)
        commands.append(_command(match))
        at = match.end()
        while at < len(body) and body[at] in " ;":
            at += 1
    return tuple(commands)


def _command(match: re.Match[str]) -> Command:
    if match["extended"]:
        return _with_suffix(match["extended"].upper(), match["suffix"] or "")
    if match["dial"] is not None:
        return Command(name="D", kind=Kind.SET, argument=match["dial"])
    suffix = match["value"]
    if suffix.isdigit():
        return Command(name=match["basic"].upper(), kind=Kind.EXECUTE, argument=suffix)
    return _with_suffix(match["basic"].upper(), suffix)


def _with_suffix(name: str, suffix: str) -> Command:
    if suffix == "=?":
        return Command(name=name, kind=Kind.TEST)
    if suffix == "?":
        return Command(name=name, kind=Kind.READ)
    if suffix.startswith("="):
        return Command(name=name, kind=Kind.SET, argument=suffix[1:])
    return Command(name=name, kind=Kind.EXECUTE)
