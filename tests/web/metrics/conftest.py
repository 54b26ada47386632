"""A site whose gateway says of itself what a test wants it to say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from support.visitors import Visited, visited

MODEM: Mapping[str, Any] = {
    "name": "m0",
    "port": "/dev/ttyUSB0",
    "state": "ready",
    "identity": {"manufacturer": "Huawei", "model": "E3372", "imei": "490154203237518"},
    "line": "8944100000000000001",
    "operator": "Three",
    "signal_dbm": -73,
    "registration": 1,
    "recoveries": {"reopen": 2},
    "balance": {"amount": "12.50", "unit": "GBP", "at": "2026-11-23T09:00:00Z"},
    "report_ratio": {"asked": 10, "reported": 9},
    "pace": {
        "per_minute": 30.0,
        "slowed": True,
        "budgets": {"day": {"used": 5, "limit": 200}, "recipients": {"used": 4, "limit": 90}},
    },
    "health": {"score": 0.75, "good": True, "why": []},
}
AWAY: Mapping[str, Any] = {
    **MODEM,
    "name": "m1",
    "state": "missing",
    "identity": None,
    "line": None,
    "operator": None,
    "registration": None,
    "recoveries": {},
    "balance": None,
    "report_ratio": None,
    "pace": None,
    "health": None,
}
CARRIER: Mapping[str, Any] = {"name": "carrier:main", "state": "resting", "pace": None}
BROKER: dict[str, Any] = {"connected": True, "misaddressed": 1, "refused": {135: 2}}


class Asked:
    """Operations that count how often they were asked."""

    def __init__(self) -> None:
        self.times = 0
        self.broker = dict(BROKER)

    async def modems(self, _fields: Mapping[str, Any]) -> object:
        self.times += 1
        return [MODEM, AWAY]

    async def carriers(self, _fields: Mapping[str, Any]) -> object:
        return [CARRIER]

    async def ask_broker(self, _fields: Mapping[str, Any]) -> object:
        return self.broker


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
async def watched(sqlite_url: str, tmp_path: Path, asked: Asked) -> AsyncIterator[Visited]:
    operations = {"modems": asked.modems, "carriers": asked.carriers, "broker": asked.ask_broker}
    async with visited(sqlite_url, tmp_path, operations=operations) as site:
        yield site


@pytest.fixture
async def watched_by_tls(sqlite_url: str, tmp_path: Path, asked: Asked) -> AsyncIterator[Visited]:
    operations = {"modems": asked.modems, "carriers": asked.carriers, "broker": asked.ask_broker}
    url = 'url = "https://console.example"'
    async with visited(sqlite_url, tmp_path, console=url, operations=operations) as site:
        yield site
