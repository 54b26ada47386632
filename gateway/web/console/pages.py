"""Everything that the console answers, put together: its files, what pages follow, its pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, FastAPI

from gateway.web.console import (
    access,
    alarms,
    bar,
    campaigns,
    charts,
    failures,
    helping,
    inbox,
    live,
    messages,
    modems,
    overview,
    people,
    queue,
    settings,
)
from gateway.web.console.faults import install_faults
from gateway.web.console.statics import PREFIX, serve_static
from gateway.web.console.topic import Topic

TOPICS: Final[Sequence[Topic]] = (
    bar.TOPIC,
    overview.TOPIC,
    *modems.TOPICS,
    queue.TOPIC,
    failures.TOPIC,
    alarms.TOPIC,
    charts.TOPIC,
    campaigns.TOPIC,
    *inbox.TOPICS,
)
"""What can be followed. A page adds its own here."""

ROUTERS: Final[Sequence[APIRouter]] = (
    live.router,
    overview.router,
    modems.router,
    queue.router,
    failures.router,
    alarms.router,
    charts.router,
    settings.router,
    helping.router,
    campaigns.router,
    inbox.router,
    messages.router,
    people.router,
    *access.ROUTERS,
)
"""The pages. A page adds its own here."""


def install_console(site: FastAPI) -> None:
    """Give a site its pages; its state has the house."""
    site.state.live = live.Live(site.state.house, TOPICS)
    install_faults(site)
    site.add_route(PREFIX + "{name}", serve_static, methods=["GET", "HEAD"])
    for router in ROUTERS:
        site.include_router(router, include_in_schema=False)
