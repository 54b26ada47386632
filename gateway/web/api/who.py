"""Who asks the API, for what, and how often."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from gateway.access import Right, Visitor
from gateway.domain.ids import StoreName
from gateway.web.api.rates import Rates
from gateway.web.api.shell import HEADERS
from gateway.web.errors import ProblemError
from gateway.web.guard.demand import Demand
from gateway.web.house import House


@dataclass(frozen=True, slots=True)
class Counted:
    """Lets in whom a demand does, and counts before it how often they ask.

    Attributes:
        demand: what it takes.
    """

    demand: Demand

    async def __call__(self, request: Request) -> Visitor:
        """Return who asks.

        Raises:
            SignInNeededError: nobody is known by what they show.
            ProblemError: they ask too often.
            ForbiddenError: they may not.
        """
        visitor = await self.demand.known(request)
        _count(request, visitor)
        self.demand.require(visitor)
        return visitor


def allowed(*rights: Right, of_store: bool = False) -> Any:
    """Return the dependency that gives a route its visitor; one of some rights is enough."""
    return Depends(Counted(Demand(rights, of_store)))


def _count(request: Request, visitor: Visitor) -> None:
    rates: Rates = request.app.state.rates
    standing = rates.take(visitor.actor, asyncio.get_running_loop().time())
    if standing is None:
        return
    request.scope[HEADERS].update(standing.headers())
    if not standing.allowed:
        detail = f"at most {standing.limit} requests at once; ask again in {standing.wait} s"
        raise ProblemError(429, "too_many_requests", detail)


async def house_of(request: Request) -> House:  # else a thread would be asked for it
    """Return the gateway that is asked."""
    house: House = request.app.state.house
    return house


TheHouse = Annotated[House, Depends(house_of)]


def own_store(visitor: Visitor, store: str | None) -> StoreName | None:
    """Return the store that a list is about; None: all.

    Raises:
        ProblemError: the visitor sees another one alone.
    """
    if store is None:
        return visitor.store
    require_store(visitor, store)
    return StoreName(store)


def require_store(visitor: Visitor, store: str) -> StoreName:
    """Pass when a visitor sees a store; another's is as if it were not there.

    Raises:
        ProblemError: they do not.
    """
    if not visitor.sees(store):
        raise ProblemError(404, "unknown_store", "there is no such store", field="store")
    return StoreName(store)
