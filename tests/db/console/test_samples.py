"""Samples: what is written in a span is read of it, and grows old as it is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from gateway.db import Database
from gateway.db.console.samples import (
    HOURS_KEPT,
    MINUTES_KEPT,
    note_samples,
    prune_samples,
    read_samples,
    roll_up,
)
from gateway.db.tables import SAMPLES
from gateway.domain.sample import ALL, HOUR, MINUTE, Reading, Sample, Series, span_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1000)


def sent(count: int, subject: str = ALL) -> Sample:
    return Sample(series=Series.SENT, subject=subject, count=count, total=count)


def delay(*seconds: float) -> Sample:
    return Sample(
        series=Series.REPORT_DELAY,
        count=len(seconds),
        total=sum(seconds),
        least=min(seconds, default=None),
        most=max(seconds, default=None),
    )


def minutes(connection: Connection, series: Series, subject: str = ALL) -> list[Reading]:
    return read_samples(connection, series, subject, MINUTE, NOON, LATER)


def hours(connection: Connection, series: Series, subject: str = ALL) -> list[Reading]:
    return read_samples(connection, series, subject, HOUR, NOON - timedelta(days=1), LATER)


def rows(connection: Connection, span: int) -> int:
    return connection.scalar(select(func.count()).where(SAMPLES.c.span == span)) or 0


async def test_spans_come_in_order_and_only_those_asked_for(database: Database) -> None:
    at = [NOON + timedelta(minutes=n) for n in range(4)]
    for minute in reversed(at):
        await database.write(lambda c, m=minute: note_samples(c, "box", [sent(m.minute)], m))
    read = await database.read(lambda c: read_samples(c, "sent", ALL, MINUTE, at[1], at[3]))
    assert [(one.at, one.total) for one in read] == [(at[1], 1), (at[2], 2)]


async def test_a_minute_in_which_the_gateway_was_restarted_is_both_its_halves(
    database: Database,
) -> None:
    for sample in (delay(1.0, 4.0), delay(), delay(2.0)):
        await database.write(lambda c, one=sample: note_samples(c, "box", [one], NOON))
    [read] = await database.read(lambda c: minutes(c, Series.REPORT_DELAY))
    assert read == Reading(at=NOON, count=3, total=7.0, least=1.0, most=4.0)
    assert read.mean == pytest.approx(7 / 3)


async def test_of_nothing_there_is_no_mean(database: Database) -> None:
    await database.write(lambda c: note_samples(c, "box", [delay()], NOON))
    [read] = await database.read(lambda c: minutes(c, Series.REPORT_DELAY))
    assert (read.count, read.mean, read.least, read.most) == (0, None, None, None)


async def test_what_nodes_count_adds_up(database: Database) -> None:
    for node in ("one", "two"):
        await database.write(lambda c, n=node: note_samples(c, n, [sent(2)], NOON))
    [read] = await database.read(lambda c: minutes(c, Series.SENT))
    assert read.total == 4


async def test_an_hour_is_its_minutes_and_waits_until_it_is_over(database: Database) -> None:
    def write(connection: Connection) -> None:
        for minute in (0, 59, 60):
            at = NOON + timedelta(minutes=minute)
            note_samples(connection, "box", [sent(1), sent(1, "m0"), delay(minute)], at)

    await database.write(write)
    before = NOON + timedelta(minutes=59, seconds=59)
    assert await database.write(lambda c: roll_up(c, "box", before)) == 0
    later = NOON + timedelta(minutes=61)
    for made in (1, 0):  # the second finds it made
        assert await database.write(lambda c: roll_up(c, "box", later)) == made
        assert [r.total for r in await database.read(lambda c: hours(c, Series.SENT))] == [2]
        assert [r.total for r in await database.read(lambda c: hours(c, Series.SENT, "m0"))] == [2]
        [delays] = await database.read(lambda c: hours(c, Series.REPORT_DELAY))
        assert delays == Reading(at=NOON, count=2, total=59.0, least=0.0, most=59.0)


async def test_an_hour_stays_whole_when_the_first_of_its_minutes_go(database: Database) -> None:
    def write(connection: Connection) -> None:
        for minute in (0, 59):
            note_samples(connection, "box", [sent(1)], NOON + timedelta(minutes=minute))
        roll_up(connection, "box", NOON + timedelta(hours=1))
        half = NOON + MINUTES_KEPT + timedelta(minutes=30)
        assert prune_samples(connection, half) == 1
        roll_up(connection, "box", half)

    await database.write(write)
    assert [one.total for one in await database.read(lambda c: hours(c, Series.SENT))] == [2]


async def test_hours_are_made_up_for_that_passed_while_nothing_ran(database: Database) -> None:
    await database.write(lambda c: note_samples(c, "box", [sent(1)], NOON))
    made = await database.write(lambda c: roll_up(c, "box", NOON + timedelta(hours=30)))
    assert made == 1
    assert [one.at for one in await database.read(lambda c: hours(c, Series.SENT))] == [NOON]


async def test_each_node_makes_its_own_hours(database: Database) -> None:
    for node in ("one", "two"):
        await database.write(lambda c, n=node: note_samples(c, n, [sent(1)], NOON))
        await database.write(lambda c, n=node: roll_up(c, n, NOON + timedelta(hours=1)))
    [hour] = await database.read(lambda c: hours(c, Series.SENT))
    assert hour.total == 2


async def test_minutes_go_after_two_days_and_hours_after_thirteen_months(
    database: Database,
) -> None:
    second = timedelta(seconds=1)

    def write(connection: Connection) -> None:
        for span, kept in ((MINUTE, MINUTES_KEPT), (HOUR, HOURS_KEPT)):
            note_samples(connection, "box", [sent(1)], NOON - kept - second, span)
            note_samples(connection, "box", [sent(1)], NOON - kept, span)

    await database.write(write)
    assert await database.write(lambda c: prune_samples(c, NOON)) == 2
    assert [await database.read(lambda c, s=s: rows(c, s)) for s in (MINUTE, HOUR)] == [1, 1]


@given(st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_span_holds_its_instant(at: datetime) -> None:
    for span in (MINUTE, HOUR):
        began = span_of(at, span)
        assert began <= at < began + timedelta(seconds=span)
        assert began.timestamp() % span == 0
