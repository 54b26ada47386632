"""The API over a real database, with the real operations where jobs are concerned."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from support.campaigns import Campaigning
from support.deciding import Deciding
from support.desks import desk_operations
from support.outlooks import Folder
from support.visitors import Visited, visited
from support.world import START, World

from gateway.control.alarms import AlarmDesk
from gateway.control.campaign_views import CampaignViews
from gateway.control.campaigns import CampaignDesk
from gateway.control.jobs import JobDesk
from gateway.dispatch.plan import LineCounters
from gateway.domain.ids import ModemName
from gateway.modem.status import ModemState, ModemStatus
from gateway.web.api.app import PREFIX
from gateway.web.api.rates import Rates


async def modems(fields: Mapping[str, Any]) -> object:
    """Tell of one modem without a SIM, as the desk of a gateway does."""
    status = ModemStatus(
        name=ModemName("m0"), port="/dev/null", state=ModemState.MISSING, since=START
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
    shop: Campaigning
    folder: Folder
    url: str

    def open(self) -> None:
        """Have the operations that a gateway has."""
        self.world = World(self.database, clock=self.clock)
        self.shop = Campaigning(Deciding(self.world))
        self.folder = Folder(self.shop)
        of_campaigns = {
            "database": self.database,
            "clock": self.clock,
            "contents": self.folder.read,
            "foresee": self.folder.foresee,
        }
        self.operations |= {
            **CampaignDesk(
                **of_campaigns,  # type: ignore[arg-type]
                launcher=self.shop.launcher,
                admission=self.world.admission,
            ).operations(),
            **CampaignViews(
                **of_campaigns,  # type: ignore[arg-type]
                tell=self.folder.tell,
            ).operations(),
            **desk_operations(self.world, self.url, self.settings),
            **JobDesk(self.world.admission, self.database).operations(),
            **AlarmDesk(self.database, self.clock).operations(),
            "modems": modems,
            "carriers": carriers,
        }

    def pace(self, per_second: float | None) -> None:
        """Have who asks be answered so often."""
        [mount] = [one for one in self.site.routes if getattr(one, "path", None) == PREFIX]
        mount.app.state.rates = Rates(per_second)  # type: ignore[attr-defined]


@pytest.fixture
async def api(database_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with visited(database_url, tmp_path) as site:
        yield opened(site, database_url)


def opened(site: Visited, url: str) -> Api:
    """Return a site with the operations of a gateway."""
    api = Api(site.database, site.settings, site.clock, site.operations)
    api.url = url
    api.open()
    return api
