"""What a command answers, and what the modem has to do besides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from hardware.simulator.commands.parse import Command, Kind
from hardware.simulator.device import Device


class Then(Enum):
    """What follows the answer."""

    NOTHING = auto()
    PROMPT = auto()
    """Ask for a PDU; ``Answer.length`` octets of it. Instead of a final result."""
    KNOCK = auto()
    """Something could be handed over that could not before."""
    SETTLE = auto()
    """The SIM starts: some commands come too early for a while. Then as KNOCK."""
    SILENCE = auto()
    """No answer at all; the next command gets one."""
    REBOOT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Something that is said when the answer is over."""

    line: str
    after: float
    """Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The information lines of one command; the final OK is understood."""

    lines: tuple[str, ...] = ()
    then: Then = Then.NOTHING
    length: int = 0
    """Octets of the TPDU that +CMGS announced."""
    final: bool = True
    """Whether a final result follows."""
    later: tuple[Later, ...] = ()


OK = Answer()

Handler = Callable[[Device, Command], Answer]
Table = dict[tuple[str, Kind], Handler]


def line(text: str) -> Answer:
    """An answer of one line."""
    return Answer(lines=(text,))


def said(text: str) -> Answer:
    """The same, or a plain OK when there is nothing to say."""
    return line(text) if text else OK


def ok(_device: Device, _command: Command) -> Answer:
    """Accept, and change nothing."""
    return OK


def constant(text: str) -> Handler:
    """A handler that always says the same."""
    return lambda _device, _command: line(text)
