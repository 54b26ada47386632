"""How a modem was set when it was found, so that a probe can leave it so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gateway.at.answer import fields
from gateway.modem.link import limits
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link


def _first(told: str) -> list[str]:
    return [fields(told)[0]]


def _all(told: str) -> list[str]:
    return [",".join(fields(told))]


def _names(told: str) -> list[str]:
    """Of ``"SM",3,30,"SM",3,30`` the names; some tell more of them than they take."""
    names = [f'"{field}"' for field in fields(told) if field.isalpha()]
    return [",".join(names[:count]) for count in range(len(names), 0, -1)]


_SETTINGS: Final[dict[str, Callable[[str], list[str]]]] = {
    "+CSMS": _first,
    "+CGSMS": _first,
    "+CNMI": _all,
    "+CPMS": _names,
    "+CMGF": _first,
    "+CMEE": _first,
}
"""By their commands, in the order in which they are put back; how each may be written, best
first."""


class Originals:
    """What was there, by the command that puts it back."""

    def __init__(self, commands: tuple[tuple[str, ...], ...]) -> None:
        self._commands = commands

    @classmethod
    async def read(cls, link: Link, *, echo: bool) -> Originals:
        """Ask for every setting that a probe changes; what a modem does not tell is left out.

        Args:
            link: the modem's port, in step.
            echo: whether it wrote back what was written to it.

        Raises:
            LinkLostError: the link was lost.
        """
        commands = []
        for name, write in _SETTINGS.items():
            told = (await ask(link, f"AT{name}?", limit=limits.SIM_COMMAND)).values(name)
            ways = [f"AT{name}={value}" for value in write(told[0])] if told else []
            commands.append(tuple(ways))
        commands.append(("ATE1",) if echo else ())
        return cls(tuple(filter(None, commands)))

    async def restore(self, link: Link) -> tuple[str, ...]:
        """Put everything back; return the commands that the modem refused.

        Raises:
            LinkLostError: the link was lost.
        """
        return tuple([ways[0] for ways in self._commands if not await _any_taken(link, ways)])


async def _any_taken(link: Link, ways: tuple[str, ...]) -> bool:
    for command in ways:
        answer = await ask(
            link, command, limit=limits.SIM_COMMAND, settle=limits.INFORMATION_SETTLES
        )
        if answer.ok:
            return True
    return False
