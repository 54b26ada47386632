"""One gateway to a SQLite database.

The lock is on a file beside the database and belongs to the process: the kernel lifts it when the
process ends, however it ends, so that a file left behind locks nothing. The file is never removed,
since another process may be about to lock it. The PID in it is for people.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from gateway.db.engine import sqlite_path
from gateway.domain.errors import StorageError

TRIES: Final = 5
PAUSE: Final = 0.02
"""Seconds between tries: `running_gateway` holds the lock for an instant when it looks."""


class DatabaseInUseError(StorageError):
    """Another process has the database open for writing.

    Attributes:
        pid: that process, or None where it did not say.
    """

    def __init__(self, path: Path, pid: int | None) -> None:
        owner = "another process" if pid is None else f"process {pid}"
        super().__init__(f"{path} is in use by {owner}: stop it first, only one may write to it")
        self.pid = pid


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold the lock of the database at ``path``.

    Raises:
        DatabaseInUseError: another holds it.
        StorageError: the lock file cannot be made.
    """
    descriptor = _open(path, os.O_RDWR | os.O_CREAT)
    try:
        if not _try_lock(descriptor, fcntl.LOCK_EX, TRIES):
            raise DatabaseInUseError(path, _read_pid(descriptor))
        _write_pid(descriptor)
        yield
    finally:
        os.close(descriptor)


def running_gateway(url: str) -> int | None:
    """Return the PID of the process that has the database open for writing, or None.

    0 stands for one that has not said its PID yet. On PostgreSQL, where several may run, it is
    always None.
    """
    path = sqlite_path(url)
    if path is None or not _lock_file(path).exists():
        return None
    descriptor = _open(path, os.O_RDONLY)
    try:
        return None if _try_lock(descriptor, fcntl.LOCK_SH, 1) else _read_pid(descriptor) or 0
    finally:
        os.close(descriptor)


def require_unused(url: str) -> None:
    """Pass while no process has the database open for writing; another may come right after.

    Raises:
        DatabaseInUseError: one has.
    """
    path = sqlite_path(url)
    if path is not None and (pid := running_gateway(url)) is not None:
        raise DatabaseInUseError(path, pid or None)


def _lock_file(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _open(path: Path, flags: int) -> int:
    try:
        return os.open(_lock_file(path), flags, 0o644)
    except OSError as error:
        raise StorageError(f"cannot open {_lock_file(path)}: {error.strerror}") from error


def _try_lock(descriptor: int, kind: int, tries: int) -> bool:
    for left in reversed(range(tries)):
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return True
        if left:
            time.sleep(PAUSE)
    return False


def _write_pid(descriptor: int) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)


def _read_pid(descriptor: int) -> int | None:
    text = os.pread(descriptor, 32, 0).strip()
    return int(text) if text.isdigit() else None
