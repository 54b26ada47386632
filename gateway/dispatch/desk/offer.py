"""What a line says of itself when it asks the desk for work."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.dispatch.settling import Holder
from gateway.dispatch.spending import Allowance
from gateway.domain.line_state import LineState


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A line that has nothing to do."""

    holder: Holder
    state: LineState
    allowance: Allowance
