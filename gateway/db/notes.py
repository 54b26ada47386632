"""Notes on modems and SIMs: facts by subject, as JSON. What they mean is for others to know."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select, update

from gateway.db.database import Database
from gateway.db.tables import NOTES
from gateway.domain.clock import Clock
from gateway.domain.errors import StorageError


class DatabaseNotebook:
    """Keeps notes in the database, as the port `gateway.modem.known.notebook.Notebook` asks."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def read(self, subject: str) -> Mapping[str, object]:
        """Return what is noted of a subject; empty when nothing is.

        Raises:
            StorageError: it cannot be read, or is no JSON object.
        """
        noted = select(NOTES.c.facts).where(NOTES.c.subject == subject)
        written = await self._database.read(lambda c: c.execute(noted).scalar_one_or_none())
        return {} if written is None else _facts(written)

    async def write(self, subject: str, facts: Mapping[str, object]) -> None:
        """Keep these facts in place of all earlier ones; none at all forgets the subject.

        Raises:
            StorageError: it could not be kept.
        """
        values = {"facts": json.dumps(facts, sort_keys=True), "noted_at": self._clock.now()}

        def change(connection: Connection) -> None:
            if not facts:
                connection.execute(delete(NOTES).where(NOTES.c.subject == subject))
                return
            noted = update(NOTES).where(NOTES.c.subject == subject).values(**values)
            if connection.execute(noted).rowcount == 0:
                connection.execute(insert(NOTES), {"subject": subject, **values})

        await self._database.write(change)


def _facts(written: str) -> Mapping[str, object]:
    try:
        facts = json.loads(written)
    except ValueError as error:
        raise StorageError("a note is no JSON") from error
    if not isinstance(facts, dict):
        raise StorageError("a note is no JSON object")
    return facts
