"""The audit log: who did what, and what came of it."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.access import Right, Visitor
from gateway.domain.errors import RejectedError
from gateway.web.console.access.entry import refused, sentence
from gateway.web.console.shell import render
from gateway.web.guard import visitor
from gateway.web.house import House

router = APIRouter(prefix="/audit")

PAGE: Final = 50
"""Entries on one page."""


@router.get("")
async def show(
    request: Request,
    who: Annotated[Visitor, visitor(Right.ADMIN)],
    actor: str = "",
    action: str = "",
    subject: str = "",
    day: str = "",
    before: str = "",
) -> Response:
    """Show the newest entries, or those before one."""
    house: House = request.app.state.house
    sought = {"actor": actor, "action": action, "subject": subject, "day": day}
    try:
        fields = {**_fields(sought, house.settings().gateway.zone), "before": _key(before)}
        found = await house.ask("audit", limit=PAGE, **fields)
    except RejectedError as error:
        page = _page(request, who, sought, {"entries": [], "more": None}, sentence(error), before)
        return refused(page, error)
    return _page(request, who, sought, found, "", before)


def _page(
    request: Request,
    who: Visitor,
    sought: dict[str, str],
    found: Any,
    wrong: str,
    before: str,
) -> Response:
    kept = {name: text for name, text in sought.items() if text}
    older = urlencode({**kept, "before": found["more"]}) if found["more"] else ""
    return render(
        request,
        who,
        "access/audit.html",
        entries=found["entries"],
        sought=sought,
        wrong=wrong,
        older=f"/audit?{older}" if older else "",
        newest=f"/audit?{urlencode(kept)}" if before else "",
    )


def _fields(sought: dict[str, str], zone: tzinfo) -> dict[str, object]:
    """Return what is asked of the gateway; a day is the box's own."""
    fields: dict[str, object] = {
        name: sought[name].strip()
        for name in ("actor", "action", "subject")
        if sought[name].strip()
    }
    if sought["day"]:
        first, last = _day(sought["day"], zone)
        fields |= {"since": first.isoformat(), "until": last.isoformat()}
    return fields


def _day(text: str, zone: tzinfo) -> tuple[datetime, datetime]:
    try:
        day = date.fromisoformat(text)
        return datetime.combine(day, time.min, zone), datetime.combine(day, time.max, zone)
    except ValueError:
        raise RejectedError("malformed", "day: right: such as 2026-11-26", field="day") from None


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
