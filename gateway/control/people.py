"""Persons: found, and what is known of them shown or handed out.

What persons wish (`person`) is in `gateway.control.persons`, and what they allow in `consents` and
`by_hand`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.consent.retention import Periods
from gateway.consent.standing import standing_of
from gateway.control.conversations import shares_unclaimed, standing_document
from gateway.control.directory import Directory
from gateway.control.exports import export_of
from gateway.control.fields import needed, store_of, text_of
from gateway.control.history import ALWAYS, MOST_MESSAGES, history_of
from gateway.control.seeking import number_at
from gateway.control.server import Operation
from gateway.db.consent import events_of
from gateway.db.console.people import stores_of_number
from gateway.db.persons import find_person, persons_of_customer
from gateway.db.threads import received_from
from gateway.db.whereabouts import Sought
from gateway.dispatch import Context
from gateway.domain.errors import RejectedError
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.spelling import Spelling
from gateway.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class PeopleDesk:
    """Looks persons up.

    Attributes:
        settings: gives what the gateway goes by now.
        context: the database and the time.
        identities: who a number is in the ledger.
        directory: which number a pseudonym is.
    """

    settings: Callable[[], Settings]
    context: Context
    identities: Identities
    directory: Directory

    def operations(self) -> Mapping[str, Operation]:
        """Return what may be asked, by name.

        ``person_find``: fields ``number`` (as somebody writes it, read as the store's country or
        the box's has it), or ``customer`` (what the store calls them) with ``store``; with
        ``store`` only there. Returns a list with an object for each store that has to do with the
        person: ``{"store", "person" (the pseudonym), "number", "customer", "first_name",
        "standing"}``; empty: nobody knows them.

        ``person_history``: fields ``store``, and ``person`` (the pseudonym) or ``number``. Returns
        what `gateway.control.history.history_of` does.

        ``person_export``: the same fields; without ``store`` and by ``number``: of all stores.
        Returns the document of `shopbell person export`. `portable_table` of
        `gateway.dispatch.rights.access` makes the CSV of it.
        """
        return {
            "person_find": self._find,
            "person_history": self._history,
            "person_export": self._export,
        }

    async def _find(self, fields: Mapping[str, Any]) -> object:
        store, customer = store_of(fields), text_of(fields, "customer")
        if customer is not None:
            if store is None:
                raise RejectedError("malformed", "say whose customer: store", field="store")
            return await self.context.database.read(lambda c: self._called(c, store, customer))
        number = number_at(self.settings(), needed(fields, "number"), store)
        found = await self.context.database.read(lambda c: self._numbered(c, store, number))
        if found:
            self.directory.note([number])
        return found

    def _called(
        self, connection: Connection, store: StoreName, customer: str
    ) -> list[dict[str, Any]]:
        found = persons_of_customer(connection, store, customer)
        return [self._told(connection, store, one.number) for one in found]

    def _numbered(
        self, connection: Connection, store: StoreName | None, number: str
    ) -> list[dict[str, Any]]:
        stores = stores_of_number(connection, number, self.identities.all_of(number))
        stores |= self._written_to(connection, number)
        return [
            self._told(connection, one, number)
            for one in sorted(stores)
            if store is None or one == store
        ]

    def _written_to(self, connection: Connection, number: str) -> set[StoreName]:
        """Return whom a person wrote to; nobody's message is for all who may see it."""
        wrote = {one.store for one in received_from(connection, number, ALWAYS, MOST_MESSAGES)}
        settings = self.settings()
        if None in wrote and shares_unclaimed(settings):
            wrote |= {StoreName(one.name) for one in settings.store}
        return {one for one in wrote if one is not None}

    def _told(self, connection: Connection, store: StoreName, number: str) -> dict[str, Any]:
        persons = self.identities.all_of(number)
        known = find_person(connection, store, persons)
        return {
            "store": store,
            "person": persons[0],
            "number": number,
            "customer": known and known.customer,
            "first_name": known and known.first_name,
            "standing": standing_document(standing_of(events_of(connection, store, persons))),
        }

    async def _history(self, fields: Mapping[str, Any]) -> object:
        store = StoreName(needed(fields, "store"))
        number, persons = await self._whom(fields, store)
        return await self.context.database.read(
            lambda connection: history_of(
                connection,
                store,
                persons,
                number,
                unclaimed=shares_unclaimed(self.settings()),
                now=self.context.now(),
            )
        )

    async def _export(self, fields: Mapping[str, Any]) -> object:
        store = store_of(fields)
        number, persons = await self._whom(fields, store)
        if number is None:
            raise RejectedError(
                "unknown_person",
                "whose pseudonym this is cannot be told; search by the number again",
                field="person",
            )
        sought = Sought(spelling=Spelling(number), persons=persons, store=store)
        periods = Periods(**self.settings().retention.model_dump())
        return await self.context.database.read(
            lambda connection: export_of(
                connection, sought, periods=periods, now=self.context.now()
            )
        )

    async def _whom(
        self, fields: Mapping[str, Any], store: StoreName | None
    ) -> tuple[str | None, tuple[PersonId, ...]]:
        """Return the number, where it can be told, and the pseudonyms of who is meant."""
        person = text_of(fields, "person")
        if person is None:
            number = number_at(self.settings(), needed(fields, "number"), store)
            self.directory.note([number])
            return number, self.identities.all_of(number)
        if store is None:
            raise RejectedError("malformed", "store is missing", field="store")
        found = await self.context.database.read(
            lambda c: self.directory.find(c, store, PersonId(person))
        )
        return found, (PersonId(person),) if found is None else self.identities.all_of(found)
