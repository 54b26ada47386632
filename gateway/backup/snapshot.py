"""A consistent copy of a SQLite database, taken while a gateway writes to it.

``VACUUM INTO`` takes it in one read transaction. Measured at 330 MB beside a busy writer
(``python -m bench.backup``; docs/backup.md has the figures), it takes some seconds, in which no
commit took longer than 170 ms. The online backup in one step is no slower, but it copies free pages
too, in which what was erased could be left. In many small steps it never ends here: it begins anew
whenever somebody else has written, and meanwhile keeps the log from being emptied. The log grows by
what is committed during the one read alone.

The copy says of itself that it is one (`gateway.db.console.epochs`), so that whoever opens it
knows, however it was put in its place.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from gateway.backup.errors import BackupError
from gateway.db.console.epochs import EpochKind, begin_epoch
from gateway.db.migrate import VERSION_TABLE

BUSY: Final = 10.0
"""Seconds that another program's lock is waited for."""

COUNTED: Final = ("jobs", "archived_jobs", "consent_events", "inbound", "spent_jobs")
"""Tables whose rows are counted, for people and to compare."""

FILE_MODE: Final = 0o600


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What a copy holds."""

    schema: str
    """Its revision."""
    counts: Mapping[str, int]
    """Rows of some tables."""


def take_snapshot(source: Path, target: Path, now: datetime) -> Facts:
    """Copy a database into a new file, mark it as a copy and look through it.

    Args:
        source: the database; it is only read.
        target: a file that does not exist.
        now: the instant; the copy knows what was committed before it.

    Raises:
        BackupError: the source is damaged or cannot be read, or the copy is not whole.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))
    with _plain_words(source):
        _copy(source, target)
        if _has_epochs(target):
            _mark(target, now)
        facts = inspect(target)
    _sync(target)
    return facts


def inspect(file: Path) -> Facts:
    """Open a copy and say what it holds.

    Raises:
        BackupError: it is damaged, or no database of Shopbell's.
    """
    with _plain_words(file), closing(_open(file)) as connection:
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if verdict != "ok":
            raise BackupError(f"{file.name} is damaged: {str(verdict).splitlines()[-1]}")
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if VERSION_TABLE not in tables:
            raise BackupError(f"{file.name} is no database of Shopbell's")
        revision = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608
        counts = {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608
            for name in COUNTED
            if name in tables
        }
    return Facts(schema=str(revision[0]), counts=counts)


def _copy(source: Path, target: Path) -> None:
    with closing(_open(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    # What the source's connections need beside it, a copy that is closed does not.
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _open(file: Path) -> sqlite3.Connection:
    """Open a file that is not changed by it."""
    address = f"{file.resolve().as_uri()}?mode=ro"
    return sqlite3.connect(address, uri=True, timeout=BUSY, isolation_level=None)


def _has_epochs(file: Path) -> bool:
    """Tell whether it has the table; a database of before it is recognised by its diary alone."""
    with closing(_open(file)) as connection:
        query = "SELECT 1 FROM sqlite_master WHERE name = 'epochs'"
        return connection.execute(query).fetchone() is not None


def _mark(file: Path, now: datetime) -> None:
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.begin() as connection:
        begin_epoch(connection, EpochKind.COPY, now, copied_at=now)
    engine.dispose()


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _plain_words(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise BackupError(f"{file}: {error}") from error
