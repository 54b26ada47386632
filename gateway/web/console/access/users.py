"""Users: who there is, and what each may."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from gateway.access import RIGHTS, Right, Role, Visitor
from gateway.domain.errors import RejectedError
from gateway.web.console.access.entry import refused, sentence
from gateway.web.console.shell import go_to, render
from gateway.web.guard import act, visitor
from gateway.web.house import House

router = APIRouter(prefix="/users")

Admin = Annotated[Visitor, visitor(Right.ADMIN)]
Text = Annotated[str, Form()]

ROLES = tuple((role.value, f"{role}: {', '.join(sorted(RIGHTS[role]))}") for role in Role)


@router.get("")
async def show(request: Request, who: Admin) -> Response:
    """List them."""
    return await _page(request, who)


@router.post("")
async def add(request: Request, who: Admin, name: Text = "", role: Text = "") -> Response:
    """Add one; the link by which they set their password is shown once."""
    house: House = request.app.state.house
    name = name.strip().lower()
    try:
        made = await act(
            house,
            who,
            "user.add",
            "user_add",
            subject=name,
            details={"role": role},
            name=name,
            role=role,
        )
    except RejectedError as error:
        return await _page(request, who, error, name=name, role=role)
    return _link(request, who, made)


@router.post("/{name}/role")
async def change_role(request: Request, who: Admin, name: str, role: Text = "") -> Response:
    """Give one another role."""
    house: House = request.app.state.house
    try:
        await act(
            house,
            who,
            "user.role",
            "user_role",
            subject=name,
            details={"role": role},
            name=name,
            role=role,
        )
    except RejectedError as error:
        return await _page(request, who, error)
    return go_to("/users", f"{name} is {role} now.")


@router.post("/{name}/disable")
async def disable(request: Request, who: Admin, name: str) -> Response:
    """Keep one out."""
    return await _do(request, who, "disable", name, f"{name} is signed out and kept out.")


@router.post("/{name}/enable")
async def enable(request: Request, who: Admin, name: str) -> Response:
    """Let one in again."""
    return await _do(request, who, "enable", name, f"{name} may sign in again.")


@router.post("/{name}/link")
async def link(request: Request, who: Admin, name: str) -> Response:
    """Make a link by which one sets a new password."""
    house: House = request.app.state.house
    try:
        made = await act(house, who, "user.link", "user_link", subject=name, name=name)
    except RejectedError as error:
        return await _page(request, who, error)
    return _link(request, who, made)


async def _do(request: Request, who: Visitor, word: str, name: str, said: str) -> Response:
    house: House = request.app.state.house
    try:
        await act(house, who, f"user.{word}", f"user_{word}", subject=name, name=name)
    except RejectedError as error:
        return await _page(request, who, error)
    return go_to("/users", said)


def _link(request: Request, who: Visitor, made: Any) -> Response:
    return render(request, who, "access/link.html", made=made)


async def _page(
    request: Request,
    who: Visitor,
    error: RejectedError | None = None,
    *,
    name: str = "",
    role: str = Role.VIEWER,
) -> Response:
    house: House = request.app.state.house
    page = render(
        request,
        who,
        "access/users.html",
        users=await house.ask("users"),
        roles=ROLES,
        name=name,
        role=role,
        wrong=sentence(error),
    )
    return page if error is None else refused(page, error)
