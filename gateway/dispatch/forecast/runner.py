"""A line as a play knows it: how fast it is, and what is left of its budgets. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from gateway.dispatch.pacing import Budget, Limits
from gateway.domain.line_state import UNLIMITED, Left, LineState
from gateway.domain.spans import Span, Spans, Uses


@dataclass(kw_only=True, slots=True)
class Runner:
    """One line that is at work."""

    state: LineState
    seconds: float
    """From one part to the next: what is set for the line, or what it takes where that is more."""
    zone: tzinfo
    """Where its days begin."""
    limits: Limits = field(default_factory=Limits)
    uses: Uses = field(default_factory=Uses)
    """What it was handed in the spans in which ``seen_at`` lies."""
    seen_at: datetime
    operator: str | None = None
    """The network that it is in."""
    _limited: bool = field(init=False)

    def __post_init__(self) -> None:
        self._limited = self.limits.any

    def left(self, at: datetime) -> Left:
        """Return how many parts it may still be handed."""
        return self._budget(at).left(self._uses(at)) if self._limited else UNLIMITED

    def spend(self, messages: int, parts: int, at: datetime) -> None:
        """Count messages of so many parts each, to as many persons."""
        if not self._limited:
            return
        uses, more = self._uses(at), messages * parts
        self.uses = Uses(
            minute=uses.minute + more,
            hour=uses.hour + more,
            day=uses.day + more,
            month=uses.month + more,
            recipients=uses.recipients + messages,
        )
        self.seen_at = at

    def renewed_at(self, at: datetime, urgency: int) -> datetime | None:
        """Return when there is more of what is used up; None when nothing is."""
        return self._budget(at).renewed_at(self._uses(at), urgency)

    def _budget(self, at: datetime) -> Budget:
        return Budget(spans=Spans(at, self.zone), limits=self.limits)

    def _uses(self, at: datetime) -> Uses:
        """Return what counts at an instant: of a span that is over, nothing."""
        before, now, uses = Spans(self.seen_at, self.zone), Spans(at, self.zone), self.uses
        kept = {
            span.value: uses.of(span) if before.begins(span) == now.begins(span) else 0
            for span in Span
        }
        same_day = before.begins(Span.DAY) == now.begins(Span.DAY)
        return Uses(**kept, recipients=uses.recipients if same_day else 0)
