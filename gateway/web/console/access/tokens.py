"""API tokens: which programs may ask over HTTP, and for what."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from gateway.access import Right, Visitor
from gateway.access.tokens import OF_STORE
from gateway.domain.errors import RejectedError
from gateway.web.console.access.entry import refused, sentence
from gateway.web.console.shell import go_to, render
from gateway.web.guard import act, visitor
from gateway.web.house import House

router = APIRouter(prefix="/tokens")

Admin = Annotated[Visitor, visitor(Right.ADMIN)]
Text = Annotated[str, Form()]
Words = Annotated[list[str], Form()]

LIVES = (("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("", "no end"))

SCOPES = {
    Right.READ: "modems, the queue, counts, campaigns; numbers are masked",
    Right.ANSWER: "conversations with their numbers, and replies",
    Right.PEOPLE: "search, history, export, restrict and erase persons",
    Right.SEND: "submit and cancel jobs",
    Right.OPERATE: "campaigns, modems, alarms, the configuration read again",
    Right.METRICS: "/metrics, for Prometheus",
    Right.ADMIN: "users, tokens and the audit log",
}


@router.get("")
async def show(request: Request, who: Admin) -> Response:
    """List them."""
    return await _page(request, who)


@router.post("")
async def add(
    request: Request,
    who: Admin,
    name: Text = "",
    scopes: Words = [],  # noqa: B006 -- FastAPI makes a new one each time
    store: Text = "",
    days: Text = "",
) -> Response:
    """Make one; it is shown once."""
    house: House = request.app.state.house
    asked: dict[str, Any] = {
        "name": name,
        "scopes": scopes,
        "store": store or None,
        "days": int(days) if days.isascii() and days.isdecimal() else None,
        "by": who.actor,
    }
    about = {"scopes": scopes, "store": store or None}
    try:
        made = await act(
            house, who, "token.add", "token_add", subject=name, details=about, more=asked
        )
    except RejectedError as error:
        return await _page(request, who, error, asked)
    return render(request, who, "access/token.html", made=made)


@router.post("/{token}/revoke")
async def revoke(request: Request, who: Admin, token: str) -> Response:
    """End one."""
    house: House = request.app.state.house
    try:
        await act(house, who, "token.revoke", "token_revoke", subject=token, id=token)
    except RejectedError as error:
        return await _page(request, who, error)
    return go_to("/tokens", "The token is revoked; what uses it is refused from now on.")


async def _page(
    request: Request,
    who: Visitor,
    error: RejectedError | None = None,
    asked: dict[str, Any] | None = None,
) -> Response:
    house: House = request.app.state.house
    empty: dict[str, Any] = {"name": "", "scopes": [], "store": None, "days": 365}
    page = render(
        request,
        who,
        "access/tokens.html",
        tokens=await house.ask("tokens"),
        scopes=SCOPES,
        of_store=OF_STORE,
        stores=[str(store.name) for store in house.settings().store],
        lives=LIVES,
        asked=asked or empty,
        wrong=sentence(error),
    )
    return page if error is None else refused(page, error)
