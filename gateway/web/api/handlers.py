"""Whatever goes wrong becomes a problem document of one shape."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from gateway.domain.errors import ShopbellError
from gateway.mqtt.faults import Fault
from gateway.web.errors import ProblemError, problem_of

_CODES: Final = {
    HTTPStatus.NOT_FOUND: ("not_found", "there is nothing at this address"),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", "not with this method; see Allow"),
}


def install_handlers(api: FastAPI) -> None:
    """Have an application answer in problem documents."""
    api.add_exception_handler(ShopbellError, _refused)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(RequestValidationError, _invalid)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ShopbellError)  # noqa: S101 -- registered for it alone
    return problem_of(error).response()


async def _http(request: Request, error: Exception) -> Response:
    if isinstance(error, ProblemError):
        return error.response()
    assert isinstance(error, HTTPException)  # noqa: S101 -- registered for it alone
    status = HTTPStatus(error.status_code)
    code, detail = _CODES.get(status, ("failed", "this cannot be done"))
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    return ProblemError(status, code, detail, headers=headers).response()


def _methods(request: Request) -> set[str]:
    """Return what may be asked of an address; the framework names the first route's alone."""
    return {
        method
        for router in request.app.state.routers
        for route in router.routes
        if route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods
    }


async def _invalid(request: Request, error: Exception) -> Response:
    """Say the first thing that is wrong with a parameter, and nothing of its value."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 -- registered for it alone
    first = error.errors()[0]
    field = str(first["loc"][-1])
    missing = first["type"] == "missing"
    code = Fault.MISSING_FIELD if missing else Fault.INVALID_VALUE
    detail = f"{field} is required" if missing else f"{field}: {_lower(first['msg'])}"
    return ProblemError(422, code, detail, field=field).response()


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
