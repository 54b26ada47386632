"""Signing in and out, and the links that set a password: what is open to who is not known yet."""

from __future__ import annotations

from collections.abc import Awaitable
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from gateway.access import Visitor
from gateway.access.accounts import Accounts, TooManyTriesError
from gateway.access.passwords import LEAST
from gateway.domain.errors import RejectedError, StorageError
from gateway.web.console.access.leading import safe_next
from gateway.web.console.shell import go_to, render
from gateway.web.guard import person, who_asks
from gateway.web.guard.cookie import clear_cookie, read_cookie, set_cookie
from gateway.web.house import House

router = APIRouter()

Text = Annotated[str, Form()]

_STATUS: Final = {
    "wrong": HTTPStatus.UNAUTHORIZED,
    "too_many": HTTPStatus.TOO_MANY_REQUESTS,
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "link_over": HTTPStatus.GONE,
}
"""Of what is refused here; all else is 422."""


@router.get("/login")
async def show_login(request: Request, next: str = "/") -> Response:  # noqa: A002
    """Show where to sign in; who has, is led on."""
    if await who_asks(request) is not None:
        return RedirectResponse(safe_next(next), HTTPStatus.SEE_OTHER)
    return _login(request, next)


@router.post("/login")
async def sign_in(
    request: Request,
    name: Text = "",
    password: Text = "",
    next: Text = "/",  # noqa: A002
) -> Response:
    """Sign somebody in, with a session of its own whatever the browser had before."""
    shown = read_cookie(request, _house(request).settings())
    work = accounts_of(request).sign_in(name, password, address=address_of(request), shown=shown)
    return await entered(
        request, work, safe_next(next), lambda error: _login(request, next, name, error)
    )


@router.post("/logout")
async def sign_out(request: Request, who: Annotated[Visitor, person()]) -> Response:
    """End the session, here and for whoever else has its cookie."""
    await accounts_of(request).sign_out(who)
    answer = go_to("/login")
    clear_cookie(answer, _house(request).settings())
    return answer


@router.get("/setup/{secret}")
async def show_setup(request: Request, secret: str) -> Response:
    """Show the form of the first start."""
    return await _show_link(request, secret, first=True)


@router.post("/setup/{secret}")
async def set_up(
    request: Request, secret: str, name: Text = "", password: Text = "", again: Text = ""
) -> Response:
    """Make the first user."""
    accounts, address = accounts_of(request), address_of(request)

    async def work() -> str:
        require_same(password, again)
        return await accounts.set_up(secret, name, password, address=address)

    return await _set(request, work(), name, first=True)


@router.get("/password/{secret}")
async def show_password(request: Request, secret: str) -> Response:
    """Show the form of a link for one user."""
    return await _show_link(request, secret, first=False)


@router.post("/password/{secret}")
async def set_password(
    request: Request, secret: str, password: Text = "", again: Text = ""
) -> Response:
    """Set the password of the user of a link."""
    accounts, address = accounts_of(request), address_of(request)

    async def work() -> str:
        require_same(password, again)
        return await accounts.set_by_link(secret, password, address=address)

    return await _set(request, work(), await _named(accounts, secret), first=False)


async def entered(request: Request, work: Awaitable[str], then: str, shown: Any) -> Response:
    """Do what signs somebody in, and lead them on; where it is refused, show why.

    Args:
        request: what is answered.
        work: returns the secret for the cookie.
        then: where to go on.
        shown: makes the page that says why not, of an error.
    """
    try:
        secret = await work
    except (RejectedError, StorageError) as error:
        return refused(shown(error), error)
    answer = RedirectResponse(then, HTTPStatus.SEE_OTHER)
    set_cookie(answer, _house(request).settings(), secret)
    return answer


def refused(page: Response, error: RejectedError | StorageError) -> Response:
    """Give a page that says why not its status."""
    page.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(error, RejectedError):
        page.status_code = _STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    if isinstance(error, TooManyTriesError):
        page.headers["Retry-After"] = str(error.seconds)
    return page


def sentence(error: Exception | None) -> str:
    """Return what a person is told."""
    if error is None:
        return ""
    if isinstance(error, StorageError):
        return "The database cannot be used now; try again."
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."


def require_same(password: str, again: str) -> None:
    """Refuse a new password that was mistyped.

    Raises:
        RejectedError: the two are not the same.
    """
    if password != again:
        raise RejectedError("not_same", "the two are not the same", field="again")


def accounts_of(request: Request) -> Accounts:
    """Return what does it; one for the site, so that tries are counted together."""
    accounts: Accounts = request.app.state.accounts
    return accounts


def address_of(request: Request) -> str:
    """Return from where somebody asks; a trusted proxy's word is taken (`gateway.web.server`)."""
    return request.client.host if request.client else ""


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


def _login(request: Request, then: str, name: str = "", error: Exception | None = None) -> Response:
    return render(
        request, None, "access/login.html", next=safe_next(then), name=name, wrong=sentence(error)
    )


async def _named(accounts: Accounts, secret: str) -> str:
    """Return for whom a link is; nobody where it holds no more, which is said in its turn."""
    try:
        return await accounts.name_of(await accounts.invited(secret))
    except RejectedError:
        return ""


async def _show_link(request: Request, secret: str, *, first: bool) -> Response:
    """Show a form, or that the link is over; to look at it does nothing."""
    accounts = accounts_of(request)
    try:
        record = await accounts.invited(secret)
    except RejectedError as error:
        return refused(_over(request, error), error)
    if (record.user is None) is not first:
        other = RejectedError("link_over", "this link is for something else")
        return refused(_over(request, other), other)
    return _form(request, await accounts.name_of(record), first=first)


async def _set(request: Request, work: Awaitable[str], name: str, *, first: bool) -> Response:
    def shown(error: Exception) -> Response:
        if isinstance(error, RejectedError) and error.code == "link_over":
            return _over(request, error)
        return _form(request, name, error, first=first)

    return await entered(request, work, "/", shown)


def _over(request: Request, error: Exception) -> Response:
    return render(request, None, "access/over.html", wrong=sentence(error))


def _form(request: Request, name: str, error: Exception | None = None, *, first: bool) -> Response:
    field = error.field if isinstance(error, RejectedError) else None
    return render(
        request,
        None,
        "access/password.html",
        first=first,
        name=name,
        least=LEAST,
        wrong=sentence(error),
        field=field,
    )
