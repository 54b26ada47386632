"""The folder of a lake: one export at a time, whole files in place of whole files, and a state.

The state tells which month was written from which rows (`gateway.db.history.Month.mark`) and under
which key. Files that are not ours, such as an import's, are never touched.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from gateway.domain.errors import ShopbellError
from scoring.pseudonym import EXPORT_STATE
from scoring.schema import VERSION, Table

FILE: Final = "gateway.parquet"
EMPTY: Final = "empty.parquet"
"""A table without rows, so that whoever reads the lake finds its columns."""

_LOCK: Final = ".export.lock"
_DRAFT: Final = ".draft"


class LakeFolderError(ShopbellError):
    """The folder cannot be exported to."""


class LakeFolder:
    """A lake that is being written; use `open_folder`."""

    def __init__(self, path: Path, marks: dict[str, str], key: str) -> None:
        self._path = path
        self._marks = marks
        self._key = key

    def is_current(self, place: str, mark: str) -> bool:
        """Tell whether a table's month, such as ``messages/month=2026-11``, has these rows."""
        return self._marks.get(place) == mark and (self._path / place / FILE).is_file()

    def write(self, place: str, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> int:
        """Write a table's month, or the whole of one without months; return its rows.

        The file takes the place of the old one when it is whole.
        """
        file = self._path / place / FILE
        file.parent.mkdir(parents=True, exist_ok=True)
        rows = 0
        with pq.ParquetWriter(_draft(file), schema, compression="zstd") as writer:
            for some in batches:
                writer.write_batch(some)
                rows += some.num_rows
        _put(_draft(file), file)
        return rows

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._path

    def replace(self, file: Path, table: pa.Table) -> None:
        """Put rows in place of those of a file, whosever it is."""
        pq.write_table(table, _draft(file), compression="zstd")
        _put(_draft(file), file)

    def others(self, table: Table) -> list[Path]:
        """Return a table's files that are not ours."""
        files = (self._path / table.name).rglob("*.parquet")
        return sorted(file for file in files if file.name not in (FILE, EMPTY))

    def note(self, place: str, mark: str) -> None:
        """Keep from which rows a place was written."""
        self._marks[place] = mark
        state = {"version": VERSION, "key": self._key, "marks": self._marks}
        file = self._path / EXPORT_STATE
        _draft(file).write_text(json.dumps(state, indent=1, sort_keys=True))
        _put(_draft(file), file)

    def drop_others(self, table: Table, places: Iterable[str]) -> int:
        """Delete our files of months that have no rows any more; return how many."""
        right = {self._path / place / FILE for place in places}
        gone = [file for file in (self._path / table.name).rglob(FILE) if file not in right]
        for file in gone:
            self._marks.pop(str(file.parent.relative_to(self._path)), None)
            file.unlink()
        return len(gone)

    def complete(self, table: Table, month: str, schema: pa.Schema) -> None:
        """Leave a table with a file at least, be it one without rows."""
        files = set((self._path / table.name).rglob("*.parquet"))
        blank = {file for file in files if file.name == EMPTY}
        if files - blank:
            for file in blank:
                file.unlink()
        elif not files:
            file = self._path / place_of(table, month) / EMPTY
            file.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(schema.empty_table(), _draft(file))
            _put(_draft(file), file)


def place_of(table: Table, month: str) -> str:
    """Return where a month of a table lies in the lake."""
    return table.name if table.clock is None else f"{table.name}/month={month}"


def stamps_of(files: Iterable[Path]) -> str:
    """Return what differs when one of some files does."""
    return " ".join(f"{file.name} {file.stat().st_mtime_ns}" for file in files)


@contextmanager
def open_folder(path: Path, key: str) -> Iterator[LakeFolder]:
    """Open a lake for writing, alone.

    Args:
        path: the folder, made where it is not there.
        key: tells one key of pseudonyms from another.

    Raises:
        LakeFolderError: another export is at work in it, or it was written under another key.
    """
    path.mkdir(parents=True, exist_ok=True)
    with (path / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LakeFolderError(f"another export writes into {path}; wait for its end") from None
        for draft in path.rglob(f".*{_DRAFT}"):  # of an export that was killed
            draft.unlink()
        yield LakeFolder(path, _read_marks(path, key), key)


def key_of(path: Path) -> str | None:
    """Return the mark of the key under which a lake was exported; None where it was not."""
    try:
        state: dict[str, Any] = json.loads((path / EXPORT_STATE).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return state.get("key")


def _read_marks(path: Path, key: str) -> dict[str, str]:
    try:
        state: dict[str, Any] = json.loads((path / EXPORT_STATE).read_text())
    except (FileNotFoundError, ValueError):
        return {}
    if state.get("key") != key:
        raise LakeFolderError(
            f"{path} was written under another key: its persons would become others; restore the "
            "key from your backup, or export into a new folder"
        )
    marks = state.get("marks") if state.get("version") == VERSION else None
    return dict(marks) if isinstance(marks, dict) else {}


def _draft(file: Path) -> Path:
    return file.with_name(f".{file.name}{_DRAFT}")


def _put(draft: Path, file: Path) -> None:
    """Put a whole file in place, also against a power cut."""
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.replace(file)
