"""A site over a real database, asked without a socket."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from support.world import ACME, START

from gateway.db.commerce.links import LinkRecord, put_link
from gateway.domain.click import Opened
from gateway.domain.clock import ManualClock
from gateway.web.links import LinkSite

BROWSER = {"user-agent": "Mozilla/5.0 (iPhone) Safari/604.1", "accept": "text/html"}
TOKEN = "Abcdefghijkl"
OUT = "Outoutoutout"
URL = "https://shop.example/tea?a=1&b=%2F"


@dataclass
class Visited:
    """A site, what it noted, and a browser before it."""

    database: Any
    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    clicks: list[Opened] = field(default_factory=list)
    left: list[LinkRecord] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.site = LinkSite(
            self.database,
            self.clock,
            note=self.clicks.append,
            leave=self._leave,
            brands={ACME: "Acme & Söhne"},
        )
        self.browser = self.as_client()

    async def _leave(self, link: LinkRecord) -> None:
        self.left.append(link)

    def as_client(self, address: str = "192.0.2.1", **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.site, client=(address, 1))
        return httpx.AsyncClient(
            transport=transport, base_url="http://s.example", headers=BROWSER | headers
        )

    async def link(self, **fields: Any) -> None:
        values: dict[str, Any] = {
            "token": TOKEN,
            "store": ACME,
            "kind": "page",
            "url": URL,
            "level": "aggregate",
            "campaign": "campaign.sale",
            "created_at": START,
            "expires_at": START + timedelta(days=90),
        }
        made = LinkRecord(**(values | fields))
        assert await self.database.write(lambda c: put_link(c, made))
