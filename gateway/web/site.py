"""The console's server, put together: pages, the API, metrics; one listener for all of them."""

from __future__ import annotations

from fastapi import FastAPI

from gateway.web.api import serve_api
from gateway.web.console import fault_page, install_console
from gateway.web.guard import install_guard
from gateway.web.house import House
from gateway.web.metrics import install_metrics


def make_site(house: House) -> FastAPI:
    """Return what answers on ``[console] listen``."""
    site = FastAPI(title="Shopbell", version=house.version, docs_url=None, redoc_url=None)
    site.state.house = house
    install_metrics(site)
    serve_api(site, house)
    install_console(site)
    install_guard(site, fault_page)
    return site
