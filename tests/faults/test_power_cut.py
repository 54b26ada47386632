"""A power cut loses nothing that was acknowledged (RELIABILITY.md, finding 6 and fault 11)."""

import asyncio
import random
from dataclasses import dataclass
from pathlib import Path

import pytest
from faults.powercut import PowerCutDisk
from sqlalchemy import Connection, func, select

from gateway.db import Database
from gateway.db.columns import Table
from gateway.db.outbox import post
from gateway.db.tables import Outgoing
from gateway.domain.errors import StorageError
from gateway.domain.ids import StoreName

CALLERS = 8
CHANGES = 40
OPERATIONS = 500
"""About what a trial takes of the disk, so that the cut falls anywhere in it."""


@dataclass
class Trial:
    asked: set[str]
    acknowledged: set[str]
    kept: set[str]
    verdict: str

    @property
    def lost(self) -> set[str]:
        return self.acknowledged - self.kept


async def cut_power_while_writing(folder: Path, seed: int) -> Trial:
    choice = random.Random(seed)
    disk = PowerCutDisk(choice)
    trial = Trial(set(), set(), set(), "")
    async with Database.open(f"sqlite:///{folder}/live.db", driver=disk.driver) as database:
        # Short logs, so that the cut falls into checkpoints too.
        await database.write(lambda c: c.exec_driver_sql("PRAGMA wal_autocheckpoint = 20").close())
        disk.cut_after(choice.randrange(OPERATIONS))
        await asyncio.gather(*(write_until_dark(database, trial, n) for n in range(CALLERS)))
        disk.cut()
    disk.start_again(folder / "after")
    async with Database.open(f"sqlite:///{folder}/after/live.db") as database:
        trial.kept = await database.read(bodies)
        trial.verdict = await database.read(check_integrity)
    return trial


async def write_until_dark(database: Database, trial: Trial, caller: int) -> None:
    for number in range(CHANGES):
        body = f"{caller}-{number}-" + "x" * 500
        trial.asked.add(body)
        try:
            await database.write(lambda c, body=body: post(c, StoreName("s"), "status", body))
        except StorageError:
            return
        trial.acknowledged.add(body)


def bodies(connection: Connection) -> set[str]:
    return set(connection.execute(select(Outgoing.body)).scalars())


def check_integrity(connection: Connection) -> str:
    return str(connection.exec_driver_sql("PRAGMA integrity_check").scalar_one())


async def run_trials(folder: Path, seeds: range) -> list[Trial]:
    trials = []
    for seed in seeds:
        (folder / str(seed)).mkdir()
        trials.append(await cut_power_while_writing(folder / str(seed), seed))
    return trials


async def test_a_power_cut_loses_no_acknowledged_commit(tmp_path: Path) -> None:
    trials = await run_trials(tmp_path, range(40))
    assert [trial.lost for trial in trials] == [set()] * len(trials)
    assert {trial.verdict for trial in trials} == {"ok"}
    assert all(trial.kept <= trial.asked for trial in trials)
    # The cuts fell where they prove something: after some commits and before others.
    halfway = [t for t in trials if 0 < len(t.acknowledged) < CALLERS * CHANGES]
    assert len(halfway) > len(trials) / 2


async def test_synchronous_normal_would_lose_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever relaxes the setting, or the disk above, is told so here."""
    monkeypatch.setattr("gateway.db.engine.SYNCHRONOUS", "NORMAL")
    trials = await run_trials(tmp_path, range(10))
    assert any(trial.lost for trial in trials)
    assert {trial.verdict for trial in trials} == {"ok"}


STRIDE = 8
"""Of the operations so far: by so much the next cut falls later. Each is a start of its own."""


async def test_a_power_cut_while_the_database_is_made_leaves_all_of_it_or_nothing(
    tmp_path: Path,
) -> None:
    operations = 0
    while True:
        folder = tmp_path / str(operations)
        folder.mkdir()
        disk = PowerCutDisk(random.Random(operations))
        disk.cut_after(operations)
        try:
            async with Database.open(f"sqlite:///{folder}/live.db", driver=disk.driver):
                disk.cut()
            finished = True
        except StorageError:
            finished = False
        disk.start_again(folder / "after")
        async with Database.open(f"sqlite:///{folder}/after/live.db") as database:
            assert await database.read(rows_everywhere) == 0
        if finished:
            break
        operations += 1 + operations // STRIDE
    assert operations > 10


def rows_everywhere(connection: Connection) -> int:
    tables = Table.metadata.sorted_tables
    return sum(connection.scalar(select(func.count()).select_from(t)) or 0 for t in tables)
