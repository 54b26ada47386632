"""Makes a backup: a snapshot, the keys and the configuration, in one file that appears whole.

Everything is written under a name that begins with a dot, brought to the disk, and renamed. A
process that is killed leaves such a name, which the next one removes; it leaves no half backup.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from gateway.backup.archive import describe, write_archive
from gateway.backup.errors import BackupError
from gateway.backup.manifest import CONFIGURATION, DATABASE, KEYS, Manifest
from gateway.backup.snapshot import take_snapshot
from gateway.domain.failpoint import Failpoint, reach

_DRAFTS: Final = ".shopbell-backup-"

_SPARE: Final = 32 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """What is copied."""

    database: Path
    keys: Path
    configuration: str | None
    """Without its secrets; None: none goes with it."""
    node: str
    version: str


def make_backup(source: Source, target: Path, now: datetime, *, force: bool = False) -> Manifest:
    """Make a backup of a database that may be at work; it takes a while, and a thread.

    Args:
        source: what is copied; it is only read.
        target: the file; it is as secret as the box.
        now: the instant; the copy knows what was committed before it.
        force: whether a file that is there is replaced.

    Raises:
        BackupError: there is no room, or such a file already, or the database is damaged.
    """
    _require_target(source, target, force=force)
    with _draft_folder(target.parent) as folder:
        files = {DATABASE: folder / DATABASE}
        facts = take_snapshot(source.database, files[DATABASE], now)
        reach(Failpoint.BACKUP_COPIED)
        if source.keys.exists():
            files[KEYS] = _copied(source.keys, folder / KEYS)
        if source.configuration is not None:
            files[CONFIGURATION] = folder / CONFIGURATION
            files[CONFIGURATION].write_text(source.configuration, encoding="utf-8")
        manifest = Manifest(
            version=source.version,
            schema=facts.schema,
            node=source.node,
            copied_at=now,
            counts=facts.counts,
            members={name: describe(file) for name, file in files.items()},
        )
        draft = folder / "whole"
        write_archive(draft, manifest, files)
        reach(Failpoint.BACKUP_WRITTEN)
        _put(draft, target, force=force)
    return manifest


def clear_drafts(folder: Path) -> None:
    """Remove what backups left behind that did not live to their end."""
    for draft in folder.glob(f"{_DRAFTS}*"):
        owner = draft.name.removeprefix(_DRAFTS).partition("-")[0]
        if not _is_alive(owner):
            shutil.rmtree(draft, ignore_errors=True)


def _is_alive(owner: str) -> bool:
    if not owner.isdigit():
        return False
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _require_target(source: Source, target: Path, *, force: bool) -> None:
    if not source.database.exists():
        raise BackupError(f"there is no database {source.database} yet")
    if target.is_dir():
        raise BackupError(f"{target} is a folder; name a file in it")
    if not target.parent.is_dir():
        raise BackupError(f"there is no folder {target.parent}; create it first")
    if target.exists() and not force:
        raise BackupError(f"{target} exists; name another file, or say --force")
    # The copy, and the file that is made of it: in the worst case both are as large.
    needed = 2 * source.database.stat().st_size + _SPARE
    free = shutil.disk_usage(target.parent).free
    if free < needed:
        raise BackupError(
            f"a backup needs up to {needed // 10**6} MB in {target.parent}, and "
            f"{free // 10**6} MB are free; make room, or name a file on another disk"
        )


@contextmanager
def _draft_folder(folder: Path) -> Iterator[Path]:
    clear_drafts(folder)
    try:
        draft = Path(tempfile.mkdtemp(prefix=f"{_DRAFTS}{os.getpid()}-", dir=folder))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BackupError(f"{folder}: {reason}; name a folder that may be written to") from error
    try:
        yield draft
    except OSError as error:
        raise BackupError(f"{folder}: {(error.strerror or str(error)).lower()}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _copied(source: Path, target: Path) -> Path:
    target.touch(mode=0o600)
    target.write_bytes(source.read_bytes())
    return target


def _put(draft: Path, target: Path, *, force: bool) -> None:
    if force:
        draft.replace(target)
    else:
        try:
            os.link(draft, target)  # never over another that came meanwhile
        except FileExistsError:
            raise BackupError(f"{target} exists by now; nothing was replaced") from None
        except OSError:  # a file system without links
            draft.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names of a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # not every file system can
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
