"""``/help``: what each page is for, and where to look when something is wrong; all of it here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from gateway.access import Visitor
from gateway.web.console.shell import render
from gateway.web.guard import visitor

router = APIRouter()


@router.get("/help")
async def show_help(request: Request, who: Annotated[Visitor, visitor(None)]) -> HTMLResponse:
    """Show it."""
    return render(request, who, "help.html")
