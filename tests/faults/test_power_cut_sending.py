"""A power cut while jobs come in and go out: none that was accepted is lost, none is sent twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from faults.powercut import PowerCutDisk
from support.world import World, request

from gateway.db import Database
from gateway.domain.errors import StorageError
from gateway.modem import FakeModem
from gateway.sms import decode_submit

BACKLOG = 15
"""Jobs that wait when sending begins."""

JOBS = 30
OPERATIONS = 400
"""About what a trial takes of the disk, so that the cut falls anywhere in it."""


@dataclass
class Trial:
    accepted: set[str] = field(default_factory=set)
    """Jobs whose acceptance was committed, as far as we were told."""
    found: set[str] = field(default_factory=set)
    """Those of them that are there after the cut."""
    sent: Counter[str] = field(default_factory=Counter)
    """What the network was handed, before the cut and after it, without repeats in doubt."""
    unconfirmed: set[str] = field(default_factory=set)

    @property
    def lost(self) -> set[str]:
        return (self.accepted - self.found) | {
            job for job in self.accepted - self.unconfirmed if not self.sent[job]
        }

    @property
    def doubled(self) -> set[str]:
        return {job for job, times in self.sent.items() if times > 1}

    def hand(self, modem: FakeModem) -> None:
        for pdu in modem.written:
            submit = decode_submit(pdu.hex)
            if not submit.reject_duplicates:
                self.sent[str(submit.text)] += 1


async def submit_until_dark(world: World, trial: Trial, numbers: range) -> None:
    for number in numbers:
        job = f"job-{number}"
        try:
            await world.admit(request(job, text=job))
        except StorageError:
            return
        trial.accepted.add(job)


async def before(folder: Path, choice: random.Random, trial: Trial) -> PowerCutDisk:
    """Take jobs in and send them until the power goes."""
    disk, modem = PowerCutDisk(choice), FakeModem("m0")
    async with Database.open(f"sqlite:///{folder}/live.db", driver=disk.driver) as database:
        world = World(database)
        # Short logs at first: what waits is in the database file, and only what comes is in a log.
        await database.write(lambda c: c.exec_driver_sql("PRAGMA wal_autocheckpoint = 4").close())
        await submit_until_dark(world, trial, range(BACKLOG))
        await database.write(lambda c: c.exec_driver_sql("PRAGMA wal_autocheckpoint = 99").close())
        disk.cut_after(choice.randrange(OPERATIONS))
        sending = asyncio.create_task(world.dispatcher.serve(modem), name="serve")
        await submit_until_dark(world, trial, range(BACKLOG, JOBS))
        await asyncio.sleep(choice.random() / 20)
        disk.cut()
        sending.cancel()
        await asyncio.wait({sending})
    trial.hand(modem)
    return disk


async def after(folder: Path, trial: Trial) -> None:
    """Start again on what the disk has, and send what is left."""
    modem = FakeModem("m0")
    async with Database.open(f"sqlite:///{folder}/after/live.db") as database:
        world = World(database)
        await world.dispatcher.recover()
        sending = asyncio.create_task(world.dispatcher.serve(modem), name="serve")
        await world.accept("last", text="last")
        async with asyncio.timeout(10):
            while "sent" not in await world.states("last"):  # noqa: ASYNC110 -- it is in the database
                await asyncio.sleep(0.01)
        modem.lose()
        await sending
        told = [(status["id"], status["state"]) for status in await world.said()]
    trial.found = {job for job, state in told if state == "accepted"}
    trial.unconfirmed = {job for job, state in told if state == "unconfirmed"}
    trial.hand(modem)


async def run_trials(folder: Path, seeds: range) -> list[Trial]:
    trials = []
    for seed in seeds:
        place, trial = folder / str(seed), Trial()
        place.mkdir()
        disk = await before(place, random.Random(seed), trial)
        disk.start_again(place / "after")
        await after(place, trial)
        trials.append(trial)
    return trials


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """An outcome that cannot be written is given up when the test has cut the power."""
    monkeypatch.setattr("gateway.dispatch.context.PARTING_PATIENCE", 0.0)


async def test_none_is_lost_and_none_is_sent_twice(tmp_path: Path) -> None:
    trials = await run_trials(tmp_path, range(25))
    assert [trial.lost for trial in trials] == [set()] * len(trials)
    assert [trial.doubled for trial in trials] == [set()] * len(trials)
    halfway = [trial for trial in trials if BACKLOG < len(trial.accepted) < JOBS]
    assert len(halfway) > 5, "the cuts fell where they prove something"


async def test_synchronous_normal_would_lose_some_and_double_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.db.engine.SYNCHRONOUS", "NORMAL")
    trials = await run_trials(tmp_path, range(25))
    assert any(trial.lost for trial in trials)
    assert any(trial.doubled for trial in trials), "an intent was lost after its Ctrl-Z"
