"""What is noted in a transaction is told once it is committed, once, and not otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from gateway.db import Database
from gateway.db.noting import note, note_time
from gateway.domain.measures import Counted, Timed
from gateway.meter import Tally
from tests.db.conftest import Behind, Brake


@pytest.fixture
def tally(database: Database) -> Tally:
    tally = Tally()
    database.tell(tally)
    return tally


def keyword(connection: Connection, word: str = "stop") -> None:
    note(connection, Counted.KEYWORDS, word)


def keywords(tally: Tally) -> dict[str, int]:
    return {
        labels[0]: number
        for (what, labels), number in tally.counts.items()
        if what is Counted.KEYWORDS
    }


async def test_what_is_committed_is_told_when_it_is_answered(
    database: Database, tally: Tally
) -> None:
    def change(connection: Connection) -> None:
        keyword(connection)
        note_time(connection, Timed.REPORT_DELAY, 5.0, "m0")

    await database.write(change)
    assert keywords(tally) == {"stop": 1}
    assert tally.spreads[Timed.REPORT_DELAY, ("m0",)].total == 5.0


async def test_what_raises_is_not_told_and_its_group_is_once(
    database: Database, tally: Tally, brake: Brake, behind: Behind
) -> None:
    def fails(connection: Connection) -> None:
        keyword(connection, "help")
        raise ValueError

    tasks = await behind(keyword, fails, keyword)
    brake.release()
    for task in tasks:
        try:
            await task
        except ValueError:
            continue
    assert keywords(tally) == {"stop": 2}


async def test_what_a_savepoint_takes_back_is_not_told(database: Database, tally: Tally) -> None:
    def change(connection: Connection) -> None:
        keyword(connection, "before")
        inner = connection.begin_nested()
        keyword(connection, "inside")
        inner.rollback()
        with connection.begin_nested():
            keyword(connection, "kept")

    await database.write(change)
    assert keywords(tally) == {"before": 1, "kept": 1}


async def test_what_is_run_again_is_told_once(
    database: Database, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another's transaction stood in the way the first time."""
    runs: list[int] = []

    def change(connection: Connection) -> None:
        keyword(connection)
        runs.append(1)
        if len(runs) == 1:
            raise DBAPIError("", {}, RuntimeError("stands in the way"))

    def pause(_self: Any, _error: Exception) -> float:
        return 0.0

    monkeypatch.setattr("gateway.db.retrial.Retrial.pause", pause)
    await database.write(change)
    assert len(runs) == 2
    assert keywords(tally) == {"stop": 1}


async def test_commits_are_timed_and_their_changes_counted(
    database: Database, tally: Tally, brake: Brake, behind: Behind
) -> None:
    tasks = await behind(keyword, keyword)
    brake.release()
    for task in tasks:
        await task
    assert tally.spreads[Timed.COMMIT, ()].count == 2
    assert tally.counts[Counted.DATABASE_CHANGES, ()] == 3


async def test_a_migration_and_a_reader_note_nothing(database: Database, tally: Tally) -> None:
    await database.read(keyword)
    assert keywords(tally) == {}
