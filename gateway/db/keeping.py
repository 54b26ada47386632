"""The keys under which the ledger was written have to be there, or nobody who said no is known.

What tells one key from another, and nothing of it, is kept among the notes of the database. So a
database without its key, or beside another one's, is found out before anybody is written to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from gateway.db.database import Database
from gateway.db.key import KeyFileError, load_keys, make_or_load_keys
from gateway.db.locks import hold
from gateway.db.tables import CONSENT_EVENTS, NOTES
from gateway.domain.clock import Clock
from scoring.pseudonym import mark_of

_SUBJECT: Final = "ledger:keys"
_NOTED: Final = select(NOTES.c.facts).where(NOTES.c.subject == _SUBJECT)
_REMEDY: Final = {
    False: "restore that file from your backup",
    True: "copy that file from another gateway of this database, or from your backup",
}
_FIRST: Final = select(CONSENT_EVENTS.c.key).limit(1)


async def keep_keys(database: Database, path: Path, clock: Clock) -> tuple[bytes, ...]:
    """Return the keys of a database, the one in use first; make one where nothing needs another.

    Args:
        database: open for writing.
        path: of the file that the keys lie in.
        clock: tells when they are noted.

    Raises:
        KeyFileError: a key under which the ledger was written is not there.
        StorageError: the database failed.
    """
    shared = not database.exclusive
    await database.read(lambda connection: _require(connection, _found(path), path, shared=shared))
    keys = make_or_load_keys(path)

    def keep(connection: Connection) -> None:
        hold(connection, "keys")  # of two first gateways one is the first
        _require(connection, keys, path, shared=shared)
        note_keys(connection, keys, clock.now())

    await database.write(keep)
    return keys


def require_keys(connection: Connection, path: Path) -> tuple[bytes, ...]:
    """Return the keys of a database that is read; empty where there are none and none is needed.

    Raises:
        KeyFileError: a key under which the ledger was written is not there.
    """
    keys = _found(path)
    _require(connection, keys, path, shared=connection.dialect.name != "sqlite")
    return keys


def _found(path: Path) -> tuple[bytes, ...]:
    return load_keys(path) if path.exists() else ()


def note_keys(connection: Connection, keys: Sequence[bytes], now: datetime) -> None:
    """Note under which keys the ledger is written from now on."""
    marks = [mark_of(key) for key in keys]
    if _noted(connection) != marks:
        connection.execute(delete(NOTES).where(NOTES.c.subject == _SUBJECT))
        row = {"subject": _SUBJECT, "facts": json.dumps({"marks": marks}), "noted_at": now}
        connection.execute(insert(NOTES), row)


def _require(connection: Connection, keys: Sequence[bytes], path: Path, *, shared: bool) -> None:
    """Pass where the keys are those of the database, or where nothing hangs on them yet.

    Where several gateways share it, each needs them from the first one's start on: else a person
    would have a name by each.
    """
    noted = _noted(connection)
    needed = (shared and noted) or connection.execute(_FIRST).first() is not None
    there = {mark_of(key) for key in keys}
    if not needed or (keys and there.issuperset(noted)):
        return
    found = "lacks a key under which" if keys else "is not there, and under it"
    raise KeyFileError(
        f"{path} {found} the ledger of consent was written: nobody who took a consent back would "
        f"be known; {_REMEDY[shared]}"
    )


def _noted(connection: Connection) -> list[str]:
    facts = connection.execute(_NOTED).scalar_one_or_none()
    return [] if facts is None else list(map(str, json.loads(facts)["marks"]))
