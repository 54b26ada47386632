"""A database that has gone back in time is found out, and sends nothing that was sent since."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from support.serving import served, told
from support.world import ACME, IDENTITIES, KEYS, RECIPIENT, START, World, request

from gateway.backup.catching import DiaryKeeper
from gateway.backup.diary import Diary
from gateway.backup.snapshot import take_snapshot
from gateway.db import Database
from gateway.db.console.epochs import EpochKind, newest_epoch, restored
from gateway.db.erasures import pending_erasures
from gateway.db.spent import SpentJobs
from gateway.dispatch.progress import DoubtPolicy
from gateway.dispatch.restored.entering import Entered, enter
from gateway.dispatch.restored.releasing import release
from gateway.dispatch.restored.settling import HANDED_REASON, HELD_REASON, Settler
from gateway.domain.clock import ManualClock
from gateway.domain.consent import Action
from gateway.domain.errors import RejectedError
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState, Stage

LONG = "A long message. " * 30
SPENT = SpentJobs(KEYS)
SETTLER = Settler(spent=SPENT, identities=IDENTITIES, policy=DoubtPolicy(), node="box-1")


@dataclass
class Box:
    """A database in a folder, with its diary."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "queue.db"

    @property
    def diary(self) -> Diary:
        return Diary(self.folder / "diary")

    @asynccontextmanager
    async def open(self, later: float = 0) -> AsyncIterator[tuple[World, Entered]]:
        clock = ManualClock(START + timedelta(hours=later))
        async with Database.open(f"sqlite:///{self.file}", node="box-1") as database:
            entered = await enter(database, self.diary, SETTLER, clock)
            world = World(database, clock=clock)
            yield world, entered
            keeper = DiaryKeeper(database, self.diary, SPENT, clock)
            while await keeper.work():
                pass

    def copy(self, name: str = "copy.db") -> Path:
        """A backup as `shopbell backup` takes it."""
        target = self.folder / name
        take_snapshot(self.file, target, START)
        return target

    def put_back(self, copy: Path) -> None:
        for end in ("", "-wal", "-shm"):
            self.file.with_name(f"{self.file.name}{end}").unlink(missing_ok=True)
        shutil.copyfile(copy, self.file)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


async def send_all(world: World, *jobs: str) -> None:
    async with served(world):
        for job in jobs:
            await told(world, "sent", job)


async def test_a_new_database_begins_an_epoch_and_goes_on_in_it(box: Box) -> None:
    async with box.open() as (world, entered):
        assert entered.settled is None
        first = await world.database.read(newest_epoch)
        assert first is not None
        assert first.kind is EpochKind.MADE
        await world.accept()
        await send_all(world, "order-1")
    async with box.open() as (world, entered):
        assert entered.settled is None
        assert await world.database.read(newest_epoch) == first


@pytest.mark.parametrize("purpose", [Purpose.OTP, Purpose.TRANSACTIONAL])
async def test_what_was_sent_since_is_in_doubt_and_never_repeated(
    box: Box, purpose: Purpose
) -> None:
    async with box.open() as (world, _):
        await world.accept("one", purpose=purpose)
        await world.accept("long", text=LONG, purpose=purpose)
        copy = box.copy()
        await send_all(world, "one", "long")
    box.put_back(copy)
    async with box.open() as (world, entered):
        assert entered.settled is not None
        assert (entered.settled.handed, entered.settled.held) == (2, 0)
        assert await world.states("one") == ["accepted", "unconfirmed"]
        assert (await world.job("long")).reason == HANDED_REASON
        async with served(world) as modem:
            await world.advance(hours=30)
            await world.accept("new")
            await told(world, "sent", "new")
        assert len(modem.written) == 1, "the new one alone, however long one waits"


async def test_a_report_still_settles_what_is_in_doubt(box: Box) -> None:
    async with box.open() as (world, _):
        await world.accept("one")
        copy = box.copy()
        await send_all(world, "one")
    box.put_back(copy)
    async with box.open() as (world, _):
        assert (await world.job("one")).stage is Stage.HANDED


async def test_a_job_that_came_since_is_answered_and_not_sent_again(box: Box) -> None:
    async with box.open() as (world, _):
        copy = box.copy()
        await world.accept("late")
        await send_all(world, "late")
    box.put_back(copy)
    async with box.open() as (world, entered):
        assert entered.settled is not None
        assert entered.settled.spent == 1
        await world.accept("late")
        assert [said["state"] for said in await world.said()] == ["accepted", "unconfirmed"]
        async with served(world) as modem:
            await world.accept("new")
            await told(world, "sent", "new")
        assert len(modem.written) == 1


