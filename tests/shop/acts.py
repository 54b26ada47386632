"""What the shop and its customers do that the gateway gets to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The shop publishes an event."""

    at: datetime
    """When it is published; the event itself may be older."""
    event: dict[str, Any]
    wrong: str | None = None
    """The code with which it is to be rejected; None: it is a good one."""
    again: bool = False
    """Whether the same was published before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Click:
    """A link of an SMS is fetched."""

    at: datetime
    number: str
    url: str
    agent: str
    method: str = "GET"
    machine: bool = False
    """Whether no person did it: a messenger's preview, or a scanner."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A customer answers an SMS."""

    at: datetime
    number: str
    text: str


Act = Told | Click | Reply
