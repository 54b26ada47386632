"""What a page or an endpoint demands of who asks, as a dependency of FastAPI.

``who: Annotated[Visitor, visitor(Right.READ)]`` gives a route its visitor;
``APIRouter(dependencies=[visitor(Right.ADMIN)])`` shuts all of a router.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from fastapi import Depends, Request

from gateway.access import Kind, Right, Visitor
from gateway.access.credentials import Credentials
from gateway.web.guard.cookie import read_cookie
from gateway.web.guard.refusals import (
    OneStoreError,
    RightMissingError,
    SignInNeededError,
)
from gateway.web.guard.same_site import is_program
from gateway.web.house import House

_BEARER: Final = len("bearer ")


@dataclass(frozen=True, slots=True)
class Demand:
    """Lets in who has a right.

    Attributes:
        rights: one of them is enough; none: to be known is.
        of_store: whether the route minds for which store somebody speaks (`Visitor.sees`).
        person: whether it is for persons who signed in alone, and for no program.
    """

    rights: tuple[Right, ...] = ()
    of_store: bool = False
    person: bool = False

    async def __call__(self, request: Request) -> Visitor:
        """Return who asks.

        Raises:
            SignInNeededError: nobody is known by what they show.
            RightMissingError: they may not.
            OneStoreError: they speak for one store, and the route is about all.
        """
        found = await self.known(request)
        self.require(found)
        return found

    async def known(self, request: Request) -> Visitor:
        """Return who asks, whatever they may.

        Raises:
            SignInNeededError: nobody is known by what they show.
        """
        found = await who_asks(request)
        if found is None or (self.person and found.kind is not Kind.USER):
            raise SignInNeededError
        return found

    def require(self, found: Visitor) -> None:
        """Pass when somebody who is known may.

        Raises:
            RightMissingError: they may not.
            OneStoreError: they speak for one store, and the route is about all.
        """
        if self.rights and not any(map(found.may, self.rights)):
            raise RightMissingError(self.rights[0])
        if found.store is not None and not self.of_store:
            raise OneStoreError


def visitor(right: Right | None, *, of_store: bool = False) -> Any:
    """Return the dependency that lets in who has a right; None: who is known.

    Args:
        right: what it takes.
        of_store: whether the route minds for which store somebody speaks, by `Visitor.sees`. A
            route that does not say so lets in nobody who speaks for one store alone: to forget it
            must not show a store what is another's.
    """
    return Depends(Demand(() if right is None else (right,), of_store))


def person() -> Any:
    """Return the dependency that lets in any person who signed in, to what is their own."""
    return Depends(Demand(person=True))


async def who_asks(request: Request) -> Visitor | None:
    """Return who shows a token or, where none is shown, the cookie of a session.

    A stream that lasts asks again from time to time: what ended meanwhile lets nobody look on.

    Raises:
        StorageError: it cannot be read.
    """
    house: House = request.app.state.house
    credentials = Credentials(house.database, house.clock)
    if is_program(request.headers):
        return await credentials.of_token(request.headers["authorization"][_BEARER:].strip())
    secret = read_cookie(request, house.settings())
    return None if secret is None else await credentials.of_cookie(secret)
