"""What a message takes of a line's budget."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from support.world import RECIPIENT

from gateway.dispatch.pacing import Budget, Limits
from gateway.dispatch.spending import Spending
from gateway.domain.purpose import Purpose
from gateway.domain.spans import Spans


def free(now: datetime) -> Spending:
    """On a line without limits."""
    return spending(now)


def spending(
    now: datetime,
    *,
    purpose: Purpose = Purpose.TRANSACTIONAL,
    recipient: str = RECIPIENT,
    **limits: Any,
) -> Spending:
    """On a line with these limits."""
    budget = Budget(spans=Spans(now, UTC), limits=Limits(**limits))
    return Spending(budget=budget, purpose=purpose, recipient=recipient)
