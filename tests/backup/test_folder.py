"""Which backups a folder holds, and which of them go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gateway.backup.folder import Kept, backups_in, name_of, outdated

NOW = datetime(2026, 11, 26, 21, tzinfo=UTC)
KEEP = timedelta(days=30)


def kept(days: int) -> Kept:
    return Kept(file=Path(f"{days}"), at=NOW - timedelta(days=days), size=1)


def test_a_name_is_found_again_and_others_are_not(tmp_path: Path) -> None:
    ours = tmp_path / name_of("box-1", NOW)
    for file in (ours, tmp_path / name_of("box-10", NOW), tmp_path / "notes.tar.gz"):
        file.write_bytes(b"x")
    (tmp_path / "box-1-20261399T000000Z.shopbell.tar.gz").touch()
    assert backups_in(tmp_path, "box-1") == [Kept(file=ours, at=NOW, size=1)]


def test_there_is_no_folder_yet(tmp_path: Path) -> None:
    assert backups_in(tmp_path / "none", "box-1") == []


@given(st.lists(st.integers(0, 400), min_size=1, max_size=20))
def test_what_is_too_old_goes_and_the_newest_stays(ages: list[int]) -> None:
    backups = [kept(days) for days in sorted(ages, reverse=True)]
    gone = outdated(backups, NOW, KEEP)
    assert backups[-1] not in gone or backups[-1] in backups[:-1]
    assert all(NOW - one.at > KEEP for one in gone)
    assert all(NOW - one.at <= KEEP for one in backups[:-1] if one not in gone)
