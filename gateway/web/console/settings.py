"""``/settings``: what the gateway goes by, where each value is from, and the file read again."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from gateway.access import Right, Visitor
from gateway.domain.errors import ShopbellError
from gateway.settings.in_force import in_force
from gateway.web.console.shell import go_to, render
from gateway.web.guard import act, visitor
from gateway.web.house import House

PACKAGES: Final = ("fastapi", "uvicorn", "sqlalchemy", "aiomqtt", "pydantic", "phonenumbers")
"""Whose versions matter when something is reported."""

router = APIRouter()


@router.get("/settings")
async def show_settings(
    request: Request, who: Annotated[Visitor, visitor(Right.READ)]
) -> HTMLResponse:
    """Show them, as they are in force."""
    house: House = request.app.state.house
    return render(
        request,
        who,
        "settings.html",
        tables=list(in_force(house.settings())),
        versions=list(_versions(house)),
        started_at=house.started_at,
    )


@router.post("/settings/reload")
async def reload_settings(
    request: Request, who: Annotated[Visitor, visitor(Right.OPERATE)]
) -> Response:
    """Have the gateway read its file again, and say what came of it."""
    house: House = request.app.state.house
    try:
        changes = await act(house, who, "configuration.reload", "reload")
    except ShopbellError as error:
        return go_to("/settings", f"Nothing was changed: {error}")
    request.app.state.live.forget()
    return go_to("/settings", _told(changes["taken"], changes["left"]))


def _told(taken: list[str], left: list[str]) -> str:
    if not taken and not left:
        return "Read again. Nothing has changed."
    said = [f"Read again. Taken up: {', '.join(taken) or 'nothing'}."]
    if left:
        said.append(f"Only after a restart: {', '.join(left)}.")
    return " ".join(said)


def _versions(house: House) -> Iterator[tuple[str, str]]:
    yield "Shopbell", house.version
    yield "Python", platform.python_version()
    yield "SQLite", sqlite3.sqlite_version
    for package in PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:  # a way of installing that keeps no records
            continue
    yield "System", f"{platform.system()} {platform.release()} on {platform.machine()}"
