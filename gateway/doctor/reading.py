"""Looking into the database without leaving anything beside it."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Final
from urllib.parse import quote

from gateway.db.engine import reading_engine
from gateway.db.failures import storage_errors
from gateway.db.lock import running_gateway
from gateway.db.migrate import VERSION_TABLE, revision_of, revisions
from gateway.doctor.database import DatabaseFacts
from gateway.domain.errors import StorageError
from gateway.settings import DatabaseSettings

CHECKED_WITHIN: Final = 6.0
"""Seconds for looking through the file: some two gigabytes on a good disk."""

_STEPS: Final = 10_000
"""Of SQLite's machine between two looks at the time: some milliseconds."""

_REVISION: Final = f"SELECT version_num FROM {VERSION_TABLE}"  # noqa: S608 -- our own word


def look(settings: DatabaseSettings) -> DatabaseFacts:
    """Look at the database and its keys."""
    file = settings.file
    facts = DatabaseFacts(
        place=settings.url if file is None else str(file),
        exists=settings.may_exist,
        known=tuple(revisions()),
        process=running_gateway(settings.url),
        key=str(settings.key_path),
        key_mode=_mode(settings.key_path),
    )
    if not facts.exists:
        return facts
    return _look_at_server(facts, settings.address) if file is None else _look_at_file(facts, file)


def _look_at_server(facts: DatabaseFacts, url: str) -> DatabaseFacts:
    try:
        engine = reading_engine(url)
        with storage_errors(), engine.connect() as connection:
            facts = replace(facts, revision=revision_of(connection))
        engine.dispose()
    except StorageError as error:
        return replace(facts, trouble=str(error))
    return facts


def _look_at_file(facts: DatabaseFacts, file: Path) -> DatabaseFacts:
    log = file.with_name(f"{file.name}-wal")
    facts = replace(
        facts, octets=file.stat().st_size, log=log.stat().st_size if log.exists() else 0
    )
    try:
        with closing(sqlite3.connect(_address(file, facts), uri=True, timeout=2.0)) as connection:
            return replace(facts, sound=_check(connection), revision=_revision(connection))
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            return replace(facts, trouble=str(error))
        return replace(facts, sound=str(error))


def _address(file: Path, facts: DatabaseFacts) -> str:
    """Return how to open the file: where nobody writes, without the files that readers share.

    With them, a doctor that is root would leave files beside it that the gateway cannot write.
    """
    still = facts.process is None and facts.log == 0
    return f"file:{quote(str(file))}?mode=ro{'&immutable=1' if still else ''}"


def _check(connection: sqlite3.Connection) -> str | None:
    """Return what SQLite says of the file; None when it takes too long."""
    end = monotonic() + CHECKED_WITHIN
    connection.set_progress_handler(lambda: monotonic() > end, _STEPS)
    try:
        [verdict] = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            return None
        raise
    finally:
        connection.set_progress_handler(None, 0)
    return str(verdict).splitlines()[-1]


def _revision(connection: sqlite3.Connection) -> str | None:
    try:
        row = connection.execute(_REVISION).fetchone()
    except sqlite3.OperationalError:
        return None
    return None if row is None else str(row[0])


def _mode(file: Path) -> int | None:
    try:
        return stat.S_IMODE(file.stat().st_mode)
    except OSError:
        return None