@pytest.mark.parametrize("lost", [True, False], ids=["diary lost", "diary there"])
async def test_all_else_is_held_until_it_is_let_go(box: Box, lost: bool) -> None:
    async with box.open() as (world, _):
        await world.accept("now")
        await world.accept("tomorrow", send_at=START + timedelta(days=1))
        copy = box.copy()
    if lost:
        shutil.rmtree(box.diary.folder)
    box.put_back(copy)
    async with box.open() as (world, entered):
        assert entered.settled is not None
        assert entered.settled.held == 2
        found = await world.database.read(restored)
        assert found is not None
        assert (found.held, found.copied_at) == (2, START)
        assert await world.states("now") == ["accepted", "deferred"]
        assert (await world.job("now")).reason == HELD_REASON
        async with served(world) as modem:
            await world.accept("new")
            await told(world, "sent", "new")
            await world.advance(minutes=1)
            assert len(modem.written) == 1, "new jobs alone go out"
            assert (await release(world.context, discard=False)).jobs == 2
            assert await world.database.read(restored) is None
            await world.advance(seconds=1)
            await told(world, "sent", "now")
            assert len(modem.written) == 2, "that of tomorrow waits for its time"
            await world.advance(days=1)
            await told(world, "sent", "tomorrow")
        with pytest.raises(RejectedError, match="nothing is held"):
            await release(world.context, discard=False)
    async with box.open() as (_, entered):
        assert entered.settled is None


async def test_what_is_given_up_is_cancelled_and_told(box: Box) -> None:
    async with box.open() as (world, _):
        await world.accept("one")
        copy = box.copy()
    box.put_back(copy)
    async with box.open() as (world, _):
        assert (await release(world.context, discard=True)).discarded
        assert (await world.job("one")).state is JobState.CANCELLED
        assert await world.states("one") == ["accepted", "deferred", "cancelled"]


async def test_what_is_held_expires_in_its_time(box: Box) -> None:
    async with box.open() as (world, _):
        await world.accept("one", expires_at=START + timedelta(hours=1))
        copy = box.copy()
    box.put_back(copy)
    async with box.open() as (world, _):
        async with served(world) as modem:
            await world.advance(hours=2)
            assert (await world.job("one")).state is JobState.EXPIRED
        assert modem.written == []
        found = await world.database.read(restored)
        assert found is not None
        assert found.held == 0


async def test_a_copy_made_by_other_means_is_found_out(box: Box) -> None:
    """It says nothing of itself: the diary has come further than it."""
    async with box.open() as (world, _):
        await world.accept("one")
        await world.accept("other")
    plain = shutil.copyfile(box.file, box.folder / "by-hand.db")
    async with box.open() as (world, _):
        await send_all(world, "one", "other")
    box.put_back(Path(plain))
    async with box.open() as (world, entered):
        assert entered.settled is not None
        assert entered.settled.handed == 2
        found = await world.database.read(restored)
        assert found is not None
        assert found.copied_at is None, "nobody can tell when it was made"


async def test_a_copy_of_an_earlier_life_is_found_out(box: Box) -> None:
    async with box.open() as (world, _):
        await world.accept("one")
    plain = shutil.copyfile(box.file, box.folder / "by-hand.db")
    copy = box.copy()
    box.put_back(copy)
    async with box.open() as (world, _):
        await release(world.context, discard=False)
        await world.advance(seconds=1)
        await send_all(world, "one")
    box.put_back(Path(plain))
    async with box.open() as (_, entered):
        assert entered.settled is not None
        assert entered.settled.handed == 1


async def test_a_kill_behind_the_commit_adds_what_the_diary_knows_and_holds_nothing_more(
    box: Box,
) -> None:
    async with box.open() as (world, _):
        await world.accept("one")
        copy = box.copy()
        await send_all(world, "one")
    before = box.diary.cursor()
    assert before is not None
    box.put_back(copy)
    async with box.open() as (world, _):
        await release(world.context, discard=False)
        await world.accept("new")
    box.diary.advance(before)  # as if it had been killed before it wrote this
    async with box.open() as (world, entered):
        assert entered.settled is not None
        assert entered.settled.held == 0
        assert (await world.job("new")).stage is Stage.READY
        assert await world.database.read(restored) is None


async def test_a_database_that_is_lost_is_not_forgotten_by_its_diary(box: Box) -> None:
    async with box.open() as (world, _):
        await world.accept("one")
        await send_all(world, "one")
    box.file.unlink()
    async with box.open() as (world, entered):
        assert entered.settled is not None
        assert entered.settled.spent == 1
        await world.accept("one")
        assert [said["state"] for said in await world.said()] == ["accepted", "unconfirmed"]


async def test_a_stop_since_holds_and_an_erasure_is_done_again(box: Box) -> None:
    async with box.open() as (world, _):
        await world.allow()
        await world.accept("offer", purpose=Purpose.MARKETING, text="Acme: sale. STOP to end")
        await world.accept("order")
        copy = box.copy()
        await world.allow(Action.WITHDRAWN)
        await world.allow(Action.ERASED, purpose="all")
    box.put_back(copy)
    async with box.open(later=1) as (world, entered):
        assert entered.settled is not None
        assert entered.settled.taken_back == 2
        assert (await world.job("offer")).state is JobState.CANCELLED
        [erasure] = await world.database.read(pending_erasures)
        assert (erasure.number, erasure.store) == (RECIPIENT, ACME)


async def test_a_stop_of_who_is_not_in_the_copy_is_kept_in_the_ledger(box: Box) -> None:
    async with box.open() as (world, _):
        copy = box.copy()
        await world.allow()
        await world.allow(Action.WITHDRAWN)
    box.put_back(copy)
    async with box.open(later=1) as (world, _):
        offer = request("offer", purpose=Purpose.MARKETING, text="Acme: sale. STOP to end")
        errors = await world.admit(offer)
        assert [error and error.code for error in errors] == ["no_consent"]
