"""What the gate says: a value, made by a pure rule, acted upon by the dispatcher."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.domain.errors import RejectedError
from gateway.domain.ids import LineId


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowed:
    """It may be sent now."""

    line: LineId | None = None
    """The only line that it may go out on, such as a carrier's; None for any."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deferred:
    """It may be sent later."""

    until: datetime
    """When to ask again; UTC."""
    reason: str
    line: LineId | None = None
    """As `Allowed` has it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Forbidden:
    """It may not be sent."""

    error: RejectedError
    """With a code for programs and a sentence for people; without the number."""


Verdict = Allowed | Deferred | Forbidden
