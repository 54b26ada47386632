"""The keys of the pseudonyms belong to a database, whoever opens it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from support.world import World

from gateway.db import Database
from gateway.db.keeping import keep_keys
from gateway.db.key import KeyFileError
from gateway.domain.clock import SystemClock

CLOCK = SystemClock()


async def test_a_second_gateway_needs_the_keys_of_the_first(
    postgres_url: str, tmp_path: Path
) -> None:
    """Also while nobody has said anything yet: each person has one name on one database."""
    mine, other = tmp_path / "one.key", tmp_path / "two.key"
    async with Database.open(postgres_url) as database:
        keys = await keep_keys(database, mine, CLOCK)
        with pytest.raises(KeyFileError, match=r"two\.key is not there.*another gateway"):
            await keep_keys(database, other, CLOCK)
        assert not other.exists()
        other.write_bytes(mine.read_bytes())
        assert await keep_keys(database, other, CLOCK) == keys


async def test_of_two_that_start_together_one_is_the_first(
    postgres_url: str, tmp_path: Path
) -> None:
    async with Database.open(postgres_url) as one, Database.open(postgres_url) as two:
        kept = await asyncio.gather(
            keep_keys(one, tmp_path / "one.key", CLOCK),
            keep_keys(two, tmp_path / "two.key", CLOCK),
            return_exceptions=True,
        )
    assert sorted(isinstance(found, KeyFileError) for found in kept) == [False, True]


@pytest.mark.rule("G-11")
async def test_a_ledger_without_its_key_is_refused(world: World, tmp_path: Path) -> None:
    path = tmp_path / "first.key"
    await keep_keys(world.database, path, CLOCK)
    await world.allow()
    path.unlink()
    with pytest.raises(KeyFileError, match="is not there, and under it"):
        await keep_keys(world.database, path, CLOCK)
    assert not path.exists()


@pytest.mark.sqlite_only("one gateway to a file")
async def test_a_database_on_which_nothing_hangs_takes_another_key(
    world: World, tmp_path: Path
) -> None:
    first = await keep_keys(world.database, tmp_path / "one.key", CLOCK)
    assert await keep_keys(world.database, tmp_path / "two.key", CLOCK) != first
