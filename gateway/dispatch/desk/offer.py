"""What a line says of itself when it asks the desk for work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from gateway.dispatch.settling import Holder
from gateway.domain.ids import LineId
from gateway.domain.line_state import Left, LineState


class Allowance(Protocol):
    """What a line may be handed within its budgets; `gateway.dispatch.settling.DailyLimit`."""

    def left(self, connection: Connection, line: LineId) -> Left:
        """Return how many parts the line may still be handed."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A line that has nothing to do."""

    holder: Holder
    state: LineState
    allowance: Allowance
