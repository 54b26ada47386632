"""Everything that the console answers, put together: its files, what pages follow, its pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, FastAPI

from gateway.web.console import access, bar, campaigns, live
from gateway.web.console.statics import PREFIX, serve_static
from gateway.web.console.topic import Topic

TOPICS: Final[Sequence[Topic]] = (bar.TOPIC, campaigns.TOPIC)
"""What can be followed. A page adds its own here."""

ROUTERS: Final[Sequence[APIRouter]] = (live.router, campaigns.router, *access.ROUTERS)
"""The pages. A page adds its own here."""


def install_console(site: FastAPI) -> None:
    """Give a site its pages; its state has the house."""
    site.state.live = live.Live(site.state.house, TOPICS)
    site.add_route(PREFIX + "{name}", serve_static, methods=["GET", "HEAD"])
    for router in ROUTERS:
        site.include_router(router, include_in_schema=False)
