"""How fast each line may send now, and what it has used up: for the operator's eyes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gateway.db.uses import uses_of
from gateway.dispatch.pacing import Budget, Limits, Pace, Speed
from gateway.domain.ids import LineId
from gateway.domain.spans import Span, Spans, Uses


@dataclass(frozen=True, kw_only=True, slots=True)
class Paced:
    """A line, and what is set for it."""

    line: LineId
    pace: Pace
    speed: Speed
    limits: Limits


@dataclass(frozen=True, kw_only=True, slots=True)
class BudgetUse:
    """How far one budget is used up."""

    used: int
    limit: int
    kept_for_otp: int
    renewed_at: datetime
    """UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LineStanding:
    """One line's."""

    per_minute: float | None
    """Parts that it may send now; None: no limit."""
    slowed: bool
    """Whether that is less than what is set, since the network had too much."""
    budgets: Mapping[str, BudgetUse]
    """Of those that it has, by span, and ``recipients`` for the persons of a day."""


def read_standings(
    connection: Connection, lines: Sequence[Paced], spans: Spans, now: float
) -> dict[LineId, LineStanding]:
    """Return how lines stand.

    Args:
        connection: where uses are counted.
        lines: those to tell of.
        spans: those of now.
        now: the loop's time, in seconds.
    """
    return {one.line: _stand(connection, one, spans, now) for one in lines}


def _stand(connection: Connection, line: Paced, spans: Spans, now: float) -> LineStanding:
    rate, limits = line.pace.rate(now, line.speed), line.limits
    uses = uses_of(connection, line.line, spans, limits.spans) if limits.any else Uses()
    return LineStanding(
        per_minute=None if rate is None else round(60 * rate, 2),
        slowed=rate != line.speed.per_second,
        budgets=_budgets(Budget(spans=spans, limits=limits), uses),
    )


def _budgets(budget: Budget, uses: Uses) -> dict[str, BudgetUse]:
    limits, spans = budget.limits, budget.spans
    told = {
        span.value: BudgetUse(
            used=uses.of(span),
            limit=limits.of(span) or 0,
            kept_for_otp=budget.kept(span),
            renewed_at=spans.ends(span),
        )
        for span in limits.spans
    }
    if limits.recipients is not None:
        told["recipients"] = BudgetUse(
            used=uses.recipients,
            limit=limits.recipients,
            kept_for_otp=0,
            renewed_at=spans.ends(Span.DAY),
        )
    return told
