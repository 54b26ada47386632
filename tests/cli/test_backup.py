"""``shopbell backup`` and ``shopbell restore``, on a database on which no gateway runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.backups import manifest_of
from support.command import Shopbell

from gateway.backup.archive import describe, write_archive
from gateway.backup.manifest import Manifest
from gateway.db.lock import hold_lock
from gateway.domain.failpoint import Failpoint


@pytest.fixture
def box(shopbell: Shopbell, config: Path) -> Path:
    """The folder of a box with a job that waits, and a backup of it."""
    send(shopbell, "before")
    done = shopbell("backup", "box.backup")
    assert done.code == 0, done.err
    assert "checked; schema" in done.out
    return config.parent


def send(shopbell: Shopbell, name: str) -> None:
    words = ["--store", "acme", "--to", "07700 900123", "--text", name, "--purpose", "otp"]
    assert shopbell("send", *words, "--id", name).code == 0


def jobs(box: Path) -> dict[str, str]:
    """What there is, by name, with its state; the files are not touched."""
    with closing(sqlite3.connect(f"file:{box}/shopbell.db?mode=ro", uri=True)) as connection:
        return dict(connection.execute("SELECT id, state FROM jobs").fetchall())


def unpacked(box: Path) -> Path:
    folder = box / "unpacked"
    with tarfile.open(box / "box.backup") as tar:
        tar.extractall(folder, filter="data")
    return folder


def leftovers(box: Path) -> list[str]:
    return [
        file.name
        for file in box.iterdir()
        if file.name.startswith((".shopbell-backup", ".restoring")) or ".restore" in file.name
    ]


def test_a_backup_holds_what_a_box_is_made_of(box: Path) -> None:
    names = {file.name for file in unpacked(box).iterdir()}
    assert names == {"manifest.json", "shopbell.db", "shopbell.key", "shopbell.toml"}
    assert (box / "box.backup").stat().st_mode & 0o777 == 0o600
    assert leftovers(box) == []


def test_a_file_that_is_there_is_not_replaced_by_mistake(box: Path, shopbell: Shopbell) -> None:
    before = (box / "box.backup").read_bytes()
    done = shopbell("backup", "box.backup")
    assert (done.code, "--force" in done.err) == (1, True)
    assert (box / "box.backup").read_bytes() == before
    assert shopbell("backup", "box.backup", "--force").code == 0
    assert (box / "box.backup").read_bytes() != before


@pytest.mark.parametrize(("file", "words"), [("none/x", "no folder"), (".", "is a folder")])
def test_a_place_that_is_none_is_named(
    box: Path, shopbell: Shopbell, file: str, words: str
) -> None:
    done = shopbell("backup", file)
    assert done.code == 1
    assert words in done.err


def test_a_restore_keeps_what_was_there(box: Path, shopbell: Shopbell) -> None:
    send(shopbell, "after")
    done = shopbell("restore", "box.backup", "--json")
    assert done.code == 0, done.err
    told: dict[str, Any] = json.loads(done.out)
    assert told["held"] == 1
    assert jobs(box) == {"before": "deferred"}
    aside = Path(told["aside"])
    assert jobs_in(aside / "shopbell.db") == {"before", "after"}
    assert aside.stat().st_mode & 0o777 == 0o700
    assert leftovers(box) == []
    released = shopbell("restore", "--release")
    assert "1 jobs go out" in released.out
    again = shopbell("restore", "--release")
    assert (again.code, "nothing is held" in again.err) == (1, True)


def jobs_in(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        return {name for (name,) in connection.execute("SELECT id FROM jobs")}


def test_a_try_changes_nothing(box: Path, shopbell: Shopbell) -> None:
    send(shopbell, "after")
    before = {file.name: file.stat().st_mtime_ns for file in box.iterdir()}
    done = shopbell("restore", "box.backup", "--check")
    assert done.code == 0, done.err
    assert "is whole" in done.out
    assert "1 jobs are held" in done.out
    assert {file.name: file.stat().st_mtime_ns for file in box.iterdir()} == before


def test_a_new_box_is_made_from_it(box: Path, shopbell: Shopbell) -> None:
    for file in box.glob("shopbell.*"):
        if file.name != "shopbell.toml":
            shutil.rmtree(file) if file.is_dir() else file.unlink()
    assert shopbell("restore", "box.backup").code == 0
    assert jobs(box) == {"before": "deferred"}
    assert (box / "shopbell.db.key").read_bytes() == (unpacked(box) / "shopbell.key").read_bytes()


def test_a_gateway_that_runs_is_not_pulled_the_rug_from_under(
    box: Path, shopbell: Shopbell
) -> None:
    with hold_lock(box / "shopbell.db"):
        done = shopbell("restore", "box.backup")
    assert done.code == 1
    assert f"in use by process {os.getpid()}" in done.err


def damaged(box: Path) -> None:
    file = box / "box.backup"
    octets = bytearray(file.read_bytes())
    octets[len(octets) // 2] ^= 0xFF
    file.write_bytes(octets)


def half(box: Path) -> None:
    file = box / "box.backup"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def newer(box: Path) -> None:
    repacked(box, "UPDATE alembic_version SET version_num = '9999'")


def foreign(box: Path) -> None:
    repacked(box, "DROP TABLE alembic_version")


def of_another_key(box: Path) -> None:
    repacked(box, None, key="11" * 32 + "\n")


def repacked(box: Path, change: str | None, key: str | None = None) -> None:
    """Write the backup anew with another database or key in it, whole by its digests."""
    folder = unpacked(box)
    if change is not None:
        with closing(sqlite3.connect(folder / "shopbell.db", isolation_level=None)) as connection:
            connection.execute(change)
    if key is not None:
        (folder / "shopbell.key").write_text(key)
    old = manifest_of(box / "box.backup")
    files = {name: folder / name for name in old.members}
    manifest = Manifest(
        version="9.9",
        schema=old.schema,
        node=old.node,
        copied_at=old.copied_at,
        members={name: describe(file) for name, file in files.items()},
    )
    (box / "box.backup").unlink()
    write_archive(box / "box.backup", manifest, files)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (damaged, "take another backup"),
        (half, "take another backup"),
        (newer, "install that version"),
        (foreign, "no database of Shopbell's"),
        (of_another_key, "restore that file from your backup"),
    ],
)
def test_what_cannot_be_put_back_is_refused_and_nothing_changes(
    box: Path, shopbell: Shopbell, spoil: Any, words: str
) -> None:
    with closing(sqlite3.connect(box / "shopbell.db")) as connection:
        before = list(connection.iterdump())
    with_ledger(box)
    spoil(box)
    done = shopbell("restore", "box.backup")
    assert done.code == 1
    assert words in done.err, done.err
    assert "Traceback" not in done.err
    with closing(sqlite3.connect(box / "shopbell.db")) as connection:
        assert list(connection.iterdump()) == before
    assert leftovers(box) == []


def with_ledger(box: Path) -> None:
    """Have somebody in the ledger of the backup, so that its key is needed."""
    row = "'acme','p','marketing','withdrawn','2026-11-23','2026-11-23',NULL,x'00',x'00',x'00'"
    columns = "store,person,purpose,action,at,recorded_at,payload,digest,previous,hash"
    repacked(box, f"INSERT INTO consent_events ({columns}) VALUES ({row})")  # noqa: S608
    shutil.rmtree(box / "unpacked")


def run(box: Path, failpoint: Failpoint, *words: str) -> None:
    """Run a command that is killed at a failpoint."""
    command = Path(sys.executable).parent / "shopbell"
    environment = os.environ | {"SHOPBELL_FAILPOINT": failpoint.value}
    ended = subprocess.run([command, *words], cwd=box, env=environment, check=False)
    assert ended.returncode == -signal.SIGKILL, "the failpoint was reached"


@pytest.mark.parametrize("failpoint", [Failpoint.BACKUP_COPIED, Failpoint.BACKUP_WRITTEN])
def test_a_backup_that_is_killed_leaves_none(
    box: Path, shopbell: Shopbell, failpoint: Failpoint
) -> None:
    run(box, failpoint, "backup", "second.backup")
    assert not (box / "second.backup").exists()
    assert shopbell("backup", "second.backup").code == 0
    assert leftovers(box) == [], "what the killed one left is gone"


@pytest.mark.parametrize(
    ("failpoint", "is_new"),
    [
        (Failpoint.EPOCH_BEGUN, False),
        (Failpoint.RESTORE_STAGED, False),
        (Failpoint.RESTORE_DECIDED, True),
        (Failpoint.RESTORE_ASIDE, True),
        (Failpoint.RESTORE_PLACED, True),
    ],
)
def test_a_restore_that_is_killed_leaves_the_old_or_the_new(
    box: Path, shopbell: Shopbell, failpoint: Failpoint, is_new: bool
) -> None:
    send(shopbell, "after")
    run(box, failpoint, "restore", "box.backup")
    send(shopbell, "next")
    if is_new:
        assert jobs(box) == {"before": "deferred", "next": "accepted"}
        [aside] = box.glob("shopbell.db.before-*")
        assert jobs_in(aside / "shopbell.db") == {"before", "after"}
    else:
        assert set(jobs(box)) == {"before", "after", "next"}
        assert set(jobs(box).values()) == {"accepted"}
    assert shopbell("restore", "box.backup").code == 0
    assert leftovers(box) == []


def test_a_restore_of_a_database_that_is_damaged(box: Path, shopbell: Shopbell) -> None:
    """Which is what backups are for."""
    (box / "shopbell.db").write_bytes(b"\0" * 5000)
    refused = shopbell("send", "--store", "acme", "--to", "07700 900123", "--text", "x")
    assert refused.code != 0
    done = shopbell("restore", "box.backup")
    assert done.code == 0, done.err
    assert jobs(box) == {"before": "deferred"}


@pytest.mark.parametrize(
    "words", [(), ("box.backup", "--release"), ("--release", "--discard"), ("--check",)]
)
def test_what_is_meant_must_be_said(box: Path, shopbell: Shopbell, words: tuple[str, ...]) -> None:
    assert shopbell("restore", *words).code == 2


def test_a_server_has_its_own_backups(config: Path, shopbell: Shopbell) -> None:
    server = 'url = "postgresql+psycopg://db.example/shopbell"'
    config.write_text(re.sub(r'url = "sqlite.*', server, config.read_text()))
    backup, restore = shopbell("backup", "x"), shopbell("restore", "x")
    assert (backup.code, restore.code) == (1, 1)
    assert "pg_dump" in backup.err
    assert "pg_restore" in restore.err
