"""A connection that is lost while it commits: what was kept is found out, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, func, insert, select
from support.postgres import Postgres

from gateway.db import Database
from gateway.db.tables import OUTBOX

Lose = Callable[[Any], None]

SLOW_COMMIT = """
CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql
  AS 'BEGIN PERFORM pg_sleep(0.4); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON outbox
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()
"""


def after_it_was_done(driver: Any) -> None:
    driver.pgconn.exec_(b"COMMIT")
    driver.pgconn.finish()


def before_it_arrived(driver: Any) -> None:
    driver.pgconn.finish()


def while_it_is_done(driver: Any) -> None:
    driver.pgconn.send_query(b"COMMIT")
    driver.pgconn.finish()


@pytest.fixture
def lose() -> Iterator[Callable[[Lose], None]]:
    """Has the connection of the next COMMIT lost in a certain way."""
    due: list[Lose] = []

    def commit(connection: Connection) -> None:
        if due:
            due.pop()(connection.connection.dbapi_connection)

    event.listen(Engine, "commit", commit)
    yield due.append
    event.remove(Engine, "commit", commit)


class Change:
    """Adds a row, and knows how often it was asked to."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, connection: Connection) -> int:
        self.runs += 1
        connection.execute(insert(OUTBOX), {"store": "acme", "kind": "status", "body": "{}"})
        return self.runs


def count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(OUTBOX)).scalar_one())


@pytest.mark.parametrize(
    ("how", "runs"), [(after_it_was_done, 1), (before_it_arrived, 2), (while_it_is_done, 1)]
)
async def test_a_change_is_made_once(
    postgres: Postgres,
    postgres_url: str,
    lose: Callable[[Lose], None],
    how: Lose,
    runs: int,
) -> None:
    if how is while_it_is_done:
        postgres.execute(SLOW_COMMIT, postgres_url.rpartition("/")[2])
    change = Change()
    async with Database.open(postgres_url) as database:
        lose(how)
        assert await database.write(change) == runs
        assert await database.read(count) == 1
    assert change.runs == runs
