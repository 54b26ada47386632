"""How a stick speaks: forms of lines, results, commands it knows, and what it says by itself.

In every form ``{}`` stands for the text itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """Lines as octets (MODEMS.md 1.1, 1.2, 2.1)."""

    information: str = "\r\n{}\r\n"
    """A line of an answer."""
    final: str = "\r\n{}\r\n"
    """The final result of an answer."""
    unsolicited: str = "\r\n{}\r\n"
    echo: str = "{}"
    """What the host wrote, with the CR of it."""
    last_echo: str = "{}"
    """The echo of the command that switches it off."""
    obeys: bool = True
    """Whether ATE0 switches the echo off."""
    prompt: str = "\r\n> "


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Final results that are not OK (MODEMS.md 1.7, 2a)."""

    unsupported: str = "+CME ERROR: 4"
    """What it says to a command that it does not know."""
    level: int = 0
    """+CMEE after power-on."""
    words: bool = False
    """+CME errors come in words when numbers are asked for."""
    codes: Mapping[str, int] = field(default_factory=dict)
    """Its own codes for +CMS errors of the specification."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Habits of single commands.

    A command is named as written behind ``AT``: ``+CMMS=2``, or for all its values ``+CMMS=``.
    """

    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What it always answers; none: OK alone."""
    refused: tuple[str, ...] = ()
    """What it does not know."""
    without_ok: tuple[str, ...] = ()
    """Where no OK follows the information (MODEMS.md 1.8)."""
    sleeps_after: float = 0.0
    """Seconds without a command after which the next one is lost (MODEMS.md 1.11); zero: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What it says by itself, wherever it falls (MODEMS.md 1.5)."""

    lines: tuple[str, ...] = ()
    every: float = 0.0
    """Seconds between two of them, on average; zero: never."""
    quieted_by: tuple[str, ...] = ()
    """Commands that end it until the next power-on."""
