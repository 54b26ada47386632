"""The message memories of a modem: SM and ME for messages, SR for status reports.

Clauses: 27.005, 3.2.2 (+CPMS), 3.4.2 to 3.5.4. A slot keeps its number until it is deleted. What
memories a kind of stick has, and how it talks about them, is its personality's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum


class Status(IntEnum):
    """``stat`` of a stored message (27.005, 3.1)."""

    UNREAD = 0
    READ = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is in a slot."""

    tpdu: bytes
    """Without the service centre address."""
    status: Status = Status.UNREAD


class Memory:
    """One memory of a fixed number of slots."""

    def __init__(self, slots: int, first: int = 1) -> None:
        self.slots = slots
        self.first = first
        self._stored: dict[int, Stored] = {}

    @property
    def used(self) -> int:
        """How many slots hold something."""
        return len(self._stored)

    @property
    def places(self) -> range:
        """The numbers of its slots."""
        return range(self.first, self.first + self.slots)

    @property
    def full(self) -> bool:
        """Whether nothing more goes in."""
        return self.used >= self.slots

    def put(self, tpdu: bytes) -> int:
        """Store in the first free slot and return its number; `full` must be asked before."""
        index = next(slot for slot in self.places if slot not in self._stored)
        self._stored[index] = Stored(tpdu=tpdu)
        return index

    def read(self, index: int) -> Stored | None:
        """What is in a slot, as it was before this reading marks it as read."""
        stored = self._stored.get(index)
        if stored is not None:
            self._stored[index] = replace(stored, status=Status.READ)
        return stored

    def listing(self, wanted: frozenset[Status]) -> list[tuple[int, Stored]]:
        """Slots of the wanted states in order, marked as read by this."""
        found = [(at, kept) for at, kept in sorted(self._stored.items()) if kept.status in wanted]
        for index, _ in found:
            self.read(index)
        return found

    def delete(self, index: int) -> bool:
        """Free a slot; false when it was free."""
        return self._stored.pop(index, None) is not None

    def delete_all(self, wanted: frozenset[Status]) -> None:
        """Free every slot whose message is in one of the wanted states."""
        self._stored = {at: kept for at, kept in self._stored.items() if kept.status not in wanted}
