"""Rows of alarms and line tests, and what the queue is asked, on every database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from support.world import START, World

from gateway.db.console.alarms import (
    acknowledge,
    change_alarm,
    drop_ended,
    ended_alarms,
    insert_alarm,
    open_alarms,
    untold_ends,
)
from gateway.db.console.loop_tests import drop_tests, give_up, insert_test, loops_since, note_sent
from gateway.db.console.waiting import any_ready, read_backlog
from gateway.db.ratios import report_trends
from gateway.domain.ids import LineId
from gateway.domain.purpose import Purpose

HOUR = timedelta(hours=1)


def make(connection: Connection, subject: str = "m0", node: str = "box-1") -> int:
    return insert_alarm(
        connection,
        node=node,
        kind="line_down",
        subject=subject,
        severity="critical",
        detail="why",
        began_at=START,
    )


async def test_one_is_open_of_a_node_a_kind_and_a_subject(world: World) -> None:
    key = await world.database.write(make)
    await world.database.write(lambda c: make(c, node="box-2"))
    with pytest.raises(IntegrityError):
        await world.database.write(make)
    await world.database.write(lambda c: change_alarm(c, key, ended_at=START, told_at=START))
    again = await world.database.write(make)
    read = world.database.read
    assert {one.key for one in await read(lambda c: open_alarms(c, "box-1"))} == {again}
    assert len(await read(open_alarms)) == 2
    assert [one.key for one in await read(lambda c: untold_ends(c, "box-1"))] == [key]
    assert [one.key for one in await read(lambda c: ended_alarms(c, START))] == [key]
    assert await world.database.write(lambda c: drop_ended(c, START + HOUR)) == 1
    assert len(await read(open_alarms)) == 2, "what is on is kept, however old"


async def test_one_subject_is_acknowledged_or_all(world: World) -> None:
    for subject in ("m0", "m1"):
        await world.database.write(lambda c, subject=subject: make(c, subject))

    async def seen(subject: str | None) -> list[str]:
        done = await world.database.write(lambda c: acknowledge(c, "line_down", subject, "ann"))
        return [one.subject for one in done]

    assert await seen("m1") == ["m1"]
    assert [one.acknowledged_by for one in await world.database.read(open_alarms)] == [None, "ann"]
    assert sorted(await seen(None)) == ["m0", "m1"]
    assert await seen("m7") == []


async def test_a_line_test_is_given_up_once(world: World) -> None:
    lines = LineId("a"), LineId("b")
    for code in ("old", "new"):
        await world.database.write(lambda c, code=code: insert_test(c, code, *lines, START))
    await world.database.write(lambda c: note_sent(c, "new", START + HOUR))

    async def lost() -> list[str]:
        found = await world.database.write(lambda c: give_up(c, START + HOUR, START + HOUR))
        return [one.code for one in found]

    assert await lost() == ["old"]
    assert await lost() == []
    found = await world.database.read(lambda c: loops_since(c, START))
    assert [one.code for one in found] == ["old", "new"]
    assert await world.database.write(lambda c: drop_tests(c, START + HOUR)) == 1


async def test_the_backlog_tells_urgent_from_due(world: World) -> None:
    await world.accept("order", purpose=Purpose.TRANSACTIONAL)
    await world.accept("code", purpose=Purpose.OTP, expires_at=START + HOUR / 2)
    await world.allow()
    await world.accept("offer", purpose=Purpose.MARKETING, expires_at=START + HOUR / 2)
    now = START + HOUR / 4

    def look(connection: Connection) -> tuple[object, ...]:
        backlog = read_backlog(connection, now, START + HOUR)
        return backlog.urgent, backlog.oldest, backlog.due

    assert await world.database.read(look) == (2, START, 2)
    assert await world.database.read(lambda c: any_ready(c, now))
    assert not await world.database.read(lambda c: any_ready(c, START))
    assert await world.database.read(lambda c: report_trends(c, START, now)) == {}
