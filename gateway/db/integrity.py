"""A damaged database is refused at the start, and never made anew by itself.

SQLite takes an empty file for a new database. A gateway that went on with one would have forgotten
what it sent, and would send it again when the stores repeat themselves.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from gateway.db.failures import DatabaseCorruptError, storage_errors

CHECKED_SIZE: Final = 64 * 1024 * 1024
"""Bytes up to which every page is looked at: some 60 ms on a good disk, 3 s on a bad card. In a
larger file the header and the schema are."""


def require_sound(engine: Engine, path: Path) -> None:
    """Pass when the file at ``path`` is a sound database, or is not there yet.

    Raises:
        DatabaseCorruptError: it is not; the text names the remedy.
        StorageError: it cannot be opened.
    """
    try:
        _require_file(path)
        _require_pages(engine, whole=_size(path) <= CHECKED_SIZE)
    except DatabaseCorruptError as error:
        raise DatabaseCorruptError(
            f"{path} is damaged ({error}); restore a backup with `shopbell restore FILE`"
        ) from error


def _require_pages(engine: Engine, *, whole: bool) -> None:
    with storage_errors(), engine.connect() as connection:
        if not whole:
            connection.exec_driver_sql("PRAGMA schema_version")
            return
        verdict = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if verdict != "ok":
        raise DatabaseCorruptError(str(verdict).splitlines()[-1])


def _require_file(path: Path) -> None:
    """Pass unless the file is gone or empty and its log is not, which SQLite would throw away."""
    log = path.with_name(path.name + "-wal")
    if _size(path) == 0 and _size(log) > 0:
        raise DatabaseCorruptError(f"it is missing or empty beside {log.name}, which is not")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
