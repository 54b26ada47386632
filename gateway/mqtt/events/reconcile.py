"""``shop.reconcile.v1``: what a store says that it told of a day, to find what got lost."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from gateway.domain.shop import Reconcile, Tally
from gateway.mqtt.events.envelope import Data, Part
from gateway.mqtt.events.happening import ShopEvent
from gateway.mqtt.model import PLAIN

MOST_TYPES: Final = 64
_DAY: Final = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("day", "must be a day, like 2026-11-23") from error
    return text


_DIGEST: Final = r"^[0-9a-f]{16}$"


def _digest(text: str) -> str:
    if not re.fullmatch(_DIGEST.removesuffix("$"), text):
        raise PydanticCustomError("digest", "must hold digests of 16 hex digits: 0-9 a-f")
    return text


Kind = Annotated[str, PLAIN, Field(max_length=64)]
Digest = Annotated[
    str, AfterValidator(_digest), WithJsonSchema({"type": "string", "pattern": _DIGEST})
]


class TallyTold(Part):
    """Of one type."""

    events: Annotated[int, Field(ge=0)]
    """How many, each id counted once, of those that were not `rejected` and are no `history`."""
    digest: Digest
    """The first 64 bits of SHA-256 of each id, summed up modulo 2^64, in 16 hex digits."""


class ReconcileProperties(Part):
    """A day, and what was told of it."""

    day: Annotated[str, Field(pattern=_DAY), AfterValidator(_day)]
    """Of the events' `time`, in UTC."""
    types: Annotated[dict[Kind, TallyTold], Field(max_length=MOST_TYPES)]
    """By the `type` of the events."""


class ReconcileData(Data):
    """Of a comparison."""

    event: Literal["Reconcile"] | None = None
    properties: ReconcileProperties


class ReconcileEvent(ShopEvent):
    """What was told of a day. Where less came, `rejected` says so: publish that day again."""

    type: Literal["shop.reconcile.v1"]
    data: ReconcileData

    def content(self) -> Reconcile:
        """Return what it says; see the base."""
        said = self.data.properties
        tallies = {
            kind: Tally(events=told.events, digest=told.digest) for kind, told in said.types.items()
        }
        return Reconcile(day=date.fromisoformat(said.day), tallies=tallies)
