"""``/``: what is wrong now, today's figures, what waits, how it goes, and the modems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from gateway.access import Right, Visitor
from gateway.db.console.samples import read_samples
from gateway.domain.sample import ALL, MINUTE, Series, span_length, span_of
from gateway.web.console.alarms import take_open
from gateway.web.console.modems import take_modems
from gateway.web.console.queue import take_queue
from gateway.web.console.shell import render
from gateway.web.console.today import all_of, midnight, sums_of_today
from gateway.web.console.topic import Snapshot, Topic
from gateway.web.guard import visitor
from gateway.web.house import House

HOURS: Final[Mapping[int, str]] = {1: "1 h", 6: "6 h", 24: "24 h", 168: "7 d", 720: "30 d"}
"""What the charts may show."""

router = APIRouter()


async def _take(house: House, subject: str) -> Snapshot:
    return {
        **await take_open(house),
        **await take_modems(house, ""),
        **await take_queue(house, ""),
        "figures": await _figures(house),
    }


async def _figures(house: House) -> Mapping[str, Any]:
    """Return what was counted today, and how long reports took in the last hour."""
    since, now = midnight(house), house.clock.now()
    hour_ago = span_of(now, MINUTE) - span_length(3600)

    def read(connection: Connection) -> Mapping[str, Any]:
        sums = sums_of_today(connection, since)
        delays = read_samples(connection, Series.REPORT_DELAY, ALL, MINUTE, hour_ago, now)
        count = sum(one.count for one in delays)
        return {
            **{str(one): all_of(sums, one) for one in COUNTED},
            "delay": sum(one.total for one in delays) / count if count else None,
            "reports": count,
        }

    return await house.database.read(read)


COUNTED: Final = (Series.ACCEPTED, Series.SENT, Series.DELIVERED, Series.FAILED)

TOPIC: Final = Topic(
    name="overview",
    right=Right.READ,
    take=_take,
    parts={
        "wrong": "live/wrong.html",
        "figures": "live/figures.html",
        "queue": "live/queue.html",
        "modems": "live/modems.html",
    },
    every=3.0,
)


@router.get("/")
async def show_overview(
    request: Request, who: Annotated[Visitor, visitor(Right.READ)], hours: int = 6
) -> HTMLResponse:
    """Show it."""
    found = await request.app.state.live.latest("overview")
    far = hours if hours in HOURS else 6
    return render(request, who, "overview.html", hours=far, spans=HOURS, sight=who, **found)
