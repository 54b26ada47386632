"""What lines were handed is counted once, by the spans of the box, and is there after a restart."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gateway.db import Database
from gateway.db.uses import Spent, count_use, uncount_use, uses_of
from gateway.domain.ids import LineId
from gateway.domain.spans import Span, Spans, Uses

NOON = datetime(2026, 7, 31, 12, 0, 30, tzinfo=UTC)
LINE = LineId("8944100000000000001")
ALL = tuple(Span)


async def count(
    database: Database,
    at: datetime = NOON,
    *,
    zone: tzinfo = UTC,
    limited: tuple[Span, ...] = ALL,
    line: LineId = LINE,
    **fields: Any,
) -> Uses:
    spent = Spent(spans=Spans(at, zone), limited=limited, **fields)
    return await database.write(lambda c: count_use(c, line, spent))


async def used(
    database: Database,
    at: datetime = NOON,
    *,
    zone: tzinfo = UTC,
    limited: tuple[Span, ...] = ALL,
) -> Uses:
    return await database.read(lambda c: uses_of(c, LINE, Spans(at, zone), limited))


async def test_what_is_counted_is_what_is_told(database_url: str) -> None:
    async with Database.open(database_url) as database:
        assert await used(database) == Uses()
        await count(database, parts=2, new=True)
        told = await count(database, NOON + timedelta(seconds=1))
        assert told == Uses(minute=3, hour=3, day=3, month=3, recipients=1)
        assert await used(database) == told
        await count(database, line=LineId("another"))
        assert await used(database) == told


async def test_each_span_is_renewed_at_its_own_end(database_url: str) -> None:
    async with Database.open(database_url) as database:
        await count(database)
        later = {
            Uses(minute=1, hour=1, day=1, month=1): NOON + timedelta(seconds=29),
            Uses(hour=1, day=1, month=1): NOON + timedelta(seconds=30),
            Uses(day=1, month=1): NOON + timedelta(hours=1),
            Uses(): NOON + timedelta(hours=12),  # it is the 31st
        }
        for uses, at in later.items():
            assert await used(database, at) == uses
        told = await count(database, NOON + timedelta(hours=1))
        assert told == Uses(minute=1, hour=1, day=2, month=2)


async def test_a_month_is_its_local_days_and_no_others(database_url: str) -> None:
    london = ZoneInfo("Europe/London")
    end = datetime(2026, 6, 30, 22, 59, tzinfo=UTC)  # a minute before the British July
    async with Database.open(database_url) as database:
        for at in (end - timedelta(days=40), end - timedelta(days=3), end):
            await count(database, at, zone=london)
        assert (await used(database, end, zone=london)).month == 2
        july = await count(database, end + timedelta(minutes=1), zone=london)
        assert (july.day, july.month) == (1, 1)


async def test_minutes_and_hours_are_counted_only_where_they_are_limited(
    database_url: str,
) -> None:
    async with Database.open(database_url) as database:
        assert await count(database, limited=()) == Uses(day=1)
        assert await count(database, limited=(Span.HOUR,)) == Uses(day=2, hour=1)
        assert await used(database) == Uses(day=2, month=2, hour=1)


async def test_what_was_not_sent_is_taken_out_where_it_was_counted(database_url: str) -> None:
    async with Database.open(database_url) as database:
        await count(database, new=True)
        second = Spent(spans=Spans(NOON, UTC), limited=ALL, new=True)
        await database.write(lambda c: count_use(c, LINE, second))
        await database.write(lambda c: uncount_use(c, LINE, second))
        assert await used(database) == Uses(minute=1, hour=1, day=1, month=1, recipients=1)
        late = NOON + timedelta(hours=12)
        await count(database, late)
        await database.write(lambda c: uncount_use(c, LINE, second))
        assert await used(database, late) == Uses(minute=1, hour=1, day=1, month=1)


async def test_a_clock_that_is_set_back_renews_nothing(database_url: str) -> None:
    async with Database.open(database_url) as database:
        for _ in range(3):
            await count(database)
        told = await count(database, NOON - timedelta(hours=1))
        assert (told.hour, told.day) == (4, 4)
        assert (await used(database, NOON - timedelta(hours=1))).hour == 4


async def test_a_clock_that_was_far_ahead_holds_nobody(database_url: str) -> None:
    async with Database.open(database_url) as database:
        await count(database, NOON + timedelta(days=4000))
        assert await used(database) == Uses()
        assert (await count(database)).hour == 1


async def test_it_survives_a_restart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'queue.db'}"
    async with Database.open(url) as database:
        await count(database, new=True)
    async with Database.open(url) as database:
        assert await used(database) == Uses(minute=1, hour=1, day=1, month=1, recipients=1)


async def test_a_count_that_ran_twice_for_the_sake_of_another_counts_once(
    database: Database, behind: Any, brake: Any
) -> None:
    """Its group is rolled back when one raises, and each runs again alone."""

    def fail(_connection: Connection) -> None:
        raise ValueError("mine alone")

    spent = Spent(spans=Spans(NOON, UTC), limited=ALL)
    tasks = await behind(lambda c: count_use(c, LINE, spent), fail)
    brake.release()
    _, counted, failed = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(failed, ValueError)
    assert counted == await used(database) == Uses(minute=1, hour=1, day=1, month=1)


async def test_a_line_without_limits_costs_one_statement(
    tmp_path: Path, statements: list[str]
) -> None:
    async with Database.open(f"sqlite:///{tmp_path / 'queue.db'}") as database:
        statements.clear()
        await count(database, limited=())
        assert [one.split()[0] for one in statements if one != "BEGIN IMMEDIATE"] == ["INSERT"]
