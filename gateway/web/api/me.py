"""Who is asking."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from gateway.access import Kind, Right, Visitor
from gateway.web.api.model import Told
from gateway.web.api.who import allowed

router = APIRouter(tags=["me"])

Anybody = Annotated[Visitor, allowed(of_store=True)]


class Me(Told):
    """Who asks, and what they may. Tokens are made in the console, or by `shopbell token add`."""

    name: str = Field(examples=["3f9a2c41d07b"])
    """Of a user their name, of a token its id."""
    kind: Kind
    rights: list[Right]
    store: str | None = Field(examples=["acme"])
    """The one store that they speak for; null: all."""


@router.get("/me", operation_id="getMe")
async def get_me(who: Anybody) -> Me:
    """Tell whom the token, or the session, belongs to."""
    return Me(name=who.name, kind=who.kind, rights=sorted(who.rights), store=who.store)
