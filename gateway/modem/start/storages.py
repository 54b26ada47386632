"""Where a modem keeps messages, and how it wants to be told which storage is meant (``AT+CPMS``).

Modems want one, two or three arguments and know one to five storages (MODEMS.md 4.1-4.4). What was
found out once at the start, down the ladder of the modem's profile, is used for every later read.
"""

from __future__ import annotations

from typing import Final

from gateway.at import Answer, Usage, read_memories, read_usage
from gateway.modem.known.profile import Ladders
from gateway.modem.link import limits
from gateway.modem.link.asking import ask
from gateway.modem.link.link import Link
from gateway.modem.link.turn import Turn

REPORTS: Final = "SR"
"""Where modems keep delivery reports."""

_PARTS: Final = ("SM", "ME")
"""MT, where there is one, is both together."""

_UNTOLD: Final = ("SM", "ME", REPORTS)
"""What a modem is taken to have that names none."""


class Storages:
    """The storages of one modem.

    Attributes:
        known: those that the modem names, or the usual ones where it names none.
        home: where inbound messages are kept; empty when the modem cannot be told.
        arguments: with how many AT+CPMS is taken; 0 when with none.
    """

    def __init__(self, known: tuple[str, ...] = (), home: str = "", arguments: int = 0) -> None:
        self.known = known
        self.home = home
        self.arguments = arguments
        self._selected = home

    def adopt(self, found: Storages) -> None:
        """Take over what was found later, once the modem's SMS service had started."""
        self.known, self.home, self.arguments = found.known, found.home, found.arguments
        self._selected = found.home

    @property
    def swept(self) -> list[str]:
        """The storages to look through for what came in while nobody read."""
        parts = [name for name in self.known if name in _PARTS]
        return [name for name in self.known if name in (parts or [self.home]) or name == REPORTS]

    async def select(self, turn: Turn, memory: str) -> bool:
        """Read and delete in ``memory`` from now on; return whether the modem agreed.

        Raises:
            CommandTimeoutError: no answer.
            LinkLostError: the link was lost.
        """
        if memory == self._selected or not self.arguments:
            return memory == self._selected
        answer = await turn.command(
            _command(memory, self.home, self.arguments),
            limit=limits.SIM_COMMAND,
            settle=limits.INFORMATION_SETTLES,
        )
        if answer.ok:
            self._selected = memory
        return answer.ok

    async def usage(self, turn: Turn) -> Usage | None:
        """Return how full the selected storage is, or None when the modem does not tell.

        Raises:
            CommandTimeoutError: no answer.
            LinkLostError: the link was lost.
        """
        answer = await turn.command("AT+CPMS?", limit=limits.SIM_COMMAND)
        return read_usage(answer.lines)


async def find_storages(
    link: Link, ladders: Ladders, *, home: str = "", arguments: int = 0
) -> Storages:
    """Find out which storages there are and choose the home of inbound messages.

    Args:
        link: the modem's port.
        ladders: what its profile says.
        home: what was chosen the last time, tried first with ``arguments``; empty when that is not
            known.
        arguments: how many it took then.

    Raises:
        LinkLostError: the link was lost.
    """
    told = read_memories((await ask(link, "AT+CPMS=?", limit=limits.SIM_COMMAND)).lines)
    known = told or _UNTOLD
    rungs = [
        (name, count)
        for name in ladders.memories
        if name in known
        for count in ladders.memory_arguments
    ]
    for name, count in dict.fromkeys([(home, arguments), *rungs] if home in known else rungs):
        if (await _choose(link, name, count)).ok:
            return Storages(known, name, count)
    return Storages()


async def _choose(link: Link, home: str, arguments: int) -> Answer:
    return await ask(
        link,
        _command(home, home, arguments),
        limit=limits.SIM_COMMAND,
        settle=limits.INFORMATION_SETTLES,
    )


def _command(memory: str, home: str, arguments: int) -> str:
    names = [memory, *[home] * (arguments - 1)]
    return "AT+CPMS=" + ",".join(f'"{name}"' for name in names)
