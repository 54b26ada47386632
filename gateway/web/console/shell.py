"""How a page is made: a template in the shell that all pages share.

Whatever a template is given may be a stranger's: everything is escaped, nothing is marked safe,
and a name that a template asks for and was not given is an error.
"""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gateway.access import Visitor
from gateway.web.console import words
from gateway.web.console.navigation import menu_of
from gateway.web.console.statics import FOLDER, address
from gateway.web.house import House

THEMES: Final = ("auto", "light", "dark")

THEME_COOKIE: Final = "shopbell_theme"
"""Set by the switch in the page; it holds one of the words above."""

SAID_COOKIE: Final = "shopbell_said"
"""One sentence for the next page: what became of what was just asked for."""

_SAID_FOR: Final = 30
"""Seconds until nobody wants to know any more."""

_SAID_MOST: Final = 300


@cache
def environment() -> Environment:
    """Return what all templates are rendered with."""
    made = Environment(
        loader=FileSystemLoader(FOLDER.parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["static"] = address
    made.filters.update(words.FILTERS)
    return made


def render(
    request: Request,
    visitor: Visitor | None,
    template: str,
    /,
    *,
    status: int = HTTPStatus.OK,
    **values: Any,
) -> HTMLResponse:
    """Return a page.

    Args:
        request: what it answers.
        visitor: whose menu it shows; None: nobody has signed in (templates on ``bare.html``).
        template: its file; it extends ``base.html`` or ``bare.html``.
        status: of the answer.
        values: what the template asks for.
    """
    said = request.cookies.get(SAID_COOKIE, "")
    page = environment().get_template(template).render(_shared(request, visitor, said) | values)
    answer = HTMLResponse(page, status_code=status, headers={"Cache-Control": "no-store"})
    if said:
        answer.delete_cookie(SAID_COOKIE, httponly=True, samesite="strict")
    return answer


def render_part(house: House, template: str, /, **values: Any) -> str:
    """Return a part of a page, such as one that is sent while somebody looks."""
    return environment().get_template(template).render(_placed(house) | values)


def go_to(path: str, said: str = "") -> Response:
    """Return the answer to a form: look there, where one sentence says what became of it.

    Args:
        path: a path of this console.
        said: the sentence; it is escaped where it is shown.
    """
    answer = RedirectResponse(path, status_code=HTTPStatus.SEE_OTHER)
    if said:
        value = quote(said[:_SAID_MOST])
        answer.set_cookie(
            SAID_COOKIE, value, max_age=_SAID_FOR, path="/", httponly=True, samesite="strict"
        )
    return answer


def _shared(request: Request, visitor: Visitor | None, said: str) -> dict[str, Any]:
    """Return what every page knows."""
    theme = request.cookies.get(THEME_COOKIE, "auto")
    return {
        **_placed(request.app.state.house),
        "visitor": visitor,
        "menu": [] if visitor is None else list(menu_of(visitor)),
        "path": request.url.path,
        "theme": theme if theme in THEMES else "auto",
        "said": unquote(said)[:_SAID_MOST],
    }


def _placed(house: House) -> dict[str, Any]:
    settings = house.settings()
    return {
        "node": settings.gateway.node,
        "version": house.version,
        "zone": settings.gateway.zone,
        "now": house.clock.now(),
    }
