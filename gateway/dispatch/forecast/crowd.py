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


@dataclass(kw_only=True, slots=True)
class Crowd:
    """So many messages of a lane; instants are seconds from the start of the play."""

    lane: Lane
    messages: int
    """That are still to go."""
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
