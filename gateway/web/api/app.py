"""The API, put together: an application of its own within the site."""

from __future__ import annotations

import json
from typing import Final

from fastapi import FastAPI
from starlette.responses import Response

from gateway.web.api import box, campaigns, conversations, jobs, me, messages, people
from gateway.web.api.body import JSON
from gateway.web.api.document import describe
from gateway.web.api.handlers import install_handlers
from gateway.web.api.once import Once
from gateway.web.api.rates import Rates
from gateway.web.api.shell import Shell
from gateway.web.guard import answer_refusals
from gateway.web.house import House

PREFIX: Final = "/api/v1"

DOCUMENT: Final = "/openapi.json"
"""Beside the API, and within it."""

ROUTERS: Final = tuple(
    one.router for one in (jobs, messages, conversations, people, campaigns, box, me)
)


def make_api(house: House) -> FastAPI:
    """Return what answers under `PREFIX`."""
    api = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    api.state.house = house
    api.state.once = Once(house)
    console = house.settings().console
    api.state.rates = Rates(None if console is None else console.api_rate.per_second)
    api.state.routers = ROUTERS
    for router in ROUTERS:
        # To include a router would have each request looked at once for each of them, and again
        # for each of its routes: that took as long as all else of a small request.
        api.router.routes.extend(router.routes)
    api.add_middleware(Shell)
    answer_refusals(api)
    install_handlers(api)
    return api


def serve_api(site: FastAPI, house: House) -> None:
    """Have a site answer under `PREFIX`, and give the document; best before its many pages."""
    written: list[str] = []

    async def document() -> Response:
        if not written:  # it takes a tenth of a second, and few ask for it
            written.append(json.dumps(describe(ROUTERS, PREFIX)))
        return Response(written[0], media_type=JSON)

    site.add_api_route(DOCUMENT, document, include_in_schema=False)
    site.mount(PREFIX, make_api(house))
