"""How much waits and how long it has, as a queue has it, found by indexes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection
from support.world import ACME, START, World

from gateway.db import Database
from gateway.db.console import depths
from gateway.db.console.depths import (
    count_letters,
    jobs_by_purpose,
    read_depths,
    read_store_waits,
    read_waits,
    server_size,
)
from gateway.db.console.samples import (
    note_samples,
    prune_samples,
    read_samples,
    roll_up,
)
from gateway.db.outbox import post
from gateway.domain.outward import Outward
from gateway.domain.purpose import Purpose
from gateway.domain.sample import ALL, MINUTE, Sample, Series
from gateway.domain.states import JobState
from tests.db.test_plans import plan_of

SOON, LATER = START + timedelta(hours=1), START + timedelta(hours=5)


async def test_jobs_are_counted_by_store_purpose_and_state(world: World) -> None:
    await world.accept("one", purpose=Purpose.OTP)
    await world.accept("two", text="x" * 200)
    await world.accept("three")
    await world.cancel("three")
    found = await world.database.read(read_depths)
    standing = {(d.purpose, d.state): (d.store, d.jobs, d.parts) for d in found if d.jobs}
    assert standing == {
        (Purpose.OTP, JobState.ACCEPTED): (ACME, 1, 1),
        (Purpose.TRANSACTIONAL, JobState.ACCEPTED): (ACME, 1, 2),
    }
    assert jobs_by_purpose(found) == {
        Purpose.OTP: 1,
        Purpose.TRANSACTIONAL: 1,
        Purpose.MARKETING: 0,
    }


async def test_each_store_waits_for_itself(world: World) -> None:
    await world.accept("first", expires_at=SOON)
    waits = await world.database.read(read_store_waits)
    [(name, wait)] = waits.items()
    assert name == (ACME, Purpose.TRANSACTIONAL) == (wait.store, wait.purpose)
    assert (wait.since, wait.expires_at) == (START, SOON)


async def test_a_purpose_waits_since_its_first_ready_job(world: World) -> None:
    await world.accept("first", expires_at=SOON)
    world.clock.instant += timedelta(minutes=2)
    await world.accept("second", expires_at=LATER)
    await world.accept("code", purpose=Purpose.OTP, expires_at=LATER)
    waits = await world.database.read(read_waits)
    assert {purpose: (wait.since, wait.expires_at) for purpose, wait in waits.items()} == {
        Purpose.TRANSACTIONAL: (START, SOON),
        Purpose.OTP: (START + timedelta(minutes=2), LATER),
    }


async def test_what_is_for_later_does_not_wait_yet(world: World) -> None:
    await world.accept("later", send_at=SOON, expires_at=LATER)
    assert await world.database.read(read_waits) == {}
    world.clock.instant = SOON
    await world.timekeeper.tick()
    waits = await world.database.read(read_waits)
    assert waits[Purpose.TRANSACTIONAL].since == SOON


async def test_letters_are_counted_and_of_very_many_about(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await world.database.read(count_letters) == 0
    for number in range(5):
        await world.accept(f"job-{number}")
    assert await world.database.read(count_letters) == 5
    monkeypatch.setattr(depths, "MOST_LETTERS", 5)
    assert await world.database.read(count_letters) == 5


@pytest.mark.sqlite_only("SQLite's words")
async def test_a_broker_that_is_away_for_days_costs_a_scrape_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depths, "MOST_LETTERS", 0)
    await database.write(lambda c: post(c, ACME, Outward.STATUS, "{}"))
    steps = await plan_of(database, count_letters)
    counted, *ends = [step for step in steps if "outbox" in step]
    assert counted.startswith("SCAN outbox"), "of those at most that are counted"
    assert [step.split()[0] for step in ends] == ["SEARCH", "SEARCH"]


async def test_a_server_tells_its_size(database: Database, backend: str) -> None:
    if backend == "postgresql":
        assert await database.read(server_size) > 1_000_000


def _write_samples(connection: Connection) -> None:
    note_samples(connection, "box", [Sample(series=Series.SENT, count=1, total=1)], START)


@pytest.mark.sqlite_only("SQLite's words; PostgreSQL plans by how much there is")
async def test_nothing_is_looked_through_that_grows(database: Database) -> None:
    """A scrape, a picture and each minute's samples must cost the same after years."""
    looks = {
        "waits": read_waits,
        "picture": lambda c: read_samples(c, Series.SENT, ALL, MINUTE, START, LATER),
        "hours": lambda c: roll_up(c, "box", START + timedelta(hours=2)),
        "prune": lambda c: prune_samples(c, LATER),
    }
    await database.write(_write_samples)
    for name, look in looks.items():
        steps = await plan_of(database, look)
        assert steps, name
        for step in steps:
            assert "SCAN jobs" not in step, name
            assert "SCAN samples" not in step or "SCAN samples USING" in step, (name, step)
