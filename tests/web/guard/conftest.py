"""A site with a page, an endpoint and something to do, behind the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import APIRouter
from support.visitors import Visited, visited

from gateway.access import Right, Visitor
from gateway.web.guard import visitor

router = APIRouter()


@router.get("/page")
async def page(who: Annotated[Visitor, visitor(Right.READ)]) -> str:
    return who.actor


@router.post("/page")
async def do(who: Annotated[Visitor, visitor(Right.OPERATE)]) -> str:
    return "done"


@router.get("/api/thing")
async def thing(who: Annotated[Visitor, visitor(Right.READ, of_store=True)]) -> str:
    return f"{who.actor} of {who.store}"


@router.post("/api/thing")
async def make_thing(who: Annotated[Visitor, visitor(Right.SEND)], body: dict[str, str]) -> str:
    return "made"


@pytest.fixture
async def guarded(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(sqlite_url, tmp_path) as site:
        site.site.include_router(router)
        yield site


@pytest.fixture
async def guarded_by_tls(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(sqlite_url, tmp_path, console='url = "https://console.example"') as site:
        site.site.include_router(router)
        yield site
