"""Fixtures that several folders of tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from support.house import House
from support.inline import InlineDatabase, make_file
from support.processes import Process
from support.scanner import leaks_of
from support.timed import Lines, LoopClock
from support.world import START, World

from gateway.db import Database

Build = Callable[..., House]


def pytest_configure(config: pytest.Config) -> None:
    """Have programs of ours forked in a suite, and not where something is measured."""
    Process.forked = True


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Build]:
    """Builds houses that are torn down with the test, and have let nobody's number out (G-14)."""
    built: list[House] = []
    with ExitStack() as stack:

        def build(**options: Any) -> House:
            built.append(stack.enter_context(House(tmp_path, **options)))
            return built[-1]

        yield build
    assert [leak for one in built for leak in leaks_of(one)] == []


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """A queue with nothing in it, on a database of its own."""
    async with Database.open(database_url) as database:
        yield World(database)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_file(tmp_path_factory.mktemp("empty") / "queue.db")


@pytest.fixture
async def lines(tmp_path: Path, empty_file: Path) -> AsyncIterator[Lines]:
    database = InlineDatabase(copyfile(empty_file, tmp_path / "queue.db"))
    made = Lines(World(database, clock=LoopClock(START)))
    yield made
    await made.stop()
    await database.close()
