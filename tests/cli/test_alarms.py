"""``shopbell alarms`` while no gateway runs: what is on is shown, and can be acknowledged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.command import Shopbell
from support.world import START

from gateway.db import Database
from gateway.db.console.alarms import insert_alarm
from gateway.settings import load


@pytest.fixture
async def left(config: Path) -> None:
    """Leave an alarm, as a gateway does that ends while one is on."""
    async with Database.open(load(config).database.address) as database:
        await database.write(
            lambda c: insert_alarm(
                c,
                node="box-1",
                kind="line_down",
                subject="m1",
                severity="critical",
                detail="out of service: missing",
                began_at=START,
            )
        )


def test_nothing_is_on_before_a_gateway_ever_ran(shopbell: Shopbell) -> None:
    done = shopbell("alarms")
    assert (done.code, done.out, done.err) == (0, "no alarm is on\n", "")


@pytest.mark.usefixtures("left")
def test_what_is_on_is_shown_and_acknowledged(shopbell: Shopbell) -> None:
    assert "out of service: missing" in shopbell("alarms").out
    done = shopbell("alarms", "ack", "line_down", "m1")
    assert (done.code, done.out) == (0, "line_down m1\n")
    [row] = map(json.loads, shopbell("alarms", "--json").out.splitlines())
    assert (row["kind"], row["acknowledged_by"]) == ("line_down", "command")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ack", "line_up"), "there is no alarm 'line_up'"),
        (("ack", "line_down", "m7"), "no alarm line_down of m7 is on"),
        (("test",), "a running gateway alone can tell"),
        (("--days", "400"), "right: 0 to 366"),
    ],
)
def test_what_cannot_be_is_one_line(shopbell: Shopbell, words: tuple[str, ...], said: str) -> None:
    done = shopbell("alarms", *words)
    assert done.code == 1
    assert said in done.err
    assert len(done.err.splitlines()) == 1
