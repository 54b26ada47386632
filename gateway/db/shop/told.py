"""What is told in parts, in any order: of each part the newest stands. Pure.

Events tell a person or a product a few facts at a time. One instant for the whole row would let an
event that says little hide what an older one says of something else, if it comes first. So each
fact has its own stamp, and the row is the same in whatever order the events come.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

Facts = Mapping[str, Any]


class Authority(IntEnum):
    """Whose word stands, whatever was said later."""

    ASIDE = 0
    """Said by the way, such as a product's price in somebody's order."""
    OWN = 1
    """Said of the thing itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """What stands after something was told."""

    values: Facts
    """What is other than before."""
    told_at: str
    """The stamps of all facts, as the row keeps them."""


def merge(
    known: Facts,
    told_at: str | None,
    facts: Facts,
    at: datetime,
    authority: Authority = Authority.OWN,
) -> Merged:
    """Return what stands after facts were told.

    Args:
        known: what stands, by name; what is missing was never told.
        told_at: the stamps of it; a fact without a stamp gives way.
        facts: what is told; None says nothing.
        at: when it was so; UTC.
        authority: whose word it is.
    """
    stamps: dict[str, str] = json.loads(told_at or "{}")
    now = stamp(at, authority)
    values: dict[str, Any] = {}
    for name, value in facts.items():
        if value is None:
            continue
        before = stamps.get(name, "")
        # At the same instant one of the two stands, whichever comes first.
        if (now, str(value)) >= (before, str(known.get(name)) if before == now else ""):
            stamps[name] = now
            if value != known.get(name):
                values[name] = value
    return Merged(values=values, told_at=json.dumps(stamps, sort_keys=True))


def stamp_of(told_at: str | None, name: str) -> datetime | None:
    """Return when a fact was told; None: by no event."""
    told = json.loads(told_at or "{}").get(name)
    return None if told is None else datetime.fromisoformat(told.partition(" ")[2])


def stamp(at: datetime, authority: Authority = Authority.OWN) -> str:
    """Return what sorts by authority, then by time."""
    return f"{authority.value} {at.isoformat(timespec='microseconds')}"
