"""The API over a real database, with the real operations where jobs are concerned."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from support.visitors import Visited, visited
from support.world import START, World

from gateway.control.alarms import AlarmDesk
from gateway.control.jobs import JobDesk
from gateway.dispatch.plan import LineCounters
from gateway.domain.ids import ModemName
from gateway.modem.status import ModemState, ModemStatus


async def modems(fields: Mapping[str, Any]) -> object:
    """Tell of one modem without a SIM, as the desk of a gateway does."""
    status = ModemStatus(
        name=ModemName("m0"), port="/dev/null", state=ModemState.ABSENT, since=START
    )
    told = {"report_ratio": None, "pace": None, "owner": None, "health": None}
    return [asdict(status) | {"counters": asdict(LineCounters())} | told]


async def carriers(fields: Mapping[str, Any]) -> object:
    """Tell of one carrier."""
    told = {"name": "carrier:main", "state": "ready", "last_error": None, "alarms": ()}
    return [told | {"counters": asdict(LineCounters()), "pace": None}]


class Api(Visited):
    """A site, and the world behind it."""

    world: World

    def open(self) -> None:
        """Have the operations that a gateway has."""
        self.world = World(self.database, clock=self.clock)
        self.operations |= {
            **JobDesk(self.world.admission, self.database).operations(),
            **AlarmDesk(self.database, self.clock).operations(),
            "modems": modems,
            "carriers": carriers,
        }


@pytest.fixture
async def api(database_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with visited(database_url, tmp_path) as site:
        yield opened(site)


def opened(site: Visited) -> Api:
    """Return a site with the operations of a gateway."""
    api = Api(site.database, site.settings, site.clock, site.operations)
    api.open()
    return api
