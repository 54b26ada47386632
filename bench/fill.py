"""A database with many jobs in it, written by SQL: some that ended, and a queue of campaigns.

Rows go in without any index and without a journal, and the indexes are made at the end: ten million
jobs take some two minutes and five gigabytes.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from gateway.db.engine import writing_engine
from gateway.db.migrate import migrate

STORE: Final = "acme"
CAMPAIGNS: Final = 8
"""Among which what waits is dealt out."""
COUNTRY: Final = "44"

_AT_ONCE: Final = 500_000
"""Rows of a transaction."""
_DEADLINE: Final = timedelta(days=2)
_URGENCY: Final = 1
"""Of transactional messages: those need no consent on record, for a million persons."""

_NUMBERS: Final = """
    WITH RECURSIVE n(key) AS (SELECT :first UNION ALL SELECT key + 1 FROM n WHERE key < :last)
"""
_PERSON: Final = f"printf('+{COUNTRY}77009%05d', (key * 7919) % 100000)"

_JOBS: Final = f"""
    INSERT INTO jobs (key, store, id, digest, recipient, text, purpose, urgency, report,
        accepted_at, not_before, expires_at, state, seq, stage, tries, campaign, lane)
    {_NUMBERS}
    SELECT key, '{STORE}', printf('old-%09d', key), zeroblob(32), {_PERSON},
        'Your order ' || key || ' of last week has shipped.', 'transactional', {_URGENCY}, 1,
        :now, :now, :deadline, CASE WHEN key <= :ended THEN 'delivered' ELSE 'accepted' END,
        CASE WHEN key <= :ended THEN 3 ELSE 1 END,
        CASE WHEN key <= :ended THEN 'done' ELSE 'ready' END, 0,
        'campaign-' || key % {CAMPAIGNS}, 1 + key % {CAMPAIGNS}
    FROM n
"""  # noqa: S608 -- made of our own constants alone

_PARTS: Final = f"""
    INSERT INTO parts (key, job_key, number, tail, state, line, reference, handed_at, settled_at)
    {_NUMBERS}
    SELECT key, key, 1, substr({_PERSON}, -8),
        CASE WHEN key <= :ended THEN 'delivered' ELSE 'waiting' END,
        CASE WHEN key <= :ended THEN 'line-' || key % 64 END,
        CASE WHEN key <= :ended THEN key % 256 END, CASE WHEN key <= :ended THEN :now END,
        CASE WHEN key <= :ended THEN :now END
    FROM n
"""  # noqa: S608 -- likewise


def make_database(path: Path) -> None:
    """Make an empty database of this version, with the lanes of the queue that is to be in it."""
    engine = writing_engine(f"sqlite:///{path}", enforce_keys=False)
    migrate(engine)
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO lanes (key, urgency, store, campaign, destination, network)"
            " VALUES (?, ?, ?, ?, ?, '')",
            [
                (number + 1, _URGENCY, STORE, f"campaign-{number}", f"+{COUNTRY}")
                for number in range(CAMPAIGNS)
            ],
        )


def fill(path: Path, *, ended: int, waiting: int) -> None:
    """Put jobs into an empty database.

    Args:
        path: a database of `make_database`.
        ended: jobs that were delivered.
        waiting: jobs that may go at once.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    values = {"now": _written(now), "deadline": _written(now + _DEADLINE), "ended": ended}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
            connection.execute(f"PRAGMA {pragma}")
        indexes = _take_indexes(connection)
        for statement in (_JOBS, _PARTS):
            _write(connection, statement, ended + waiting, values)
        for index in indexes:
            connection.execute(index)
        connection.execute("PRAGMA journal_mode = WAL")


def _written(instant: datetime) -> str:
    """Return an instant as the gateway's own type writes it into SQLite."""
    return instant.strftime("%Y-%m-%d %H:%M:%S.%f")


def _write(
    connection: sqlite3.Connection, statement: str, last: int, values: dict[str, str | int]
) -> None:
    for first in range(1, last + 1, _AT_ONCE):
        end = min(first + _AT_ONCE - 1, last)
        connection.execute("BEGIN")
        connection.execute(statement, values | {"first": first, "last": end})
        connection.execute("COMMIT")


def _take_indexes(connection: sqlite3.Connection) -> list[str]:
    """Drop the indexes of the two tables and return how they were made."""
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master"
        " WHERE type = 'index' AND sql NOT NULL AND tbl_name IN ('jobs', 'parts')"
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    return [sql for _, sql in found]
