"""Scores come into the gateway, whether one runs or not, and a bad file changes nothing."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from support.command import Done, Shopbell
from support.scores import row, write_scores

from gateway.control import ControlServer, socket_path
from gateway.control.scores import ScoreDesk
from gateway.db import Database
from gateway.db.tables import SCORES
from gateway.domain.clock import SystemClock

NOW = datetime.now(UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [row(f"p{number}", made_at=NOW) for number in range(1200)]
    return write_scores(tmp_path / "scores.parquet", rows)


async def kept(database: Database) -> set[str]:
    return set(await database.read(lambda c: c.scalars(select(SCORES.c.person_id)).all()))


async def kept_at(tmp_path: Path) -> set[str]:
    async with Database.open(f"sqlite:///{tmp_path / 'shopbell.db'}") as database:
        return await kept(database)


def test_without_a_gateway_they_go_into_the_database(
    shopbell: Shopbell, tmp_path: Path, file: Path
) -> None:
    done = shopbell("score", "import", str(file))
    assert (done.code, done.out, done.err) == (0, "acme: 1,200 scores\n", "")
    assert len(asyncio.run(kept_at(tmp_path))) == 1200


async def test_a_gateway_that_runs_takes_them_in_lots(
    shopbell: Shopbell, tmp_path: Path, file: Path
) -> None:
    async with Database.open(f"sqlite:///{tmp_path / 'shopbell.db'}") as database:
        desk = ScoreDesk(database, SystemClock())
        async with ControlServer(socket_path(tmp_path / "shopbell.db"), desk.operations()):
            done: Done = await asyncio.to_thread(shopbell, "score", "import", str(file), "--json")
        assert (done.code, json.loads(done.out)) == (0, {"taken": {"acme": 1200}})
        assert len(await kept(database)) == 1200


def test_a_file_that_is_wrong_at_its_end_changes_nothing(
    shopbell: Shopbell, tmp_path: Path, file: Path
) -> None:
    rows = [row(f"p{number}", made_at=NOW) for number in range(1200)]
    write_scores(file, [*rows, row("last", made_at=NOW, churn=7.0)])
    done = shopbell("score", "import", str(file))
    assert (done.code, done.out) == (1, "")
    assert done.err == "scores.churn: is 7 in a row; right: a number from 0 to 1\n"
    assert asyncio.run(kept_at(tmp_path)) == set()


def test_stale_scores_are_refused(shopbell: Shopbell, file: Path) -> None:
    write_scores(file, [row(made_at=NOW - timedelta(days=14, hours=1))])
    done = shopbell("score", "import", str(file))
    assert done.code == 1
    assert "more than 14 days ago, and is advice no more" in done.err


def test_scores_of_other_stores_are_left_out_and_told(
    shopbell: Shopbell, tmp_path: Path, file: Path
) -> None:
    write_scores(file, [row("p1", made_at=NOW), row("p2", store="other", made_at=NOW)])
    done = shopbell("score", "import", str(file))
    assert (done.code, done.out) == (0, "acme: 1 scores\n")
    assert done.err == "other is no store of this gateway; its scores were left out\n"
    assert asyncio.run(kept_at(tmp_path)) == {"p1"}


def test_a_file_of_other_stores_alone_is_refused(shopbell: Shopbell, file: Path) -> None:
    write_scores(file, [row(store="other", made_at=NOW)])
    done = shopbell("score", "import", str(file))
    assert done.code == 1
    assert "scores.store: the file has other; right: a store of this gateway" in done.err


def test_a_file_that_is_not_there_is_one_sentence(shopbell: Shopbell) -> None:
    done = shopbell("score", "import", "nothing.parquet")
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert "there is no file nothing.parquet; `shopbell score run` makes it" in done.err
