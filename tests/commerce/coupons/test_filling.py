"""A gateway fills its pools by itself: when it starts, and when the folders are read again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from support.configuration import CONTRACT

from gateway.app.coupons import CouponStock
from gateway.db import Database
from gateway.db.commerce.coupons import count_pools
from gateway.domain.ids import StoreName
from gateway.settings import Settings, load

POOLS = '[bad]\nfile = "bad.txt"\n[spring]\nfile = "codes.txt"\n[welcome]\npattern = "X*****"\n'


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "coupons.toml").write_text(POOLS)
    (shop / "codes.txt").write_text("AA1\nAA2\n")
    (shop / "bad.txt").write_text("two words\n")
    (tmp_path / "mqtt.password").write_text("hunter2\n")
    (tmp_path / "m0.pin").write_text("1234\n")
    file = tmp_path / "shopbell.toml"
    file.write_text(CONTRACT.replace("[[store]]", '[[store]]\nshop_dir = "shop"'))
    return load(file)


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    async with Database.open(sqlite_url) as opened:
        yield opened


async def await_codes(database: Database, wanted: int) -> None:
    acme = StoreName("acme")
    async with asyncio.timeout(20):
        while True:
            counts = await database.read(lambda connection: count_pools(connection, acme))
            if [(one.pool, one.free) for one in counts] == [("spring", wanted)]:
                return
            await asyncio.sleep(0.01)


async def test_pools_are_filled_and_one_that_is_wrong_stops_no_other(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    stocking = CouponStock(settings, database)
    with capture_logs() as logs:
        running = asyncio.create_task(stocking.run())
        await await_codes(database, 2)
        (tmp_path / "shop" / "codes.txt").write_text("AA1\nAA3\n")
        stocking.take_up(settings)
        await await_codes(database, 3)
        running.cancel()
    told = [(line["event"], line["pool"]) for line in logs]
    assert told.count(("coupons_not_taken", "bad")) == 2
    assert told.count(("coupons_taken", "spring")) == 2
