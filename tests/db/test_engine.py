"""How a server is connected to."""

from __future__ import annotations

import sys

import pytest
from sqlalchemy import Connection, func, select
from support.postgres import OWNER, Postgres

from gateway.db import Database
from gateway.domain.errors import StorageError


def setting(name: str, connection: Connection) -> str:
    return str(connection.execute(select(func.current_setting(name))).scalar_one())


async def test_a_driver_that_is_not_installed_is_named_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StorageError, match=r"psycopg is not installed.*pip install 'shopbell\["):
        async with Database.open("postgresql+psycopg://nobody@127.0.0.1:1/none"):
            pass


async def test_commits_are_durable_whatever_the_role_has_set(
    postgres: Postgres, postgres_url: str
) -> None:
    name = postgres_url.rpartition("/")[2]
    postgres.execute(f"ALTER ROLE {OWNER} IN DATABASE {name} SET synchronous_commit = off")
    postgres.execute(f"ALTER ROLE {OWNER} IN DATABASE {name} SET timezone = 'Asia/Tokyo'")
    async with Database.open(postgres_url) as database:
        assert await database.write(lambda c: setting("synchronous_commit", c)) == "on"
        assert await database.write(lambda c: setting("timezone", c)) == "UTC"
        assert await database.read(lambda c: setting("timezone", c)) == "UTC"


async def test_what_is_stricter_than_durable_stays(postgres: Postgres, postgres_url: str) -> None:
    name = postgres_url.rpartition("/")[2]
    postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = remote_apply")
    async with Database.open(postgres_url) as database:
        assert await database.write(lambda c: setting("synchronous_commit", c)) == "remote_apply"


async def test_a_database_of_other_texts_is_refused(postgres: Postgres) -> None:
    postgres.execute(
        f"CREATE DATABASE latin OWNER {OWNER} ENCODING 'LATIN1' "
        "LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0"
    )
    with pytest.raises(StorageError, match="keeps its texts as LATIN1"):
        async with Database.open(postgres.url("latin")):
            pass
    postgres.drop("latin")
