"""The diary forgets nothing that was written, and is not confused by what was half written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from support.world import IDENTITIES

from gateway.backup.diary import KEPT, Cursor, Diary, Handed, Refused
from gateway.db.console.happened import Marks
from gateway.domain.consent import Action
from gateway.domain.ids import LineId, StoreName

AT = datetime(2026, 11, 26, 21, tzinfo=UTC)
TODAY = AT.date()
HANDED = Handed(
    epoch="e",
    key=1,
    at=AT,
    store=StoreName("acme"),
    name="n",
    digest="d",
    seq=1,
    parts=1,
    line=LineId("l"),
)
REFUSED = Refused(
    epoch="e",
    key=1,
    at=AT,
    recorded_at=AT,
    store=StoreName("acme"),
    person=IDENTITIES.of("+447700900123"),
    purpose="marketing",
    action=Action.WITHDRAWN,
)


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    return Diary(tmp_path / "diary")


def test_it_gives_back_what_was_written_in_order(diary: Diary) -> None:
    diary.write([HANDED], TODAY - timedelta(days=1))
    diary.write([REFUSED, replace(HANDED, key=2)], TODAY)
    assert list(diary.read()) == [HANDED, REFUSED, replace(HANDED, key=2)]
    assert diary.began_on == TODAY - timedelta(days=1)


def test_a_line_that_a_power_cut_left_half_is_left_out_alone(diary: Diary) -> None:
    diary.write([HANDED], TODAY)
    file = diary.folder / f"{TODAY}.jsonl"
    for length in range(1, file.stat().st_size):
        file.write_bytes(file.read_bytes()[:length])
        diary.write([REFUSED], TODAY)
        assert list(diary.read())[-1] == REFUSED
        file.unlink()
        diary.write([HANDED], TODAY)


def test_nothing_is_written_where_nothing_happened(diary: Diary) -> None:
    diary.write([], TODAY)
    assert not diary.folder.exists()
    assert list(diary.read()) == []
    assert diary.began_on is None


def test_it_is_for_its_owner_alone(diary: Diary) -> None:
    diary.write([HANDED], TODAY)
    assert diary.folder.stat().st_mode & 0o777 == 0o700
    assert [file.stat().st_mode & 0o777 for file in diary.folder.iterdir()] == [0o600]


@pytest.mark.parametrize(
    "torn", [b"", b"{", b"[]", b'{"epoch": "e"}', b'{"epoch": 1, "attempts": "x"}']
)
def test_a_torn_cursor_is_none(diary: Diary, torn: bytes) -> None:
    cursor = Cursor(epoch="e", marks=Marks(attempts=7, consents=3))
    assert diary.cursor() is None
    diary.advance(cursor)
    assert diary.cursor() == cursor
    (diary.folder / "cursor.json").write_bytes(torn)
    assert diary.cursor() is None


def test_what_is_older_than_any_backup_goes(diary: Diary) -> None:
    days = [TODAY - KEPT - timedelta(days=1), TODAY - KEPT, TODAY]
    for day in days:
        diary.write([HANDED], day)
    (diary.folder / "notes.jsonl").touch()
    assert diary.prune(TODAY) == 1
    assert diary.began_on == date.fromordinal((TODAY - KEPT).toordinal())


def test_no_number_stands_in_it(diary: Diary) -> None:
    diary.write([HANDED, REFUSED], TODAY)
    text = (diary.folder / f"{TODAY}.jsonl").read_text()
    assert "7700900123" not in text
