"""Bringing a database up to date before the gateway starts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from alembic import command
from support.backups import manifest_of
from support.command import Shopbell

from gateway.db.engine import writing_engine
from gateway.db.lock import hold_lock
from gateway.db.migrate import _configuration, revisions

NEWEST = revisions()[-1]


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A database of a version before."""
    file = tmp_path / "shopbell.db"
    engine = writing_engine(f"sqlite:///{file}", enforce_keys=False)
    with engine.begin() as connection:
        command.upgrade(_configuration(connection), "0014")
    engine.dispose()
    return file


def copies(folder: Path) -> list[Path]:
    return list(folder.glob("*.shopbell.tar.gz"))


def test_check_says_what_would_be_done_and_does_nothing(
    shopbell: Shopbell, older: Path, tmp_path: Path
) -> None:
    before = older.read_bytes()
    done = shopbell("migrate", "--check")
    assert (done.code, done.err) == (1, "")
    assert done.out == f"the schema is 0014, and this version's {NEWEST}: ask `migrate`\n"
    assert older.read_bytes() == before
    assert copies(tmp_path) == []


def test_it_migrates_and_leaves_a_copy_of_what_was(
    shopbell: Shopbell, older: Path, tmp_path: Path
) -> None:
    done = shopbell("migrate")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"the schema was 0014 and is {NEWEST}\n")
    [copy] = copies(tmp_path)
    assert str(copy) in done.out
    assert manifest_of(copy).schema == "0014"

    again = shopbell("migrate", "--json")
    assert again.code == 0
    assert json.loads(again.out) == {
        "schema": NEWEST,
        "newest": NEWEST,
        "done": False,
        "waiting": 0,
        "copy": None,
    }
    assert shopbell("migrate", "--check").code == 0
    assert copies(tmp_path) == [copy]


def test_the_copy_goes_where_backups_go(
    shopbell: Shopbell, older: Path, config: Path, tmp_path: Path
) -> None:
    config.write_text(config.read_text() + '\n[backup]\ndir = "kept"\n')
    assert shopbell("migrate").code == 0
    assert copies(tmp_path) == []
    assert len(copies(tmp_path / "kept")) == 1


def test_a_database_at_work_is_left_alone(shopbell: Shopbell, older: Path, tmp_path: Path) -> None:
    with hold_lock(older):
        done = shopbell("migrate")
    assert done.code == 1
    assert "is in use by process" in done.err
    assert copies(tmp_path) == []


def test_where_there_is_no_room_for_a_copy_nothing_is_changed(
    shopbell: Shopbell, older: Path, config: Path, tmp_path: Path
) -> None:
    (tmp_path / "kept").mkdir(mode=0o500)
    before = older.read_bytes()
    config.write_text(config.read_text() + '\n[backup]\ndir = "kept"\n')
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("gateway.backup.making._SPARE", 10**18)
        done = shopbell("migrate")
    assert done.code == 1
    assert done.err.startswith("a backup needs up to ")
    assert older.read_bytes() == before


def test_no_database_and_a_newer_one_are_told(shopbell: Shopbell, tmp_path: Path) -> None:
    done = shopbell("migrate")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"there is no database at {tmp_path}/shopbell.db")
