"""Engines: how a connection to the database is made, and what holds on every one of them.

The same code serves SQLite and PostgreSQL; what only SQLite needs (pragmas, its own ``BEGIN``) is
here and nowhere else, and what only PostgreSQL needs in `gateway.db.server`. Statements, threads
and errors are not this module's concern.

What is not set here, and was measured on a database of ten million archived jobs and a million that
wait (``python -m bench.history``):

- ``cache_size`` and ``mmap_size``: to admit a job costs 69 µs of CPU with a thousand jobs in the
  database, 70 with a million and 72 with eleven; neither setting changes that. What is at work is
  small, and the system's own cache has it.
- ``auto_vacuum``: pages that the queue frees are taken by the archive and by the next jobs; after
  80,000 jobs had moved, 44 pages of two million were free. What an erasure leaves is overwritten
  (``secure_delete``), and `gateway.db.scrub` writes the file anew where it must be.
- ``ANALYZE`` and ``PRAGMA optimize``: the statements are written for their indexes, and
  `tests/db/test_plans.py` holds them to these without statistics. With those of that database one
  of 47 plans turned into a scan of all reports, and a queue that is empty at night and full at noon
  has no statistics that are right.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import NullPool, Pool, QueuePool

from gateway.db import server
from gateway.db.prepared import run_text
from gateway.db.stock import forget_at_rollback
from gateway.db.unclaimed import remember_reports
from gateway.domain.errors import StorageError

SYNCHRONOUS: Final = "FULL"
"""An fsync at every commit. With NORMAL a power cut takes back commits whose SMS already went out
(RELIABILITY.md, finding 6); `tests/faults/test_power_cut.py` shows that it would."""

BUSY_TIMEOUT: Final = 5.0
"""Seconds for which SQLite itself waits for another program's lock before it says "busy"."""

WAL_KEPT: Final = 16 * 1024 * 1024
"""Bytes that the log file may keep after a checkpoint, so that one burst does not hold a small
disk's room for ever."""

STATEMENTS: Final = 256
"""Prepared statements that a connection keeps; the gateway has fewer."""

READERS: Final = 4
"""Connections for reading at once: the console, the command line and the publisher."""


def sqlite_path(url: str) -> Path | None:
    """Return the database's file, with symbolic links followed, or None when it is no SQLite file.

    Two links to one file are one database, and so they share its lock.
    """
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite" or not parts.database or parts.database == ":memory:":
        return None
    return Path(parts.database).resolve()


def writing_engine(
    url: str, driver: ModuleType | None = None, *, enforce_keys: bool = True
) -> Engine:
    """Return an engine whose transactions hold the write lock from their start.

    Args:
        url: ``sqlite:///path`` or ``postgresql+psycopg://…``.
        driver: a DB-API module to take the place of `sqlite3`.
        enforce_keys: off only for a migration, which rebuilds tables that others refer to; a server
            has no such switch and rebuilds none.

    Raises:
        StorageError: the driver is not installed.
    """
    engine = _engine(url, driver, poolclass=NullPool)
    forget_at_rollback(engine)
    if engine.dialect.name == "sqlite":
        remember_reports(engine)
        event.listen(
            engine,
            "connect",
            _pragmas(
                journal_mode="WAL",
                synchronous=SYNCHRONOUS,
                foreign_keys="ON" if enforce_keys else "OFF",
                journal_size_limit=WAL_KEPT,
                secure_delete="ON",
            ),
        )
        # A transaction that reads first and writes later fails at once, whatever the time-out,
        # when another has written in between (SQLITE_BUSY_SNAPSHOT); one that begins as a writer
        # does not.
        event.listen(engine, "begin", _beginner("BEGIN IMMEDIATE"))
    else:
        server.prepare(engine, writing=True, statements=STATEMENTS)
        engine = engine.execution_options(isolation_level="READ COMMITTED")
    return engine


def reading_engine(url: str, driver: ModuleType | None = None) -> Engine:
    """Return an engine of at most `READERS` connections that cannot change anything.

    Raises:
        StorageError: the driver is not installed.
    """
    engine = _engine(url, driver, poolclass=QueuePool, pool_size=READERS, max_overflow=0)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _pragmas(query_only="ON"))
        event.listen(engine, "begin", _beginner("BEGIN"))
    else:
        server.prepare(engine, writing=False, statements=STATEMENTS)
        # One state of the database for a whole read, as SQLite has it.
        engine = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    return engine


def _engine(
    url: str, driver: ModuleType | None, *, poolclass: type[Pool], **options: Any
) -> Engine:
    # Parameters are people's numbers and texts: no message of an error may show them.
    options |= {"hide_parameters": True, "poolclass": poolclass}
    path = sqlite_path(url)
    if path is None:
        return _server_engine(url, options)
    arguments = {
        "timeout": BUSY_TIMEOUT,
        "isolation_level": None,
        "check_same_thread": False,
        "cached_statements": STATEMENTS,
    }
    return create_engine(
        make_url(url).set(database=str(path)), module=driver, connect_args=arguments, **options
    )


def _server_engine(url: str, options: dict[str, Any]) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":  # a database in memory, of tests alone
        return create_engine(url, **options)
    try:
        return create_engine(url, connect_args=server.arguments(), **options)
    except ModuleNotFoundError as error:
        raise StorageError(
            f"PostgreSQL needs the extra `postgres` ({error.name} is not installed): "
            "pip install 'shopbell[postgres]'"
        ) from error


def _pragmas(**values: object) -> Any:
    def apply(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for name, value in values.items():
            cursor.execute(f"PRAGMA {name} = {value}")
        cursor.close()

    return apply


def _beginner(statement: str) -> Any:
    def begin(connection: Connection) -> None:
        run_text(connection, statement)

    return begin
