"""``/failures``: what did not go out, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from gateway.access import Right, Visitor
from gateway.db.console.refusals import recent_refusals
from gateway.db.console.sums import sum_samples
from gateway.domain.failures import FailureClass
from gateway.domain.measures import SILENT as SILENT_CLASS
from gateway.domain.remedies import BY_CLASS, SILENT, Remedy
from gateway.domain.sample import HOUR, MINUTE, Series
from gateway.web.console.modems import described
from gateway.web.console.shell import render
from gateway.web.console.today import all_of, of
from gateway.web.console.topic import Snapshot, Topic
from gateway.web.guard import visitor
from gateway.web.house import House

SPANS: Final[Mapping[int, str]] = {1: "24 hours", 7: "7 days", 30: "30 days"}
"""In days, how far back is looked."""

CLASSES: Final[Mapping[str, Remedy]] = {
    **{one.value: BY_CLASS[one] for one in FailureClass},
    SILENT_CLASS: SILENT,
}
"""By which failures are counted."""

router = APIRouter()


async def _take(house: House, subject: str) -> Snapshot:
    """Return failures by class and by reason; the subject is the days."""
    days = int(subject or 1)
    since = house.clock.now() - timedelta(days=days)

    def read(connection: Connection) -> Snapshot:
        sums = sum_samples(connection, MINUTE if days == 1 else HOUR, since)
        return {
            "days": days,
            "sent": all_of(sums, Series.SENT),
            "classes": [
                _class(name, remedy, of(sums, Series.FAILED, name))
                for name, remedy in CLASSES.items()
            ],
            "refusals": [described(one) for one in recent_refusals(connection)],
        }

    return await house.database.read(read)


def _class(name: str, remedy: Remedy, count: int) -> Mapping[str, Any]:
    return {
        "name": name,
        "count": count,
        "meaning": remedy.meaning,
        "action": remedy.action,
    }


TOPIC: Final = Topic(
    name="failures",
    right=Right.READ,
    take=_take,
    parts={"failures": "live/failures.html"},
    every=5.0,
)


@router.get("/failures")
async def show_failures(
    request: Request,
    who: Annotated[Visitor, visitor(Right.READ)],
    days: Annotated[int, Query()] = 1,
) -> HTMLResponse:
    """Show them, of a day, a week or a month."""
    far = days if days in SPANS else 1
    found = await request.app.state.live.latest("failures", str(far))
    return render(request, who, "failures.html", spans=SPANS, **found)
