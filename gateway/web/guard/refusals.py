"""What the guard answers to whom it does not let in: a way to sign in, a page, or a problem."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.access import Right
from gateway.web.errors import ProblemError

LOGIN = "/login"


class SignInNeededError(Exception):
    """Nobody is known by what they show."""


class ForbiddenError(Exception):
    """Somebody is known, and may not; the text says what they lack."""


class OneStoreError(ForbiddenError):
    """Somebody speaks for one store, and this is about all of them."""

    def __init__(self) -> None:
        super().__init__("this token speaks for one store, and this is about all of them")


class RightMissingError(ForbiddenError):
    """Somebody has not the right that it takes.

    Attributes:
        right: what they lack.
    """

    def __init__(self, right: Right) -> None:
        super().__init__(f"this needs the right {right.value!r}; an admin can give it")
        self.right = right


def for_program(path: str) -> bool:
    """Whether what asks for a path is a program."""
    return path.startswith("/api/") or path in ("/metrics", "/openapi.json")


async def ask_to_sign_in(request: Request, error: Exception) -> Response:
    """Lead a person to where they sign in, and tell a program what is lacking."""
    if for_program(request.url.path):
        detail = "show a token: Authorization: Bearer shopbell_…; `shopbell token add` makes one"
        headers = {"WWW-Authenticate": "Bearer"}
        return ProblemError(401, "unauthenticated", detail, headers=headers).response()
    target = f"{LOGIN}?next={quote(_back_to(request), safe='')}"
    if request.headers.get("hx-request") == "true":
        return Response(status_code=401, headers={"HX-Redirect": target})
    return RedirectResponse(target, 303)


async def say_forbidden(request: Request, error: Exception) -> Response:
    """Tell a program what it lacks; a person is shown a page (`gateway.web.console.faults`)."""
    return ProblemError(403, "forbidden", str(error)).response()


def _back_to(request: Request) -> str:
    """Return where to go after signing in; what was to be done is not done again by itself."""
    if request.method != "GET":
        return "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"
