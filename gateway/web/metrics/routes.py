"""``/metrics``, ``/healthz`` and ``/readyz``."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response

from gateway.meter.prometheus import picture, write
from gateway.meter.zeros import zeros
from gateway.web.house import House
from gateway.web.metrics.collecting import Collecting
from gateway.web.metrics.door import require_reader
from gateway.web.metrics.probes import Readiness, is_ready, why_dead


def install_metrics(site: FastAPI) -> None:
    """Give a site the routes for those who watch the gateway."""
    site.include_router(_router(site.state.house))


def _router(house: House) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    collecting, readiness = Collecting(house), Readiness(house)

    @router.get("/metrics")
    async def metrics(request: Request) -> Response:
        await require_reader(request)
        found = await collecting.families()
        stores = [store.name for store in house.settings().store]
        taken = picture(await house.tally(), found, zeros(stores, collecting.modems))
        # Thousands of lines take tens of milliseconds, in which no line is to wait.
        accept = request.headers.get("accept", "")
        content, kind = await asyncio.to_thread(write, taken, accept, house.pid)
        return Response(content, headers={"content-type": kind})

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        wrong = why_dead(house)
        if wrong is None:
            return JSONResponse({"status": "ok"})
        return JSONResponse({"status": "dead", "why": wrong}, 503)

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        found = await readiness.look()
        ready = is_ready(found)
        said = {"status": "ready" if ready else "not ready", **found}
        return JSONResponse(said, 200 if ready else 503)

    return router
