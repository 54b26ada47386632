"""Puts a backup in the place of a database: all of it or nothing, and the old one is kept aside.

1. The backup is unpacked beside the database and checked: nothing is changed yet.
2. What is to be done is written down (`Plan`), in one rename. From that instant the new database is
   in force, whatever happens: who opens the database next finishes what was begun.
3. The old files are moved into a folder of their own, the new ones into their place, the database
   last; and what was written down is removed.

A process that is killed before 2 leaves the old database, and a folder that the next one removes; a
process that is killed after it leaves the new one.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gateway.backup.archive import read_archive
from gateway.backup.errors import BackupError
from gateway.backup.making import sync_folder
from gateway.backup.manifest import CONFIGURATION, DATABASE, KEYS, Manifest
from gateway.backup.snapshot import inspect
from gateway.db.key import KeyFileError, load_keys
from gateway.db.migrate import revisions
from gateway.domain.failpoint import Failpoint, reach

_STAGES: Final = ".restoring-"
_PLAN: Final = ".restore"
"""What follows the database's name in that of the file in which stands what is to be done."""

_BESIDE: Final = ("", "-wal", "-shm", "-journal")
"""What SQLite calls its files."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Where a gateway has its database, and the keys of it."""

    database: Path
    keys: Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Staged:
    """A backup that was unpacked and checked, and is not in force."""

    folder: Path
    manifest: Manifest


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is to be done, as it is written down."""

    stage: str
    """The folder with what is new."""
    aside: str
    """The folder for what was there."""
    database: str
    keys: str


def stage(file: Path, places: Places) -> Staged:
    """Unpack and check a backup beside the database; nothing is changed.

    Raises:
        BackupError: it is damaged, newer than this program, or without the keys of its ledger.
    """
    folder = places.database.parent
    _clear_stages(folder)
    try:
        stage = Path(tempfile.mkdtemp(prefix=_STAGES, dir=folder))
    except OSError as error:
        raise BackupError(f"{folder}: {(error.strerror or str(error)).lower()}") from error
    try:
        manifest = read_archive(file, stage)
        _require_known(file, manifest, inspect(stage / DATABASE).schema)
        _require_keys(file, stage, places.keys)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise
    return Staged(folder=stage, manifest=manifest)


def put_in_place(staged: Staged, places: Places, now: datetime) -> Path:
    """Let what was staged be the database; return the folder in which the old one is.

    The caller has the database's lock.
    """
    name = places.database.name
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = places.database.with_name(f"{name}.before-{stamp}")
    aside.mkdir(mode=0o700, exist_ok=True)
    (staged.folder / CONFIGURATION).unlink(missing_ok=True)
    sync_folder(staged.folder)
    reach(Failpoint.RESTORE_STAGED)
    plan = Plan(
        stage=str(staged.folder),
        aside=str(aside),
        database=str(places.database),
        keys=str(places.keys),
    )
    _write(plan, _plan_of(places.database))
    reach(Failpoint.RESTORE_DECIDED)
    finish_restore(places.database)
    return aside


def finish_restore(database: Path) -> bool:
    """Finish what a restore that was killed had decided; return whether there was anything.

    The caller has the database's lock.
    """
    file = _plan_of(database)
    if not file.exists():
        return False
    plan = Plan(**json.loads(file.read_text("utf-8")))
    stage, aside = Path(plan.stage), Path(plan.aside)
    new, keys = stage / DATABASE, stage / KEYS
    if new.exists():  # what stands in the place is still the old one
        aside.mkdir(mode=0o700, exist_ok=True)
        _set_aside([Path(plan.database + end) for end in _BESIDE], aside)
        if keys.exists():
            _set_aside([Path(plan.keys)], aside)
            _move(keys, Path(plan.keys))
        reach(Failpoint.RESTORE_ASIDE)
        _move(new, Path(plan.database))
    reach(Failpoint.RESTORE_PLACED)
    file.unlink()
    sync_folder(file.parent)
    shutil.rmtree(stage, ignore_errors=True)
    return True


def is_unfinished(database: Path) -> bool:
    """Tell whether a restore was killed after it had been decided."""
    return _plan_of(database).exists()


def _set_aside(files: Sequence[Path], aside: Path) -> None:
    """Move files into a folder; of those that are there already nothing is moved again."""
    for file in files:
        kept = aside / file.name
        if file.exists() and not kept.exists():
            _move(file, kept)
    sync_folder(aside)


def _move(source: Path, target: Path) -> None:
    try:
        source.replace(target)
    except OSError:  # another file system, such as that of a key_file of its own
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copy2(source, draft)
        draft.replace(target)
        source.unlink()
    sync_folder(target.parent)


def _plan_of(database: Path) -> Path:
    return database.with_name(f"{database.name}{_PLAN}")


def _write(plan: Plan, file: Path) -> None:
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with draft.open("w", encoding="utf-8") as sink:
        json.dump(asdict(plan), sink)
        sink.flush()
        os.fsync(sink.fileno())
    draft.replace(file)
    sync_folder(file.parent)


def _clear_stages(folder: Path) -> None:
    for left in folder.glob(f"{_STAGES}*"):
        shutil.rmtree(left, ignore_errors=True)


def _require_known(file: Path, manifest: Manifest, schema: str) -> None:
    known = revisions()
    if schema not in known:
        raise BackupError(
            f"{file}: its database was written by a newer version of Shopbell "
            f"({manifest.version}, schema {schema}; this one knows up to {known[-1]}); install "
            "that version, and restore with it"
        )


def _require_keys(file: Path, stage: Path, here: Path) -> None:
    """Pass where the ledger's keys came along, or are here already."""
    keys = stage / KEYS
    try:
        if keys.exists():
            load_keys(keys)
            if here.exists() and keys.read_bytes() == here.read_bytes():
                keys.unlink()  # the same: nothing is to be moved
        elif here.exists():
            load_keys(here)
    except KeyFileError as error:
        raise BackupError(f"{file}: {error}") from error
