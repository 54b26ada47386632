"""The console, asked without a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.configuration import CONTRACT
from support.consoling import Console, database_at, known
from support.desks import over_world, settings_in
from support.world import World

from gateway.db import Database
from gateway.settings import Settings, load


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The contract's own configuration."""
    for secret in ("mqtt.password", "m0.pin"):
        (tmp_path / secret).write_text("1234\n")
        (tmp_path / secret).chmod(0o600)
    file = tmp_path / "shopbell.toml"
    file.write_text(CONTRACT)
    file.chmod(0o600)
    return load(file)


@pytest.fixture
async def console(sqlite_url: str, settings: Settings) -> AsyncIterator[Console]:
    """A console that an admin looks at."""
    database = database_at(sqlite_url)
    made = Console(database, settings)
    with known(made):
        yield made
        await made.browser.aclose()
        await made.site.state.live.close()
    await database.close()


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """A queue beneath the console."""
    async with Database.open(sqlite_url) as database:
        yield World(database)


@pytest.fixture
def desk(world: World, console: Console, sqlite_url: str, tmp_path: Path) -> Console:
    """A console whose operations about persons and messages are the real ones."""
    return over_world(console, world, sqlite_url, settings_in(tmp_path / "box"))
