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
from gateway.web.guard import who_asks
from gateway.web.guard.refusals import OneStoreError, RightMissingError, SignInNeededError
from gateway.web.house import House


@dataclass(frozen=True, slots=True)
class Allowed:
    """Lets in who has one of some rights.

    Attributes:
        rights: one of them is enough; none: whoever is known.
        of_store: whether the route minds for which store somebody speaks; one that does not lets in
            nobody who speaks for one alone.
    """

    rights: tuple[Right, ...]
    of_store: bool

    async def __call__(self, request: Request) -> Visitor:
        """Return who asks.

        Raises:
            SignInNeededError: nobody is known by what they show.
            ProblemError: they ask too often.
            RightMissingError: they may not.
            OneStoreError: they speak for one store, and the route is about all.
        """
        visitor = await who_asks(request)
        if visitor is None:
            raise SignInNeededError
        _count(request, visitor)
        if self.rights and not any(map(visitor.may, self.rights)):
            raise RightMissingError(self.rights[0])
        if visitor.store is not None and not self.of_store:
            raise OneStoreError
        return visitor


def allowed(*rights: Right, of_store: bool = False) -> Any:
    """Return the dependency that gives a route its visitor; see `Allowed`."""
    return Depends(Allowed(rights, of_store))


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
