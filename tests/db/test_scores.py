"""Scores in the database: the newest of each person, and none that is stale."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from support.scores import score
from support.world import START

from gateway.db import Database
from gateway.db import scores as module
from gateway.db.scores import put_scores, read_scores
from gateway.db.tables import SCORES
from gateway.domain.score import Score


async def put(database: Database, *scores: Score, later: timedelta = timedelta()) -> None:
    await database.write(lambda c: put_scores(c, scores, START + later))


async def read(
    database: Database, *persons: str, store: str = "acme", later: timedelta = timedelta()
) -> dict[str, Score]:
    found = await database.read(lambda c: read_scores(c, store, persons, START + later))
    return dict(found)


async def count(database: Database) -> int:
    return await database.read(lambda c: c.execute(select(func.count(SCORES.c.store))).scalar_one())


async def test_what_was_put_comes_back_for_its_store_alone(database: Database) -> None:
    given = score(next_order_at=START + timedelta(days=20), uplift=-0.01)
    await put(database, given)
    found = await read(database, "p1", "p2")
    assert set(found) == {"p1"}
    back = found["p1"]
    assert back.hours == pytest.approx(given.hours, abs=1e-5)
    assert {
        name: getattr(back, name) for name in ("churn", "value", "next_order_at", "uplift")
    } == {name: getattr(given, name) for name in ("churn", "value", "next_order_at", "uplift")}
    assert (back.best_hours, back.buy_again, back.new_for_you) == (
        given.best_hours,
        given.buy_again,
        given.new_for_you,
    )
    assert await read(database, "p1", store="other") == {}


async def test_newer_takes_the_place_of_older_and_never_the_other_way(database: Database) -> None:
    day = timedelta(days=1)
    await put(database, score(churn=0.1))
    await put(database, score(churn=0.2, made_at=START + day))
    await put(database, score(churn=0.3, made_at=START - day))
    found = await read(database, "p1")
    assert (found["p1"].churn, await count(database)) == (0.2, 1)


@pytest.mark.parametrize(
    ("later", "advised"),
    [(timedelta(days=14), True), (timedelta(days=14, microseconds=1), False)],
)
async def test_stale_advice_is_none(database: Database, later: timedelta, advised: bool) -> None:
    await put(database, score())
    assert bool(await read(database, "p1", later=later)) is advised


async def test_stale_ones_go_when_newer_come(database: Database) -> None:
    later = timedelta(days=15)
    await put(database, score("old"), score("other"))
    await put(database, score("new", made_at=START + later), later=later)
    assert await count(database) == 1


async def test_many_persons_are_looked_up_in_lots(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ASKED", 3)
    names = [f"p{number}" for number in range(10)]
    await put(database, *(score(name) for name in names))
    assert set(await read(database, *names)) == set(names)
