"""The backups that a gateway makes by itself: in time, at a quiet minute, and not for ever."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.backups import manifest_of
from support.world import START, World

from gateway.backup.errors import BackupError
from gateway.backup.folder import backups_in
from gateway.backup.making import Source
from gateway.backup.rounds import BackupRounds
from gateway.backup.standing import BackupStanding
from gateway.control.backups import BackupDesk
from gateway.db import Database

DAY = timedelta(days=1)


@dataclass
class Box:
    """A gateway as far as it makes backups."""

    folder: Path
    world: World
    settings: Any
    standing: BackupStanding = field(default_factory=BackupStanding)

    @property
    def rounds(self) -> BackupRounds:
        source = Source(
            database=self.folder / "queue.db",
            keys=self.folder / "queue.db.key",
            configuration=None,
            node="box-1",
            version="1",
        )
        return BackupRounds(
            self.world.database,
            self.world.clock,
            lambda: self.settings,
            lambda: source,
            self.standing,
        )

    def kept(self) -> list[float]:
        """The ages of the backups that there are, in days."""
        found = backups_in(self.folder / "backups", "box-1")
        return [(self.world.clock.now() - one.at) / DAY for one in found]


@pytest.fixture
async def box(tmp_path: Path) -> AsyncIterator[Box]:
    async with Database.open(f"sqlite:///{tmp_path / 'queue.db'}") as database:
        settings = SimpleNamespace(dir=tmp_path / "backups", every=DAY, keep=3 * DAY)
        yield Box(tmp_path, World(database), settings)


async def test_one_is_made_when_it_is_due_and_the_old_ones_go(box: Box) -> None:
    assert await box.rounds.work()
    assert not await box.rounds.work(), "the next is due tomorrow"
    for _ in range(5):
        box.world.clock.instant += DAY
        assert await box.rounds.work()
    assert box.kept() == [3.0, 2.0, 1.0, 0.0]
    newest = backups_in(box.folder / "backups", "box-1")[-1]
    assert manifest_of(newest.file).copied_at == box.world.clock.now()


async def test_a_quiet_minute_is_waited_for_but_not_for_ever(box: Box) -> None:
    await box.rounds.work()
    await box.world.accept()
    box.world.clock.instant += DAY
    assert not await box.rounds.work(), "something waits to go out"
    box.world.clock.instant += timedelta(hours=1)
    assert await box.rounds.work()


async def test_none_is_made_where_no_folder_is_named(box: Box) -> None:
    box.settings.dir = None
    assert not await box.rounds.work()


async def test_who_asks_is_told_their_age_and_what_went_wrong(box: Box) -> None:
    desk = BackupDesk(box.world.context, lambda: box.settings, box.standing)
    ask = desk.operations()["backups"]
    told: Any = await ask({})
    assert (told["count"], told["age_seconds"], told["failure"]) == (0, None, None)
    await box.rounds.work()
    box.world.clock.instant += timedelta(hours=2)
    told = await ask({})
    assert (told["count"], told["age_seconds"]) == (1, 7200)
    assert told["newest"]["at"] == START
    (box.folder / "queue.db").rename(box.folder / "away.db")
    box.world.clock.instant += DAY
    with pytest.raises(BackupError, match="no database"):
        await box.rounds.work()
