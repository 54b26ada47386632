"""Leaves nothing of what was deleted in the database's files.

A deleted row is overwritten with zeros (``secure_delete``, see `gateway.db.engine`), but the log
still has the pages as they were, and a file of before that setting, or a page that was split, may
have a copy where no row is. So the log is emptied, the file is looked through, and where anything
is left of what was to go it is written anew. That holds up the writer for as long as it takes to
copy the file, some seconds for a hundred megabytes; it is done only when it has to be.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import structlog

from gateway.db.engine import sqlite_path
from gateway.domain.spelling import LONGEST, Spelling

log = structlog.get_logger(__name__)

CHUNK: Final = 1 << 22
"""Octets that are looked through at once."""

PATIENCE: Final = 30.0
"""Seconds that it waits for the writer to let it in, to write the file anew."""

LOG_PATIENCE: Final = 0.5
"""Seconds that it waits for readers to let go of the log: the writer waits with it, so it is rather
tried again."""

_BESIDE: Final = ("", "-wal", "-shm", "-journal")


def files_of(url: str) -> list[Path]:
    """Return the files in which a SQLite database is kept; none for another one."""
    path = sqlite_path(url)
    if path is None:
        return []
    beside = (path.with_name(path.name + ending) for ending in _BESIDE)
    return [file for file in beside if file.exists()]


def scrub(url: str, spelling: Spelling | None) -> bool:
    """Empty the log, and write the file anew where it is needed; blocking.

    Args:
        url: of the database.
        spelling: of the number that may not be left; None: it cannot be told by looking, since
            another store has the person too, and so the file is written anew.

    Returns:
        Whether nothing is left; always true where that cannot be told.
    """
    path = sqlite_path(url)
    if path is None:
        return True
    try:
        emptied = _write_anew(url, path, spelling)
    except sqlite3.OperationalError as error:  # no room for a copy, or the writer lets nobody in
        log.warning("database_not_scrubbed", reason=str(error))
        return False
    if not emptied:
        log.warning("log_not_emptied", remedy="a reader holds it; it is tried again")
    return emptied and not (spelling and _is_left(url, spelling))


def _write_anew(url: str, path: Path, spelling: Spelling | None) -> bool:
    """Empty the log and, where it is needed, write the file anew; return whether it is empty."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        if not _empty_log(connection):
            return False
        if spelling is None or _is_left(url, spelling):
            log.info("database_written_anew", octets=path.stat().st_size)
            connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
            connection.execute("VACUUM")
            return _empty_log(connection)
    return True


def _is_left(url: str, spelling: Spelling) -> bool:
    return any(holds(file, spelling) for file in files_of(url))


def holds(file: Path, spelling: Spelling) -> bool:
    """Tell whether a file holds a number; one that is gone holds none."""
    last = b""
    try:
        with file.open("rb") as source:
            while chunk := source.read(CHUNK):
                seen = last + chunk
                if spelling.is_in(seen):
                    return True
                last = seen[-LONGEST:]
    except FileNotFoundError:
        return False
    return False


def _empty_log(connection: sqlite3.Connection) -> bool:
    """Bring the log into the file and cut it off; return whether nobody kept it from that."""
    connection.execute(f"PRAGMA busy_timeout = {LOG_PATIENCE * 1000:.0f}")
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
