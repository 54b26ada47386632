"""Files of the operator's, changed whole or not at all, and secrets for their owner alone."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o600


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let one command at a time change what lies in a folder; another one waits."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def replace_text(path: Path, text: str) -> None:
    """Replace a file by one with this text, of the same mode and owner; links are followed."""
    path = path.resolve()
    before = path.stat()
    _put(path, text, stat.S_IMODE(before.st_mode), (before.st_uid, before.st_gid))


def write_text(
    path: Path, text: str, *, mode: int = PRIVATE, owner: tuple[int, int] | None = None
) -> bool:
    """Make a file what it should be; tell whether that changed it.

    Args:
        path: of the file.
        text: what it should hold.
        mode: its permissions.
        owner: user and group id; None: who runs this. Only root can give a file away.
    """
    if _is_already(path, text, mode, owner):
        return False
    _put(path, text, mode, owner)
    return True


def owner_of(path: Path) -> tuple[int, int] | None:
    """Return who should own what is written beside ``path``: its owner, where we can tell."""
    if os.geteuid() != 0:
        return None
    found = path.stat()
    return found.st_uid, found.st_gid


def mode_beside(path: Path) -> int:
    """Return the mode of a secret that whoever reads ``path`` has to read too.

    A group alone that may read it, and not everybody, is there on purpose: the gateway's, say.
    """
    readers = stat.S_IMODE(path.stat().st_mode) & (stat.S_IRGRP | stat.S_IROTH)
    return PRIVATE | stat.S_IRGRP if readers == stat.S_IRGRP else PRIVATE


def read_raw(path: Path) -> str:
    """Return a file's text with its line ends as they are."""
    return path.read_bytes().decode("utf-8")


def _is_already(path: Path, text: str, mode: int, owner: tuple[int, int] | None) -> bool:
    try:
        found = path.lstat()
        same = read_raw(path) == text
    except (FileNotFoundError, UnicodeDecodeError):
        return False
    owned = owner is None or (found.st_uid, found.st_gid) == owner
    return same and owned and stat.S_ISREG(found.st_mode) and stat.S_IMODE(found.st_mode) == mode


def _put(path: Path, text: str, mode: int, owner: tuple[int, int] | None) -> None:
    try:
        _put_draft(path, path.with_name(f".{path.name}.{os.getpid()}"), text, mode, owner)
    except OSError as error:
        error.filename = str(path)  # the operator knows of no draft
        raise


def _put_draft(
    path: Path, draft: Path, text: str, mode: int, owner: tuple[int, int] | None
) -> None:
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(descriptor, "wb") as sink:
            sink.write(text.encode())
            if owner is not None and os.geteuid() == 0:
                os.fchown(sink.fileno(), *owner)
            os.fchmod(sink.fileno(), mode)
            sink.flush()
            os.fsync(sink.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
