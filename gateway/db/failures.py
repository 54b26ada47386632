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


class DatabaseLostError(StorageError):
    """The server does not answer, or has cut us off."""


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
LOCKED: Final = "55P03"
READ_ONLY: Final = "25006"
GONE: Final = ("08", "57P01", "57P02", "57P03", READ_ONLY)
"""The connection failed, the server is shutting down, has crashed or is starting, or it only copies
another one now: a new connection may find one that takes changes."""
CONTENDED: Final = frozenset({"40001", "40P01"})
"""The transaction lost to another's, which it stood in the way of."""
UNFIT: Final = "22"
"""A value is none of its column's; the server quotes it."""
OVERTAKEN: Final = "23"
"""A constraint does not hold: another may just have written the row that we looked for."""


@contextmanager
def storage_errors() -> Iterator[None]:
    """Translate what is raised inside.

    Raises:
        StorageFullError: there is no room.
        DatabaseCorruptError: the file is damaged.
        DatabaseLostError: the server does not answer.
        StorageError: the storage failed in another way, or is locked.
    """
    try:
        yield
    except DBAPIError as error:
        translated = _translate(error)
        if translated is None:
            _hush(error)
            raise
        raise translated from error


def is_busy(error: DBAPIError) -> bool:
    """Tell whether another holds the lock."""
    return _sqlite_code(error) in BUSY or _state(error) == LOCKED


def is_lost(error: DBAPIError) -> bool:
    """Tell whether a server cannot be reached any more; whether at COMMIT is for others to know."""
    if _sqlite_code(error) is not None:
        return False
    # The driver's own errors, such as a connection that was refused, have no state.
    state = _state(error)
    unsaid = state is None and isinstance(error, OperationalError)
    return error.connection_invalidated or unsaid or (state or "").startswith(GONE)


def is_contended(error: DBAPIError) -> bool:
    """Tell whether a transaction was undone for the sake of another's; again, it may succeed."""
    return _state(error) in CONTENDED


def may_be_overtaken(error: DBAPIError) -> bool:
    """Tell whether a row that another wrote meanwhile can be the reason; then it is found now."""
    return (_state(error) or "").startswith(OVERTAKEN)


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
    if _state(error) == DISK_FULL:
        return StorageFullError(f"the database server's disk is full: {_said(error)}")
    if _state(error) == READ_ONLY:
        return DatabaseLostError(f"the database server takes no changes: {_said(error)}")
    if is_lost(error):
        return DatabaseLostError(f"the database server does not answer: {_said(error)}")
    if isinstance(error, OperationalError | InternalError):
        return StorageError(f"the database server failed: {_said(error)}")
    return None


def _hush(error: DBAPIError) -> None:
    """Leave out of a server's error what it says of values: they are people's numbers and texts.

    Its detail names the key in question, and what cannot be converted stands in its first line.
    """
    state = _state(error)
    if state is not None:
        said = f"SQLSTATE {state}" if state.startswith(UNFIT) else f"{_said(error)} ({state})"
        error.args = (said,)
        error.orig.args = (said,)  # type: ignore[union-attr]


def _said(error: DBAPIError) -> str:
    """Return what a server or its driver said, in one line and without the values in question."""
    primary = getattr(getattr(error.orig, "diag", None), "message_primary", None)
    return " ".join(str(primary or error.orig).split())


def _state(error: DBAPIError) -> str | None:
    """Return PostgreSQL's SQLSTATE (appendix A of its manual)."""
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state


def _sqlite_code(error: DBAPIError) -> int | None:
    """The primary result code; the extended one has more bits above it."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF
