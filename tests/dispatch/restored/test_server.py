"""A dump of a server that was put back says nothing of itself: diaries of the boxes find it out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from support.postgres import Postgres
from support.serving import served, told
from support.world import IDENTITIES, KEYS, START, World

from gateway.backup.catching import DiaryKeeper
from gateway.backup.diary import Diary
from gateway.db import Database
from gateway.db.console.epochs import restored
from gateway.db.nodes import register
from gateway.db.spent import SpentJobs
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.restored.entering import Entered, enter
from gateway.dispatch.restored.releasing import release
from gateway.dispatch.restored.settling import HANDED_REASON, HELD_REASON, Settler
from gateway.domain.errors import StorageError

SPENT = SpentJobs(KEYS)


@dataclass
class Shop:
    """A database on a server, and the boxes at it, each with its diary."""

    server: Postgres
    folder: Path
    name: str

    @asynccontextmanager
    async def open(self, node: str = "box-1") -> AsyncIterator[tuple[World, Entered]]:
        diary = Diary(self.folder / node)
        settler = Settler(spent=SPENT, identities=IDENTITIES, policy=DoubtPolicy(), node=node)
        async with Database.open(self.server.url(self.name), node=node) as database:
            world = World(database)
            yield world, await enter(database, diary, settler, world.clock)
            keeper = DiaryKeeper(database, diary, SPENT, world.clock)
            while await keeper.work():
                pass

    def dump(self) -> str:
        """Copy the database; nobody may be connected to it."""
        return self.server.create(template=self.name)

    def put_back(self, dump: str) -> None:
        self.server.drop(self.name)
        self.name = dump


@pytest.fixture
def shop(postgres: Postgres, postgres_template: str, tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(postgres, tmp_path, postgres.create(template=postgres_template))
    yield shop
    postgres.drop(shop.name)


async def send(world: World, *jobs: str) -> None:
    async with served(world):
        for job in jobs:
            await told(world, "sent", job)


async def test_what_went_out_since_is_in_doubt_and_all_else_waits_for_a_word(shop: Shop) -> None:
    async with shop.open() as (world, entered):
        assert entered.settled is None
        await world.accept("one")
        await world.accept("tomorrow", send_at=START + timedelta(days=1))
    dump = shop.dump()
    async with shop.open() as (world, entered):
        assert entered.settled is None, "it goes on where it was"
        await world.accept("late")
        await send(world, "one", "late")
    shop.put_back(dump)
    async with shop.open() as (world, entered):
        assert entered.settled is not None
        assert (entered.settled.handed, entered.settled.spent, entered.settled.held) == (1, 1, 1)
        assert (await world.job("one")).reason == HANDED_REASON
        assert (await world.job("tomorrow")).reason == HELD_REASON
        found = await world.database.read(restored)
        assert found is not None
        assert (found.held, found.copied_at) == (1, None), "nobody can tell when it was made"
        async with served(world) as modem:
            await world.advance(days=2)
            await world.accept("late")  # the store asks again, for it was never told the end
            await world.accept("new")
            await told(world, "sent", "new")
            assert len(modem.written) == 1, "neither what is in doubt nor what is held"
            assert (await release(world.context, discard=False)).jobs == 1
            await world.advance(seconds=1)
            await told(world, "sent", "tomorrow")
        assert len(modem.written) == 2
    async with shop.open() as (_, entered):
        assert entered.settled is None, "found out once, and settled"


async def test_a_sequence_that_was_read_after_the_rows_hides_nothing(shop: Shop) -> None:
    """`pg_dump` reads sequences outside of its snapshot, while the boxes go on."""
    async with shop.open() as (world, _):
        await world.accept("one")
        await world.accept("two")
    dump = shop.dump()
    async with shop.open() as (world, _):
        await send(world, "one", "two")
    shop.put_back(dump)
    shop.server.execute("SELECT setval('attempts_key_seq', 1)", dump)
    async with shop.open() as (_, entered):
        assert entered.settled is not None
        assert (entered.settled.handed, entered.settled.held) == (2, 0)


async def test_each_box_adds_what_its_own_diary_knows(shop: Shop) -> None:
    async with shop.open() as (world, _):
        await world.accept("one")
    async with shop.open("box-2") as (world, _):
        await world.accept("two", send_at=START + timedelta(minutes=1))
    dump = shop.dump()
    async with shop.open() as (world, _):
        await send(world, "one")
    async with shop.open("box-2") as (world, _):
        await world.advance(minutes=2)
        await send(world, "two")
    shop.put_back(dump)
    async with shop.open() as (_, entered):
        assert entered.settled is not None
        assert (entered.settled.handed, entered.settled.held) == (1, 1)
    async with shop.open("box-2") as (world, entered):
        assert entered.settled is not None
        assert (entered.settled.handed, entered.settled.held) == (1, 0)
        await release(world.context, discard=False)
        async with served(world) as modem:
            await world.advance(days=2)
        assert modem.written == []


async def test_it_is_not_settled_while_another_box_is_at_work_on_it(shop: Shop) -> None:
    async with shop.open() as (world, _):
        await world.accept("one")
    dump = shop.dump()
    async with shop.open() as (world, _):
        await send(world, "one")
    shop.put_back(dump)
    async with Database.open(shop.server.url(dump), node="box-2") as database:
        await database.write(lambda connection: register(connection, "box-2", "alive"))
    with pytest.raises(StorageError, match=r"gateways are at work on it \(box-2\)"):
        async with shop.open():
            pass
