"""A damaged database is refused and left as it is (RELIABILITY.md, fault 20)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from gateway.db import Database, DatabaseCorruptError
from gateway.db.tables import Outgoing

PAGE = 4096

pytestmark = pytest.mark.sqlite_only("a server looks after its files")


def post_many(connection: Connection) -> None:
    rows = [{"store": "acme", "kind": "status", "body": "x" * 500} for _ in range(200)]
    connection.execute(insert(Outgoing), rows)


def content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def overwrite_header(path: Path) -> None:
    octets = path.read_bytes()
    path.write_bytes(b"not a database at all".ljust(100, b"\0") + octets[100:])


def overwrite_pages(path: Path) -> None:
    octets = bytearray(path.read_bytes())
    for start in range(2 * PAGE, len(octets), PAGE):
        octets[start : start + 16] = b"\xa5" * 16
    path.write_bytes(octets)


def overwrite_pointers(path: Path) -> None:
    """In one page at the end, which only a look at every page finds."""
    octets = bytearray(path.read_bytes())
    start = len(octets) - 2 * PAGE + 8
    octets[start : start + 16] = b"\xa5" * 16
    path.write_bytes(octets)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 5 * PAGE])


def lose_all_but_the_log(path: Path) -> None:
    path.with_name(path.name + "-wal").write_bytes(b"frames")
    path.write_bytes(b"")


def remove_all_but_the_log(path: Path) -> None:
    lose_all_but_the_log(path)
    path.unlink()


@pytest.mark.parametrize(
    "damage",
    [
        overwrite_header,
        overwrite_pages,
        overwrite_pointers,
        cut_short,
        lose_all_but_the_log,
        remove_all_but_the_log,
    ],
)
async def test_it_is_refused_with_the_remedy_and_not_touched(
    url: str, path: Path, damage: Callable[[Path], None]
) -> None:
    async with Database.open(url) as database:
        await database.write(post_many)
    damage(path)
    before = content(path)
    with pytest.raises(DatabaseCorruptError, match=r"shopbell\.db is damaged .*shopbell restore"):
        async with Database.open(url):
            pass
    assert content(path) == before


async def test_the_header_of_a_large_one_is_still_looked_at(
    url: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.db.integrity.CHECKED_SIZE", 0)
    async with Database.open(url):
        pass
    overwrite_header(path)
    with pytest.raises(DatabaseCorruptError):
        async with Database.open(url):
            pass
