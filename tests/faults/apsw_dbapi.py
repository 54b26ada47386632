"""A DB-API face on apsw, as far as SQLAlchemy asks for one.

apsw speaks SQLite's own language and so lets a test stand between SQLite and the disk; the
gateway's engine speaks the DB-API. `driver` joins the two.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any

import apsw

_INTEGRITY = (apsw.ConstraintError,)
_OPERATIONAL = (
    apsw.BusyError,
    apsw.CantOpenError,
    apsw.FullError,
    apsw.IOError,
    apsw.LockedError,
    apsw.ReadOnlyError,
    apsw.SQLError,
)


@contextmanager
def _dbapi_errors() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        kind: type[sqlite3.Error] = sqlite3.DatabaseError
        if isinstance(error, _INTEGRITY):
            kind = sqlite3.IntegrityError
        elif isinstance(error, _OPERATIONAL):
            kind = sqlite3.OperationalError
        translated = kind(str(error))
        translated.sqlite_errorcode = getattr(error, "extendedresult", 0)
        raise translated from error


class Cursor:
    """Runs a statement to its end at once; the rows wait here."""

    arraysize = 1

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._rows: deque[Any] = deque()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Cursor:
        cursor = self._connection.cursor()
        cursor.exec_trace = self._describe
        before = self._connection.total_changes()
        with _dbapi_errors():
            self._rows = deque(cursor.execute(statement, tuple(parameters)))
        changed = self._connection.total_changes() - before
        self.rowcount = -1 if self.description and not changed else changed
        self.lastrowid = self._connection.last_insert_rowid()
        return self

    def executemany(self, statement: str, rows: Sequence[Sequence[Any]]) -> Cursor:
        changed = 0
        for parameters in rows:
            self.execute(statement, parameters)
            changed += max(0, self.rowcount)
        self.rowcount = changed
        return self

    def fetchone(self) -> Any:
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int = 1) -> list[Any]:
        return [self._rows.popleft() for _ in range(min(size, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        return self.fetchmany(len(self._rows))

    def close(self) -> None:
        self._rows.clear()

    def _describe(self, cursor: apsw.Cursor, _statement: str, _bindings: Any) -> bool:
        """Take the columns before the first step: afterwards apsw has none where no row came."""
        columns = cursor.get_description()
        self.description = [(name, *[None] * 6) for name, _type in columns] or None
        return True


class Connection:
    isolation_level = None

    def __init__(self, filename: str, *, vfs: str, timeout: float) -> None:
        with _dbapi_errors():
            self._connection = apsw.Connection(filename, vfs=vfs)
        self._connection.set_busy_timeout(int(timeout * 1000))

    def cursor(self) -> Cursor:
        return Cursor(self._connection)

    def create_function(self, name: str, count: int, call: Callable[..., Any], **_: Any) -> None:
        self._connection.create_scalar_function(name, call, count)

    def commit(self) -> None:
        self._end("COMMIT")

    def rollback(self) -> None:
        self._end("ROLLBACK")

    def close(self) -> None:
        with suppress(apsw.IOError):  # it is closed all the same
            self._connection.close()

    def _end(self, statement: str) -> None:
        if self._connection.in_transaction:
            with _dbapi_errors():
                self._connection.execute(statement)


def driver(vfs: str) -> ModuleType:
    """Return a DB-API module whose connections read and write through the named VFS."""

    def connect(filename: str, *, timeout: float = 5.0, **_: Any) -> Connection:
        return Connection(filename, vfs=vfs, timeout=timeout)

    module = ModuleType("apsw_dbapi")
    for name in ("Error", "DatabaseError", "IntegrityError", "OperationalError", "InternalError"):
        setattr(module, name, getattr(sqlite3, name))
    for name in ("InterfaceError", "ProgrammingError", "NotSupportedError", "DataError", "Binary"):
        setattr(module, name, getattr(sqlite3, name))
    version = tuple(int(number) for number in apsw.sqlite_lib_version().split("."))
    vars(module).update(connect=connect, paramstyle="qmark", sqlite_version_info=version)
    return module
