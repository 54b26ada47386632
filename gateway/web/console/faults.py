"""A page for what goes wrong: what was refused, what is not there, what could not be kept.

Programs are told in their own way, see `gateway.web.errors`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from gateway.access import Visitor
from gateway.domain.errors import RejectedError, ShopbellError
from gateway.web.console.forms import said_of
from gateway.web.console.shell import render
from gateway.web.errors import ProblemError, problem_of
from gateway.web.guard import who_asks
from gateway.web.guard.refusals import ForbiddenError, for_program, say_forbidden

_TITLES: Final = {
    HTTPStatus.FORBIDDEN: "You may not do this",
    HTTPStatus.NOT_FOUND: "There is no such page",
    HTTPStatus.METHOD_NOT_ALLOWED: "This cannot be asked so",
    HTTPStatus.INTERNAL_SERVER_ERROR: "This went wrong",
    HTTPStatus.SERVICE_UNAVAILABLE: "Not now",
}

_CODES: Final = {HTTPStatus.NOT_FOUND: "not_found"}
"""What a program is told; else ``failed``."""


def install_faults(site: FastAPI) -> None:
    """Have a site answer with a page whatever goes wrong on one."""
    site.add_exception_handler(ShopbellError, _refused)
    site.add_exception_handler(ForbiddenError, _forbidden)
    site.add_exception_handler(HTTPException, _http)
    site.add_exception_handler(RequestValidationError, _invalid)


def fault_page(request: Request, problem: ProblemError) -> Response:
    """Return the page of a fault of ours; who asks is not looked up: that may be what failed."""
    return _shown(request, None, HTTPStatus(problem.status_code), _sentence(problem.detail))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ShopbellError)  # noqa: S101 -- registered for it alone
    problem = problem_of(error)
    if for_program(request.url.path):
        return problem.response()
    said = said_of(error) if isinstance(error, RejectedError) else _sentence(problem.detail)
    return await _page(request, HTTPStatus(problem.status_code), said)


async def _forbidden(request: Request, error: Exception) -> Response:
    if for_program(request.url.path):
        return await say_forbidden(request, error)
    return await _page(request, HTTPStatus.FORBIDDEN, _sentence(str(error)))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for it alone
    status, detail = HTTPStatus(error.status_code), str(error.detail)
    if for_program(request.url.path):
        code = _CODES.get(status, "failed")
        return ProblemError(status, code, detail, headers=error.headers).response()
    answer = await _page(request, status, _sentence(detail))
    answer.headers.update(error.headers or {})
    return answer


async def _invalid(request: Request, error: Exception) -> Response:
    """Say which part of an address or a form is wrong, and nothing of its value."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- registered for it alone
    where, *_, field = error.errors()[0]["loc"]
    if where == "body":
        said = f"{field} in the form is missing, or is none."
        return await _page(request, HTTPStatus.UNPROCESSABLE_ENTITY, said)
    return await _page(request, HTTPStatus.NOT_FOUND, f"{field} in the address is none.")


async def _page(request: Request, status: HTTPStatus, said: str) -> Response:
    try:
        visitor = await who_asks(request)
    except ShopbellError:  # the database, most likely, which is what is to be told
        visitor = None
    return _shown(request, visitor, status, said)


def _shown(request: Request, visitor: Visitor | None, status: HTTPStatus, said: str) -> Response:
    title = _TITLES.get(status, "This was refused")
    return render(request, visitor, "missing.html", status=status, title=title, said=said, up="/")


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].removesuffix('.')}."
