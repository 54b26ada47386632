"""One's own account: the password, and where one is signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlalchemy import Connection
from starlette.responses import Response

from gateway.access import Visitor
from gateway.access.passwords import LEAST
from gateway.access.sessions import holds
from gateway.db.console.sessions import SessionRecord, list_sessions
from gateway.db.console.users import find_user
from gateway.domain.errors import RejectedError
from gateway.web.console.access.entry import (
    accounts_of,
    address_of,
    entered,
    require_same,
    sentence,
)
from gateway.web.console.shell import go_to, render
from gateway.web.guard import person
from gateway.web.house import House

router = APIRouter(prefix="/account")

Person = Annotated[Visitor, person()]
Text = Annotated[str, Form()]


@router.get("")
async def show(request: Request, who: Person) -> Response:
    """Show the account."""
    return _page(request, who, await _sessions(request, who))


@router.post("/password")
async def change(
    request: Request, who: Person, old: Text = "", password: Text = "", again: Text = ""
) -> Response:
    """Change the password; every other browser is signed out, and this one has a new session."""
    accounts, address = accounts_of(request), address_of(request)
    sessions = await _sessions(request, who)

    async def work() -> str:
        require_same(password, again)
        return await accounts.change_password(who, old, password, address=address)

    return await entered(
        request, work(), "/account", lambda error: _page(request, who, sessions, error)
    )


@router.post("/sessions/end")
async def end_others(request: Request, who: Person) -> Response:
    """Sign out everywhere else."""
    await accounts_of(request).end_others(who)
    return go_to("/account", "You are signed out everywhere else.")


async def _sessions(request: Request, who: Visitor) -> list[SessionRecord]:
    house: House = request.app.state.house
    now = house.clock.now()

    def read(connection: Connection) -> list[SessionRecord]:
        user = find_user(connection, who.name)
        return [] if user is None else list_sessions(connection, user.key)

    return [one for one in await house.database.read(read) if holds(one, now)]


def _page(
    request: Request,
    who: Visitor,
    sessions: list[SessionRecord],
    error: Exception | None = None,
) -> Response:
    return render(
        request,
        who,
        "access/account.html",
        sessions=sessions,
        least=LEAST,
        wrong=sentence(error),
        field=error.field if isinstance(error, RejectedError) else None,
    )
