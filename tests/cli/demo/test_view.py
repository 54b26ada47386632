"""The picture on a terminal, and the lines elsewhere."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from rich.console import Console

from gateway.cli.demo.tally import Tally
from gateway.cli.demo.view import LINE_EVERY, picture, showing

MODEM = {
    "name": "m0",
    "state": "ready",
    "operator": "Test network",
    "signal_dbm": -73,
    "counters": {"reports": 4},
}


class Watched:
    def __init__(self) -> None:
        self.tally = Tally()
        self.tally.publish("order-1")
        self.tally.tell(
            {
                "id": "order-1",
                "state": "sent",
                "at": "2026-11-23T09:30:00.000Z",
                "modem": "m0",
                "reason": "why",
            }
        )

    async def modems(self) -> Sequence[Mapping[str, Any]]:
        return [MODEM]


def test_the_picture_tells_of_queue_modems_and_last_statuses() -> None:
    console = Console(file=io.StringIO(), width=120)
    with console.capture() as captured:
        console.print(picture(Watched().tally, [MODEM]))
    shown = captured.get()
    for word in ("published 1", "open 1", "Test network", "-73 dBm", "09:30:00", "order-1", "why"):
        assert word in shown


@pytest.mark.looptime
async def test_elsewhere_there_are_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    async with showing(Watched()):
        await asyncio.sleep(3 * LINE_EVERY + LINE_EVERY / 2)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all("published 1" in line and line.endswith("order-1 sent m0") for line in lines)
    assert "\x1b" not in "".join(lines)
