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
from gateway.db.key import KeyFileError, key_path, load_keys, make_or_load_keys
from gateway.db.tables import CONSENT_EVENTS, NOTES
from gateway.domain.clock import Clock
from scoring.pseudonym import mark_of

_SUBJECT: Final = "ledger:keys"
_NOTED: Final = select(NOTES.c.facts).where(NOTES.c.subject == _SUBJECT)
_FIRST: Final = select(CONSENT_EVENTS.c.key).limit(1)


async def keep_keys(database: Database, file: Path, clock: Clock) -> tuple[bytes, ...]:
    """Return the keys of a database, the one in use first; make one where nothing needs another.

    Args:
        database: open for writing.
        file: of the database; the keys lie beside it.
        clock: tells when they are noted.

    Raises:
        KeyFileError: a key under which the ledger was written is not there.
        StorageError: the database failed.
    """
    path = key_path(file)
    if not path.exists():
        await database.read(lambda connection: _require(connection, (), path))
    keys = make_or_load_keys(path)
    await database.read(lambda connection: _require(connection, keys, path))
    await database.write(lambda connection: note_keys(connection, keys, clock.now()))
    return keys


def require_keys(connection: Connection, file: Path) -> tuple[bytes, ...]:
    """Return the keys of a database that is read; empty where there are none and none is needed.

    Raises:
        KeyFileError: a key under which the ledger was written is not there.
    """
    path = key_path(file)
    keys = load_keys(path) if path.exists() else ()
    _require(connection, keys, path)
    return keys


def note_keys(connection: Connection, keys: Sequence[bytes], now: datetime) -> None:
    """Note under which keys the ledger is written from now on."""
    marks = [mark_of(key) for key in keys]
    if _noted(connection) != marks:
        connection.execute(delete(NOTES).where(NOTES.c.subject == _SUBJECT))
        row = {"subject": _SUBJECT, "facts": json.dumps({"marks": marks}), "noted_at": now}
        connection.execute(insert(NOTES), row)


def _require(connection: Connection, keys: Sequence[bytes], path: Path) -> None:
    if connection.execute(_FIRST).first() is None:
        return
    there = {mark_of(key) for key in keys}
    if keys and there.issuperset(_noted(connection)):
        return
    found = "lacks a key under which" if keys else "is not there, and under it"
    raise KeyFileError(
        f"{path} {found} the ledger of consent was written: nobody who took a consent back would "
        "be known; restore that file from your backup"
    )


def _noted(connection: Connection) -> list[str]:
    facts = connection.execute(_NOTED).scalar_one_or_none()
    return [] if facts is None else list(map(str, json.loads(facts)["marks"]))
