"""Every route of the site demands a right, but for those that are written out here.

A page that is added without one makes these tests fail; so does one that is open by mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from support.visitors import OURS, visited

from gateway.access import Right
from gateway.web.api.who import Counted
from gateway.web.guard.demand import Demand

OPEN: Final = {
    "GET /login",
    "POST /login",
    "GET /setup/{secret}",
    "POST /setup/{secret}",
    "GET /password/{secret}",
    "POST /password/{secret}",
    "GET /static/{name}",
    "GET /openapi.json",
    "GET /healthz",
    "GET /readyz",
}
"""For whoever comes."""

SIGNED_IN: Final = {
    "GET /help",
    "POST /logout",
    "GET /account",
    "POST /account/password",
    "POST /account/sessions/end",
    "GET /live/{topic}",
    "GET /api/v1/me",
}
"""For whoever is known: what is one's own, and what asks for the right by itself."""

BY_ITSELF: Final = {"GET /metrics"}
"""They ask the guard in their own words; their tests show what for."""


@dataclass(frozen=True)
class Way:
    """A route, by one method."""

    method: str
    path: str
    rights: frozenset[Right]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def ways(routes: Any, prefix: str = "", given: frozenset[Right] = frozenset()) -> Iterator[Way]:
    """Yield each route by each method, however deep it is included or mounted."""
    for route in routes:
        if hasattr(route, "original_router"):
            context = route.include_context
            more = given.union(*(rights_in(one.dependency) for one in context.dependencies))
            yield from ways(route.original_router.routes, prefix + context.prefix, more)
        elif hasattr(route, "endpoint"):
            rights = given | set(rights_of(getattr(route, "dependant", None)))
            for method in sorted(route.methods - {"HEAD"}):
                yield Way(method, prefix + route.path, frozenset(rights))
        else:
            yield from ways(route.app.routes, prefix + route.path, given)


def rights_of(dependant: Dependant | None) -> Iterator[Right]:
    if dependant is None:
        return
    yield from rights_in(dependant.call)
    for inner in dependant.dependencies:
        yield from rights_of(inner)


def rights_in(call: Any) -> Iterator[Right]:
    """Yield what a dependency demands: a page's, or an endpoint's of the API."""
    demand = call.demand if isinstance(call, Counted) else call
    if isinstance(demand, Demand):
        yield from demand.rights


@pytest.fixture
async def all_ways(sqlite_url: str, tmp_path: Path) -> list[Way]:
    async with visited(sqlite_url, tmp_path) as site:
        return list(ways(site.site.routes))


async def test_each_demands_a_right_or_is_written_out(all_ways: list[Way]) -> None:
    assert len(all_ways) > 40, "the walk finds them"
    lacking = {way.name for way in all_ways if not way.rights}
    assert lacking - OPEN - SIGNED_IN - BY_ITSELF == set()
    assert (OPEN | SIGNED_IN | BY_ITSELF) - {way.name for way in all_ways} == set(), (
        "gone, and written out"
    )


async def test_nobody_gets_into_any_of_them(sqlite_url: str, tmp_path: Path) -> None:
    """The attack itself, at each door: with nothing, a made-up cookie, a made-up token."""
    async with visited(sqlite_url, tmp_path) as site:
        for way in ways(site.site.routes):
            if way.name in OPEN:
                continue
            path = re.sub(r"\{[^}]*\}", "x", way.path)
            async with site.browser() as nobody:
                assert refused(await nobody.request(way.method, path, headers=OURS)), way
            async with site.browser("made-up") as nobody:
                assert refused(await nobody.request(way.method, path, headers=OURS)), way
            async with site.bearer(f"shopbell_{'0' * 12}_{'0' * 64}") as nobody:
                assert refused(await nobody.request(way.method, path)), way


def refused(answer: httpx.Response) -> bool:
    led = answer.headers.get("location", "").startswith("/login?next=")
    return answer.status_code == 401 or (answer.status_code == 303 and led)
