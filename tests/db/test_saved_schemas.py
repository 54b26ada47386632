"""Databases of every revision that there was come up to date, with what they hold."""

from __future__ import annotations

import gzip
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, create_engine, select, text
from support.serving import served, until
from support.world import World

from gateway.db import Database
from gateway.db.columns import Table
from gateway.db.engine import writing_engine
from gateway.db.migrate import VERSION_TABLE, _configuration, revisions
from gateway.db.tables import ATTEMPTS, CONSENT_EVENTS, JOBS, PARTS, PERSONS, SPENT_JOBS
from gateway.domain.failpoint import Failpoint
from gateway.domain.states import JobState

SAVED = Path(__file__).parents[1] / "data" / "schemas"
HEAD = revisions()[-1]


def load(revision: str, file: Path) -> Path:
    """Make the saved database of a revision again."""
    script = gzip.decompress((SAVED / f"{revision}.sql.gz").read_bytes()).decode()
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(script)
    return file


def saved_rows(revision: str, folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the rows of each table of a saved database, those first that others refer to."""
    engine = create_engine(f"sqlite:///{load(revision, folder / 'saved.db')}")
    metadata = MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            if table.name not in (VERSION_TABLE, "sqlite_sequence"):
                rows = connection.execute(table.select()).mappings()
                yield table.name, [{name: _aware(row[name]) for name in row} for row in rows]
    engine.dispose()


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


@pytest.fixture
def old_url(backend: str, revision: str, empty_url: str, tmp_path: Path) -> str:
    """A database of a revision, with the saved rows in it."""
    if backend == "sqlite":
        return f"sqlite:///{load(revision, tmp_path / 'old.db')}"
    engine = writing_engine(empty_url, enforce_keys=False)
    with engine.begin() as connection:
        command.upgrade(_configuration(connection), revision)
        metadata = MetaData()
        metadata.reflect(connection)
        for name, rows in saved_rows(revision, tmp_path):
            if rows:
                connection.execute(metadata.tables[name].insert(), rows)
        _follow_keys(connection)
    engine.dispose()
    return empty_url


def _follow_keys(connection: Connection) -> None:
    """Have the server's sequences go on behind the keys that were given."""
    query = "SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()"
    for (sequence,) in connection.execute(text(query)).all():
        table = sequence.removesuffix("_key_seq")
        change = f"SELECT setval('{sequence}', max(key)) FROM {table}"  # noqa: S608 -- our names
        connection.execute(text(change))


def test_every_revision_is_saved() -> None:
    """Who adds one runs tests/data/schemas/make_schemas.py and commits what it makes."""
    assert sorted(file.name.partition(".")[0] for file in SAVED.glob("*.sql.gz")) == revisions()


@pytest.mark.parametrize("revision", revisions())
async def test_it_comes_up_to_date_with_all_that_it_holds(old_url: str, revision: str) -> None:
    async with Database.open(old_url) as database:

        def differences(connection: Connection) -> list[object]:
            return list(compare_metadata(MigrationContext.configure(connection), Table.metadata))

        def jobs(connection: Connection) -> dict[str, tuple[str, str, int]]:
            query = select(JOBS.c.id, JOBS.c.state, JOBS.c.stage, JOBS.c.seq)
            return {row.id: (row.state, row.stage, row.seq) for row in connection.execute(query)}

        def counts(connection: Connection) -> dict[str, int]:
            tables = (PARTS, ATTEMPTS, PERSONS, CONSENT_EVENTS, SPENT_JOBS)
            return {table.name: len(connection.execute(select(table)).all()) for table in tables}

        assert await database.read(differences) == [], (
            "the saved database of the newest revision is made anew while that is not released"
        )
        assert await database.read(jobs) == {
            "waits": ("accepted", "ready", 1),
            "later": ("deferred", "scheduled", 2),
            "delivered": ("delivered", "done", 3),
            "doubt": ("unconfirmed", "handed", 3),
        }
        assert await database.read(counts) == {
            "parts": 4,
            "attempts": 2,
            "persons": int(revision >= "0007"),
            "consent_events": int(revision >= "0007"),
            "spent_jobs": int(revision >= "0008"),
        }


@pytest.mark.parametrize("revision", revisions())
async def test_what_waited_goes_out_once(old_url: str, revision: str) -> None:
    async with Database.open(old_url) as database:
        world = World(database)
        async with served(world) as modem:
            await until(partial(_is_sent, world))
        assert len(modem.written) == 1, "and nothing else of what is there"


async def _is_sent(world: World) -> bool:
    return (await world.job("waits")).state is JobState.SENT


@pytest.mark.sqlite_only("a server undoes a transaction whose client is gone")
@pytest.mark.parametrize("revision", [one for one in revisions() if one != HEAD][::4])
def test_a_kill_in_the_middle_leaves_the_old_schema(revision: str, tmp_path: Path) -> None:
    file = load(revision, tmp_path / "queue.db")
    before = dump(file)
    code = (
        "import sys; from gateway.db.engine import writing_engine;"
        "from gateway.db.migrate import migrate; from gateway.domain.failpoint import arm;"
        f"arm('{Failpoint.MIGRATION_DONE}');"
        "migrate(writing_engine(sys.argv[1], enforce_keys=False))"
    )
    run = [sys.executable, "-c", code, f"sqlite:///{file}"]
    ended = subprocess.run(run, env=os.environ, check=False)
    assert ended.returncode == -signal.SIGKILL, "the failpoint was reached"
    assert dump(file) == before


def dump(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())
