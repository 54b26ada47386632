"""What lies in a modem's storages (``AT+CMGL``), and what to do where a list is none.

Lists hang, name wrong places, leave messages out and lose their end (MODEMS.md 4.6, 4.7). Then
every place is read alone, each in a turn of its own, so that sending goes on meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import structlog

from gateway.at import Answer, Slot, Stored, Usage, read_indices, read_list
from gateway.domain.errors import CommandTimeoutError
from gateway.modem.link.link import Link
from gateway.modem.receive.places import Deletion, Places, UnreadableError
from gateway.modem.start.storages import Storages

log = structlog.get_logger(__name__)

PLACES_MAX: Final = 1024
"""Places of one storage that are read, whatever it says of its size; true ones have up to 500."""

PLACES_UNTOLD: Final = 50
"""Places that a storage is taken to have that does not tell; most SIMs have fewer."""

SILENT_MAX: Final = 2
"""Places that do not answer, after which a modem is left alone; one may be broken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """What lies in a storage."""

    entries: tuple[Stored, ...] = ()
    """Each with its place."""
    usage: Usage | None
    """What the modem counts, which includes what cannot be read; None when it does not tell."""


class Shelf:
    """The stored messages of one modem.

    Attributes:
        lists: AT+CMGL can be trusted; goes off when it hangs or lies.
    """

    def __init__(self, link: Link, storages: Storages, *, lists: bool) -> None:
        self.lists = lists
        self._name = link.name
        self._storages = storages
        self._places = Places(link, storages)
        self._unlisted: dict[str, int] = {}

    @property
    def memories(self) -> list[str]:
        """The storages to look through; one without a name where none can be chosen."""
        return self._storages.swept if self._storages.arguments else [""]

    async def read(self, slot: Slot) -> Stored | None:
        """Return what lies in a place, as of `Places.read`."""
        return await self._places.read(slot)

    async def usage(self, memory: str | None) -> Usage | None:
        """Return how full a storage is, as of `Places.usage`; None: that of inbound messages."""
        return await self._places.usage(memory)

    async def contents(self, memory: str, *, trusting: bool = True) -> Contents:
        """Return what lies in a storage; a modem that cannot list is asked place by place.

        Args:
            memory: the storage.
            trusting: believe a modem that counts nothing; some do so just after they announced
                something (MODEMS.md 4.9).

        Raises:
            UnreadableError: it can be neither chosen nor read.
            CommandTimeoutError: no answer.
            LinkLostError: the link was lost.
        """
        usage = await self.usage(memory)
        if trusting and usage is not None and not usage.used:
            return Contents(usage=usage)
        entries = await self._list(memory) if self.lists else None
        if entries is None:
            entries = await self._walk(memory, usage, trusting=trusting)
        elif usage is not None:
            entries = await self._compared(memory, entries, usage)
        return Contents(entries=tuple(entries), usage=usage)

    async def delete(self, slot: Slot, stored: Stored) -> Deletion:
        """Free a place that holds what is given, as of `Places.delete`."""
        return await self._places.delete(slot, stored)

    def distrust(self, reason: str) -> None:
        """Do without lists from now on."""
        if self.lists:
            log.warning("list_not_trusted", modem=self._name, reason=reason)
        self.lists = False

    async def _list(self, memory: str) -> list[Stored] | None:
        """Return what a list tells; None when there is none, or it cannot be right."""
        try:
            answer = await self._places.list(memory)
        except CommandTimeoutError:
            self.distrust("no answer")
            return None
        indices = read_indices(answer.lines)[:PLACES_MAX]
        if len(set(indices)) < len(indices):
            self.distrust("two messages in one place")
            return None
        return await self._completed(memory, answer, indices) if answer.ok else None

    async def _completed(self, memory: str, answer: Answer, indices: list[int]) -> list[Stored]:
        """Read again what a list shows without its end."""
        shown = {entry.index: entry for entry in read_list(answer.lines)}
        found = []
        for index in indices:
            entry = shown.get(index)
            if entry is None or not entry.complete:
                entry = await self.read(Slot(memory=memory, index=index)) or entry
            if entry is not None:
                found.append(replace(entry, index=index))
        return found

    async def _compared(self, memory: str, listed: list[Stored], usage: Usage) -> list[Stored]:
        """Look once for what a list leaves out that is shorter than the modem's own count."""
        missing = usage.used - len(listed)
        if missing <= 0 or missing == self._unlisted.get(memory):
            return listed
        walked = await self._walk(memory, usage, trusting=True)
        if len(walked) > len(listed):
            self.distrust("it leaves messages out")
            return walked
        self._unlisted[memory] = missing
        return listed

    async def _walk(self, memory: str, usage: Usage | None, *, trusting: bool) -> list[Stored]:
        found: list[Stored] = []
        answered = silent = 0
        for index in range(min(usage.total if usage else PLACES_UNTOLD, PLACES_MAX) + 1):
            try:
                stored, empty = await self._places.look(memory, index)
            except CommandTimeoutError:
                silent += 1
                if silent >= SILENT_MAX:
                    raise
                continue
            answered += empty
            if stored is not None:
                found.append(replace(stored, index=index))
            if trusting and usage is not None and 0 < usage.used <= len(found):
                break
        if not found and not answered:
            raise UnreadableError(f"no place of the storage {memory} can be read")
        return found
