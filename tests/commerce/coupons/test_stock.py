"""Codes from the files of a shop get into the database, and none of a file that is not there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.world import ACME

from gateway.commerce.coupons import Pool, put_codes, stock
from gateway.commerce.coupons.stock import LOT
from gateway.db import Database
from gateway.db.commerce.coupons import count_pools
from gateway.domain.errors import ContentError

POOLS = {
    "spring": Pool(name="spring", file="codes.txt"),
    "autumn": Pool(name="autumn", file="gone.txt"),
    "welcome": Pool(name="welcome", pattern="HELLO-******"),
}


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database.open(database_url) as opened:
        yield opened


async def test_a_file_is_taken_once_whatever_its_length(database: Database, tmp_path: Path) -> None:
    codes = [f"CODE{number}" for number in range(LOT + 1)]
    (tmp_path / "codes.txt").write_text("\n".join(codes))
    assert await stock(database, ACME, tmp_path, POOLS) == LOT + 1
    (tmp_path / "codes.txt").write_text("\n".join([*codes, "ONEMORE"]))
    assert await stock(database, ACME, tmp_path, POOLS) == 1
    [count] = await database.read(lambda c: count_pools(c, ACME))
    assert (count.pool, count.free) == ("spring", LOT + 2)


async def test_a_file_that_is_wrong_is_named(database: Database, tmp_path: Path) -> None:
    (tmp_path / "codes.txt").write_text("AA1\ntwo words\n")
    with pytest.raises(ContentError, match=r"codes\.txt: line 2: is no code"):
        await stock(database, ACME, tmp_path, POOLS)


async def test_no_codes_are_none(database: Database) -> None:
    assert await database.write(lambda c: put_codes(c, ACME, "spring", [])) == 0
