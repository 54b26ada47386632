"""SQLite's log beside a reader that takes its time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from gateway.db import Database
from gateway.db.engine import WAL_KEPT
from gateway.db.outbox import post
from gateway.domain.ids import StoreName
from gateway.domain.outward import Outward

ACME = StoreName("acme")


def write_much(connection: Connection) -> None:
    for _ in range(20):
        post(connection, ACME, Outward.STATUS, "x" * 100_000)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """It is of SQLite what is told here."""
    return f"sqlite:///{tmp_path / 'shopbell.db'}"


async def test_it_grows_behind_a_long_reader_and_shrinks_after_it(url: str, tmp_path: Path) -> None:
    """Nobody waits for that reader, and nothing is left of it on a small disk."""
    async with Database.open(url) as database:
        with closing(sqlite3.connect(tmp_path / "shopbell.db")) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM jobs").fetchone()
            for _ in range(10):
                await database.write(write_much)
            assert database.log_size() > WAL_KEPT
            reader.rollback()
        for _ in range(3):
            await database.write(write_much)
        assert database.log_size() <= WAL_KEPT


async def test_no_statistics_are_made_that_plans_would_turn_by(url: str, tmp_path: Path) -> None:
    async with Database.open(url) as database:
        await database.write(write_much)
    with closing(sqlite3.connect(tmp_path / "shopbell.db")) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE name LIKE '%stat1'")
        assert found.fetchall() == []
