"""The desk tells for how long it has been at one round, which the watchdog asks."""

from __future__ import annotations

import asyncio

import pytest
from support.timed import Lines

from gateway.dispatch.desk import Desk


@pytest.mark.looptime
async def test_it_tells_for_how_long_it_has_been_at_one_round(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, release = Desk(lines.world.context), asyncio.Event()
    monkeypatch.setattr(desk, "_take_back", release.wait)
    assert desk.busy_for() == 0
    round_ = asyncio.create_task(desk._try_to_serve())
    await asyncio.sleep(130)
    assert desk.busy_for() == pytest.approx(130)
    release.set()
    await round_
    assert desk.busy_for() == 0
