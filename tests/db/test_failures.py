"""Foreign errors at the border."""

import sqlite3
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
)

from gateway.db.failures import DatabaseCorruptError, DatabaseLostError, storage_errors
from gateway.domain.errors import StorageError, StorageFullError


def sqlite_error(code: int) -> OperationalError:
    original = sqlite3.OperationalError("as SQLite says")
    original.sqlite_errorcode = code
    return OperationalError(None, None, original)


def server_error(kind: type[DBAPIError], sqlstate: str | None) -> DBAPIError:
    original = Exception("as the server says")
    vars(original).update(SimpleNamespace(sqlstate=sqlstate).__dict__)
    return kind(None, None, original)


@pytest.mark.parametrize(
    ("foreign", "ours"),
    [
        (sqlite_error(sqlite3.SQLITE_FULL), StorageFullError),
        (sqlite_error(sqlite3.SQLITE_IOERR), StorageError),
        (sqlite_error(sqlite3.SQLITE_IOERR_FSYNC), StorageError),
        (sqlite_error(sqlite3.SQLITE_READONLY_DBMOVED), StorageError),
        (sqlite_error(sqlite3.SQLITE_CANTOPEN), StorageError),
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), StorageError),
        (sqlite_error(sqlite3.SQLITE_CORRUPT), DatabaseCorruptError),
        (sqlite_error(sqlite3.SQLITE_NOTADB), DatabaseCorruptError),
        (server_error(OperationalError, "53100"), StorageFullError),
        (server_error(OperationalError, "57P01"), DatabaseLostError),
        (server_error(OperationalError, "08006"), DatabaseLostError),
        (server_error(OperationalError, None), DatabaseLostError),
        (server_error(InternalError, "25006"), DatabaseLostError),
        (server_error(OperationalError, "53300"), StorageError),
        (server_error(OperationalError, "57014"), StorageError),
        (server_error(InternalError, "25P02"), StorageError),
    ],
)
def test_a_failure_of_the_storage_becomes_ours(
    foreign: DBAPIError, ours: type[StorageError]
) -> None:
    with pytest.raises(StorageError) as caught, storage_errors():
        raise foreign
    assert str(foreign.orig) in str(caught.value)
    assert type(caught.value) is ours
    assert caught.value.__cause__ is foreign


@pytest.mark.parametrize(
    "foreign",
    [
        sqlite_error(sqlite3.SQLITE_ERROR),
        sqlite_error(sqlite3.SQLITE_CONSTRAINT),
        server_error(IntegrityError, "23505"),
        server_error(InterfaceError, None),
    ],
)
def test_a_wrong_statement_stays_its_writers_error(foreign: DBAPIError) -> None:
    with pytest.raises(type(foreign)), storage_errors():
        raise foreign
