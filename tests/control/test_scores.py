"""Scores on the wire: lots that fit into a line, the same on both sides, and refusals."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.scores import score
from support.world import START

from gateway.control import ControlServer, ask
from gateway.control.scores import LOT, ScoreDesk, _read, _write, lots
from gateway.control.wire import MAX_LINE, encode
from gateway.db import Database
from gateway.domain.clock import ManualClock
from gateway.domain.errors import RejectedError


@pytest.fixture
async def path(tmp_path: Path, database_url: str) -> AsyncIterator[Path]:
    """The socket of a desk that takes scores."""
    async with Database.open(database_url) as database:
        desk = ScoreDesk(database, ManualClock(START))
        async with ControlServer(tmp_path / "s", desk.operations()):
            yield tmp_path / "s"


def test_a_score_is_the_same_on_both_sides() -> None:
    given = score(churn=None, next_order_at=START + timedelta(microseconds=1), uplift=0.1)
    back = _read(_write(given))
    assert back.hours == pytest.approx(given.hours, abs=1e-5)
    assert {**_write(back), "hours": ""} == {**_write(given), "hours": ""}


def test_every_lot_fits_into_a_line_and_none_is_lost() -> None:
    wordy = {"buy_again": ("p" * 900,) * 100}
    given = [score(f"p{number}", **wordy) for number in range(20)]
    given += [score(f"q{number}") for number in range(LOT + 1)]
    found = list(lots(given))
    assert [row["person_id"] for lot in found for row in lot] == [one.person_id for one in given]
    assert all(len(encode({"op": "scores", "rows": lot})) < MAX_LINE for lot in found)
    assert max(map(len, found)) <= LOT


async def test_what_is_taken_is_counted(path: Path) -> None:
    [lot] = lots([score("p1"), score("p2")])
    assert await ask(path, "scores", rows=lot) == {"taken": 2}
    assert await ask(path, "scores", rows=[]) == {"taken": 0}


@pytest.mark.parametrize(
    "rows",
    [
        None,
        {},
        ["p1"],
        [{}],
        [_write(score()) | {"churn": 2}],
        [_write(score()) | {"hours": "ff"}],
        [_write(score()) | {"made_at": "yesterday"}],
        [_write(score()) | {"colour": "red"}],
        [_write(score())] * (LOT + 1),
    ],
    ids=lambda rows: str(rows)[:20],
)
async def test_what_is_no_lot_is_refused(path: Path, rows: Any) -> None:
    with pytest.raises(RejectedError, match="rows"):
        await ask(path, "scores", rows=rows)
