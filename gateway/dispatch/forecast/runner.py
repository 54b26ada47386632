"""A line as a play knows it: how fast it is, and what is left of its budgets. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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
        if not self._limited or self.left(at).of(urgency) != 0:
            return None
        uses = self._uses(at)
        spans, limits = Spans(at, self.zone), self.limits
        used = [
            spans.ends(span) for span in limits.spans if self._alone(span, uses).of(urgency) == 0
        ]
        if limits.recipients is not None and uses.recipients >= limits.recipients:
            used.append(spans.ends(Span.DAY))
        return max(used, default=None)

    def _alone(self, span: Span, uses: Uses) -> Left:
        """Return what one of its limits leaves."""
        others = dict.fromkeys((one.value for one in Span if one is not span), None)
        alone = replace(self.limits, recipients=None, **others)  # type: ignore[arg-type]  # by name
        return Budget(spans=Spans(self.seen_at, self.zone), limits=alone).left(uses)

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
