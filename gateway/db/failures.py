"""The border at which the database's own errors become the gateway's.

What says that the *storage* failed becomes a `StorageError`. What says that a statement was wrong
(a constraint, a missing column) is the business of whoever wrote it, and passes as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InternalError, OperationalError

from gateway.domain.errors import StorageError, StorageFullError


class DatabaseCorruptError(StorageError):
    """The file is no database, or is a damaged one."""


BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
CORRUPT: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
FAILED: Final = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOLFS,
    }
)
"""SQLite's primary result codes (sqlite.org/rescode.html) that tell of the machine."""

DISK_FULL: Final = "53100"
"""PostgreSQL's SQLSTATE for a full disk."""


@contextmanager
def storage_errors() -> Iterator[None]:
    """Translate what is raised inside.

    Raises:
        StorageFullError: there is no room.
        DatabaseCorruptError: the file is damaged.
        StorageError: the storage failed in another way, or is locked.
    """
    try:
        yield
    except DBAPIError as error:
        translated = _translate(error)
        if translated is None:
            raise
        raise translated from error


def is_busy(error: DBAPIError) -> bool:
    """Tell whether another program holds the lock."""
    return _sqlite_code(error) in BUSY


def _translate(error: DBAPIError) -> StorageError | None:
    code = _sqlite_code(error)
    return _translate_server(error) if code is None else _translate_sqlite(code, str(error.orig))


def _translate_sqlite(code: int, text: str) -> StorageError | None:
    if code == sqlite3.SQLITE_FULL:
        return StorageFullError(f"the disk is full: {text}")
    if code in CORRUPT:
        return DatabaseCorruptError(f"the database is damaged: {text}")
    if code in BUSY:
        return StorageError(f"another program holds the database: {text}")
    return StorageError(f"the database failed: {text}") if code in FAILED else None


def _translate_server(error: DBAPIError) -> StorageError | None:
    if getattr(error.orig, "sqlstate", None) == DISK_FULL:
        return StorageFullError(f"the database server's disk is full: {error.orig}")
    if isinstance(error, OperationalError | InternalError):
        return StorageError(f"the database server failed: {error.orig}")
    return None


def _sqlite_code(error: DBAPIError) -> int | None:
    """The primary result code; the extended one has more bits above it."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF
