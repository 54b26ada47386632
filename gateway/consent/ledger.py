"""What the ledger says of the persons that one look at the gate is about, read at once.

It lives as long as that look: it is made, read and dropped inside one transaction, in which nothing
is written to the ledger meanwhile, so that it cannot be out of date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.consent.standing import Standing, standing_of
from gateway.db.consent import events_of, histories_of
from gateway.domain.consent import Asked, Recorded
from gateway.domain.ids import PersonId, StoreName


class Ledger:
    """Standings, by store and person."""

    def __init__(self, connection: Connection, identities: Identities) -> None:
        self._connection = connection
        self._identities = identities
        self._read: dict[tuple[StoreName, PersonId], Standing] = {}

    def read(self, questions: Iterable[Asked]) -> None:
        """Read all that is asked about, a statement for each store."""
        asked: dict[StoreName, dict[str, tuple[PersonId, ...]]] = {}
        for one in questions:
            asked.setdefault(one.store, {})[one.recipient] = self._identities.all_of(one.recipient)
        for store, persons in asked.items():
            self._read_of(store, list(persons.values()))

    def _read_of(self, store: StoreName, persons: Sequence[tuple[PersonId, ...]]) -> None:
        every = [name for names in persons for name in names]
        histories = histories_of(self._connection, store, every)
        for names in persons:
            found = [one for name in names for one in histories.get(name, ())]
            self._read[store, names[0]] = _standing(found)

    def standing(self, store: StoreName, persons: Sequence[PersonId]) -> Standing:
        """Return what a person allows a store.

        Args:
            store: whose.
            persons: the person's pseudonyms, the one in use first.
        """
        known = self._read.get((store, persons[0]))
        return standing_of(events_of(self._connection, store, persons)) if known is None else known


def _standing(history: list[Recorded]) -> Standing:
    """Return the standing; the events of one person under several pseudonyms are put in order."""
    return standing_of(sorted(history, key=lambda one: one.key)) if history else _NOTHING


_NOTHING: Final = Standing()
