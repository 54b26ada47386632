"""A database in a folder of its own, and a way to hold its writer still."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from support.statements import overheard

from gateway.db import Database

Change = Callable[[Connection], Any]
Behind = Callable[..., Awaitable[list[asyncio.Task[Any]]]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shopbell.db"


@pytest.fixture
def url(backend: str, path: Path, request: pytest.FixtureRequest) -> str:
    """A database of the test's own; on SQLite there is no file yet."""
    if backend == "sqlite":
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database.open(url) as opened:
        yield opened


@pytest.fixture
def commits() -> Iterator[list[Connection]]:
    """Grows by one at every commit that is made from here on."""
    made: list[Connection] = []

    def note(connection: Connection) -> None:
        made.append(connection)

    event.listen(Engine, "commit", note)
    yield made
    event.remove(Engine, "commit", note)


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Grows by every statement that is run from here on."""
    run: list[str] = []

    with overheard(lambda statement, _values: run.append(statement)):
        yield run


class Brake:
    """A change that stands in the writer until it is let go, so that others gather behind it."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._release = threading.Event()

    def __call__(self, _connection: Connection) -> None:
        self.reached.set()
        assert self._release.wait(10), "nobody let the writer go"

    def release(self) -> None:
        self._release.set()


@pytest.fixture
def brake() -> Iterator[Brake]:
    made = Brake()
    yield made
    made.release()


@pytest.fixture
def behind(database: Database, brake: Brake) -> Behind:
    """Hand changes over while the writer stands still, so that they form one group.

    Gives the task of the brake itself, then one for each change.
    """

    async def hand_over(*changes: Change) -> list[asyncio.Task[Any]]:
        held = asyncio.ensure_future(database.write(brake))
        await asyncio.to_thread(brake.reached.wait, 10)
        tasks = [asyncio.ensure_future(database.write(change)) for change in changes]
        await asyncio.sleep(0)
        return [held, *tasks]

    return hand_over
