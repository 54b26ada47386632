"""Fixtures of databases: each test that asks for one gets a fresh one, on each kind there is.

A test that asks for ``database_url`` is run on SQLite and again on PostgreSQL, unless it is marked
``sqlite_only``; ``--database`` says otherwise. The server is started by the first test of a process
that wants it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from support.postgres import Postgres, program

from gateway.db.engine import writing_engine
from gateway.db.migrate import migrate

BACKENDS: Final = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=(*BACKENDS, "both"),
        default="both",
        help="run what is to hold on every database on this one alone",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames:
        metafunc.parametrize("backend", _backends(metafunc))


def _backends(metafunc: pytest.Metafunc) -> list[str]:
    chosen = metafunc.config.getoption("database")
    alone = metafunc.definition.get_closest_marker("sqlite_only")
    possible = ("sqlite",) if alone else BACKENDS
    return [name for name in possible if chosen in (name, "both")]


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest) -> str:
    """A database of the test's own, with our tables and nothing in them."""
    url: str = request.getfixturevalue("sqlite_url" if backend == "sqlite" else "postgres_url")
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our tables and nothing in them: to copy it costs a twentieth of making one."""
    file = tmp_path_factory.mktemp("template") / "shopbell.db"
    engine = writing_engine(f"sqlite:///{file}", enforce_keys=False)
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A file of the test's own, with our tables and nothing in them."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path)}"


@pytest.fixture
def empty_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of the test's own without any table."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'shopbell.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server of this process, for all tests that leave it as it is; it is not durable."""
    _require_postgres()
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """The name of a database with our tables and nothing in them."""
    return postgres.template()


@pytest.fixture
def postgres_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    """A database on the server of this process, with our tables and nothing in them."""
    name = postgres.create(template=postgres_template)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture
def make_postgres() -> Iterator[Callable[..., Postgres]]:
    """Starts servers that a test may stop, kill and start again; they end with it."""
    _require_postgres()
    servers: list[Postgres] = []

    def make(**options: Any) -> Postgres:
        servers.append(Postgres(**options))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


def _require_postgres() -> None:
    if program("initdb") is None:
        pytest.skip("PostgreSQL is not installed")
