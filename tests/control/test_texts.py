"""What was found in texts, over the socket."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from gateway.control import ControlServer, ask
from gateway.control.texts import TextDesk
from gateway.domain.ids import StoreName


async def test_findings_are_counted_while_it_runs(tmp_path: Path) -> None:
    counts: Counter[tuple[StoreName, str]] = Counter()
    async with ControlServer(tmp_path / "s", TextDesk(counts).operations()):
        assert await ask(tmp_path / "s", "texts") == []
        counts[StoreName("tea"), "offer"] += 2
        counts[StoreName("acme"), "price"] += 1
        assert await ask(tmp_path / "s", "texts") == [
            {"store": "acme", "finding": "price", "jobs": 1},
            {"store": "tea", "finding": "offer", "jobs": 2},
        ]
