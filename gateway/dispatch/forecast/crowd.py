"""Messages that are alike: what a forecast counts instead of single ones. Pure."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.domain.ids import LineId
from gateway.domain.lane import Lane


class Hours(Hashable, Protocol):
    """When some persons may be written to. Equal ones are asked once."""

    def opening(self, at: datetime) -> datetime | None:
        """Return the first instant from ``at`` on that is inside, UTC; None when there is none."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """What is the same of all messages of a crowd; instants are seconds from the start."""

    lane: Lane
    parts: int
    """Of each."""
    held_for: LineId | None = None
    """The line that they wait for; None for any."""
    ready_at: float = 0.0
    """Before it they do not go."""
    expires_at: float = math.inf
    """From it on they do not go."""
    hours: Hours | None = None
    """When they may go; None: at any hour."""
    asked: bool = False
    """Whether it is about them that the forecast is asked."""

    def crowd(self, messages: int) -> Crowd:
        """Return so many of them."""
        return Crowd(
            lane=self.lane,
            messages=messages,
            parts=self.parts,
            held_for=self.held_for,
            ready_at=self.ready_at,
            expires_at=self.expires_at,
            hours=self.hours,
            asked=self.asked,
        )


@dataclass(kw_only=True, slots=True)
class Crowd:
    """So many messages of a kind; what the fields mean is told there."""

    lane: Lane
    messages: int
    """That are still to go."""
    parts: int
    held_for: LineId | None = None
    ready_at: float = 0.0
    expires_at: float = math.inf
    hours: Hours | None = None
    asked: bool = False
