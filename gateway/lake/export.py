"""The export: what the gateway knows becomes the lake, month by month, only what has changed.

What an import brought of the same tables is left as it is, and what it tells of is not told again;
a table that has no rows is written without any.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from gateway.consent.rotation import aliases
from gateway.consent.withheld import withheld
from gateway.db import Reader
from gateway.db.consent import events_by_person
from gateway.db.history import (
    Month,
    Rows,
    message_months,
    messages_of,
    parts_of,
    persons,
    persons_mark,
    replies_of,
    reply_months,
)
from gateway.db.shop.history import months, rows_of
from gateway.lake.consents import consent_months
from gateway.lake.folder import LakeFolder, open_folder, place_of, stamps_of
from gateway.lake.forget import forget
from gateway.lake.person import Home, Persons
from gateway.lake.shop_tables import Prices
from gateway.lake.shops import ShopSource, bounds_of, shop_sources
from gateway.lake.tables import (
    message_batches,
    part_batches,
    person_batches,
    reply_batches,
    schema_of,
    without,
)
from scoring.pseudonym import mark_of
from scoring.schema import CONSENTS, MESSAGES, PARTS, PERSONS, REPLIES, TABLES

_FORM: Final = 3
"""Rises when the same rows become another file."""

_CONSENTS: Final = schema_of(CONSENTS)


@dataclass(kw_only=True, slots=True)
class Exported:
    """What an export did.

    Attributes:
        rows: of each table that was written, how many.
        written: files that were written.
        unchanged: files that were left, as their rows have not changed.
        removed: files of months that have no rows any more.
        withheld: rows that were taken out again, of persons who object, are restricted or erased.
    """

    rows: dict[str, int] = field(default_factory=dict)
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    withheld: int = 0


async def export(
    reader: Reader,
    folder: Path,
    *,
    key: bytes,
    homes: Mapping[str, Home],
    now: datetime,
    former: Sequence[bytes] = (),
    prices: Prices | None = None,
) -> Exported:
    """Bring a lake up to date with the database; a gateway may run meanwhile.

    Args:
        reader: of the database.
        folder: the lake.
        key: of the pseudonyms.
        homes: where each store is.
        now: the present instant; in its month tables without rows are filed.
        former: keys under which the ledger of consent was written before.
        prices: what sending costs; None: it is not known, and there are no costs.

    Raises:
        LakeFolderError: another export is at work in it, or it was written under another key.
        StorageError: the database cannot be read.
    """
    with open_folder(folder, mark_of(key)) as lake:
        work = _Export(lake, Persons(key, homes), sorted(homes), _digest(homes))
        for name, month in (await reader.read(message_months)).items():
            await reader.read(partial(work.messages, name, month))
        for name, month in (await reader.read(reply_months)).items():
            await reader.read(partial(work.replies, name, month))
        await reader.read(work.persons)
        await reader.read(partial(work.consents, [key, *former], now))
        await reader.read(partial(work.shops, prices))
        work.finish(f"{now:%Y-%m}")
        # Who came back by a month written anew, or by an import, goes again (G-10).
        persons = await reader.read(lambda connection: withheld(connection))
        left_out = forget(lake, {str(store): ids for store, ids in persons.items()})
        work.done.withheld = sum(left_out.rows.values())
        return work.done


def _digest(homes: Mapping[str, Home]) -> str:
    """Return what differs when the same rows would become another file."""
    return hashlib.sha256(f"{_FORM} {sorted(homes.items())}".encode()).hexdigest()[:12]


class _Export:
    """One export at work; its methods run in a reader's thread, one after the other."""

    def __init__(
        self, lake: LakeFolder, persons: Persons, stores: Sequence[str], form: str
    ) -> None:
        self.done = Exported()
        self._lake = lake
        self._persons = persons
        self._stores = stores
        self._form = form
        self._places: dict[str, set[str]] = {table: set() for table in TABLES}

    def messages(self, name: str, month: Month, connection: Connection) -> None:
        """Write a month's messages and parts, unless they are there already."""
        places = [place_of(table, name) for table in (MESSAGES, PARTS)]
        if not self._is_due(month.mark, places):
            return
        messages = message_batches(messages_of(connection, name, month), self._persons)
        parts = part_batches(parts_of(connection, name, month), self._persons)
        for table, place, some in zip((MESSAGES, PARTS), places, (messages, parts), strict=True):
            self._count(table.name, self._lake.write(place, some, schema_of(table)))
        self._note(month.mark, places)

    def replies(self, name: str, month: Month, connection: Connection) -> None:
        """Write what persons wrote in a month, unless it is there already."""
        places = [place_of(REPLIES, name)]
        if self._is_due(month.mark, places):
            rows = replies_of(connection, name, month)
            batches = reply_batches(rows, self._persons, self._stores)
            [place] = places
            self._count("replies", self._lake.write(place, batches, schema_of(REPLIES)))
            self._note(month.mark, places)

    def persons(self, connection: Connection) -> None:
        """Write who was written to or wrote, unless nobody came or went.

        Whom an import names already, under the same key, is left to it: a person has one row.
        """
        others, places = self._lake.others(PERSONS), [PERSONS.name]
        mark = f"{persons_mark(connection)} {stamps_of(others)}"
        if self._is_due(mark, places):
            batches = person_batches(persons(connection), self._persons, self._stores)
            batches = without(batches, others)
            self._count("persons", self._lake.write(PERSONS.name, batches, schema_of(PERSONS)))
            self._note(mark, places)

    def consents(self, keys: Sequence[bytes], now: datetime, connection: Connection) -> None:
        """Write what persons allowed and took back, in the months in which that has changed."""
        months = consent_months(
            events_by_person(connection),
            aliases=aliases(connection, keys),
            withheld=withheld(connection),
            now=now,
        )
        for name, month in months.items():
            place = place_of(CONSENTS, name)
            if self._is_due(month.mark, [place]):
                self._count("consents", self._lake.write(place, month.batches(), _CONSENTS))
                self._note(month.mark, [place])

    def shops(self, prices: Prices | None, connection: Connection) -> None:
        """Write what happened in shops and what was decided, where that has changed."""
        bounds = bounds_of(connection, self._persons, self._lake)
        for source in shop_sources(self._persons, bounds, self._lake, prices):
            found = months(connection, source.rows)
            for name, mark in _filed(source, found).items():
                place = place_of(source.table, name)
                if self._is_due(f"{source.mark} {mark}", [place]):
                    batches = source.batches(_rows(connection, source, name))
                    schema = schema_of(source.table)
                    self._count(source.table.name, self._lake.write(place, batches, schema))
                    self._note(f"{source.mark} {mark}", [place])

    def finish(self, month: str) -> None:
        """Remove what has no rows any more, and give every other table a file at least."""
        for name, places in self._places.items():
            self.done.removed += self._lake.drop_others(TABLES[name], places)
        for table in TABLES.values():
            self._lake.complete(table, month, schema_of(table))

    def _is_due(self, mark: str, places: Sequence[str]) -> bool:
        for place in places:
            self._places[place.partition("/")[0]].add(place)
        if all(self._lake.is_current(place, f"{self._form} {mark}") for place in places):
            self.done.unchanged += len(places)
            return False
        return True

    def _note(self, mark: str, places: Sequence[str]) -> None:
        for place in places:
            self._lake.note(place, f"{self._form} {mark}")
        self.done.written += len(places)

    def _count(self, table: str, rows: int) -> None:
        self.done.rows[table] = self.done.rows.get(table, 0) + rows


def _filed(source: ShopSource, found: Mapping[str, str]) -> Mapping[str, str]:
    """Return the marks of a table's files; one without months has one file."""
    if source.table.clock is not None:
        return found
    return {"": " ".join(sorted(found.values()))} if found else {}


def _rows(connection: Connection, source: ShopSource, month: str) -> Rows:
    return rows_of(connection, source.rows, month or None)
