"""``/alarms``: what is wrong and what was, and that somebody has seen it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from gateway.access import Right, Visitor
from gateway.db.console.alarms import AlarmRecord, ended_alarms, open_alarms
from gateway.domain.alarms import Severity
from gateway.domain.errors import ShopbellError
from gateway.web.console.shell import go_to, render
from gateway.web.console.topic import Snapshot, Topic
from gateway.web.guard import act, visitor
from gateway.web.house import House

MOST_DAYS: Final = 366

MOST_NAME: Final = 128

router = APIRouter()


def shown(one: AlarmRecord) -> Mapping[str, Any]:
    """Return an alarm as pages show it."""
    critical = one.severity is Severity.CRITICAL
    return {
        "key": one.key,
        "kind": one.kind,
        "subject": one.subject,
        "node": one.node,
        "status": "bad" if critical else "warn",
        "word": "critical" if critical else "warning",
        "detail": one.detail,
        "began_at": one.began_at,
        "ended_at": one.ended_at,
        "acknowledged_by": one.acknowledged_by,
    }


async def take_open(house: House, subject: str = "") -> Snapshot:
    """Return what is on, the worst first, of those the newest."""
    records = await house.database.read(open_alarms)
    records.sort(key=lambda one: (one.severity is not Severity.CRITICAL, -one.began_at.timestamp()))
    return {"alarms": [shown(one) for one in records]}


TOPIC: Final = Topic(
    name="alarms", right=Right.READ, take=take_open, parts={"alarms": "live/alarms.html"}
)


@router.get("/alarms")
async def show_alarms(
    request: Request,
    who: Annotated[Visitor, visitor(Right.READ)],
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 7,
) -> HTMLResponse:
    """Show what is on, and what was in so many days."""
    house: House = request.app.state.house
    since = house.clock.now() - timedelta(days=days)
    ended = await house.database.read(lambda c: ended_alarms(c, since))
    on = await request.app.state.live.latest("alarms")
    past = [shown(one) for one in ended]
    return render(request, who, "alarms.html", past=past, days=days, sight=who, **on)


@router.post("/alarms/acknowledge")
async def acknowledge_alarm(
    request: Request,
    who: Annotated[Visitor, visitor(Right.OPERATE)],
    kind: Annotated[str, Form(max_length=MOST_NAME)],
    subject: Annotated[str, Form(max_length=MOST_NAME)] = "",
) -> Response:
    """Take note that somebody has seen an alarm: nobody is told of it again while it lasts."""
    house: House = request.app.state.house
    about = f"{kind} {subject}".strip()
    try:
        await act(
            house,
            who,
            "alarm.acknowledge",
            "alarm_acknowledge",
            subject=about,
            kind=kind,
            by=who.actor,
            more={"subject": subject},
        )
    except ShopbellError as error:
        return go_to("/alarms", f"Nothing was done: {error}.")
    request.app.state.live.forget()
    return go_to("/alarms", "Acknowledged. Nobody is told of it again while it lasts.")
