"""Which number a pseudonym stands for, of persons who were looked at.

Of whom a store told the number is in the database. Of who only wrote, or was only written to, the
pseudonym leads nowhere: it is remembered here, in memory alone, so that a page about a person needs
no number in its address. After a restart one searches again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.db.console.people import number_told
from gateway.domain.errors import RejectedError
from gateway.domain.ids import PersonId, StoreName

MOST: Final = 10_000
"""Persons that are remembered: some megabytes."""


class Directory:
    """Remembers numbers by their pseudonyms.

    Args:
        identities: who a number is in the ledger.
    """

    def __init__(self, identities: Identities) -> None:
        self._identities = identities
        self._known: OrderedDict[PersonId, str] = OrderedDict()

    def note(self, numbers: Iterable[str]) -> None:
        """Remember numbers in E.164; what is none is left out."""
        for number in numbers:
            if number.startswith("+"):
                person = self._identities.of(number)
                self._known[person] = number
                self._known.move_to_end(person)
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def forget(self, number: str) -> None:
        """Forget the number of who is erased."""
        for person in self._identities.all_of(number):
            self._known.pop(person, None)

    def find(self, connection: Connection, store: StoreName, person: PersonId) -> str | None:
        """Return the number of a store's person in E.164; None where nobody can tell."""
        return number_told(connection, store, person) or self._known.get(person)

    def number(self, connection: Connection, store: StoreName, person: PersonId) -> str:
        """Return the number of a store's person in E.164.

        Raises:
            RejectedError: nobody can tell it.
        """
        found = self.find(connection, store, person)
        if found is None:
            reason = "whose pseudonym this is cannot be told; search by the number again"
            raise RejectedError("unknown_person", reason, field="person")
        return found
