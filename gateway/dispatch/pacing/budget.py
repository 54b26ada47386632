"""How much a line may send in a minute, an hour, a day and a month, and what is left of it. Pure.

What was used is counted in the database, in the transaction of the intent, so that it survives a
restart; see `gateway.dispatch.spending`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.domain.line_state import Left
from gateway.domain.purpose import Purpose
from gateway.domain.reserve import NO_RESERVE, Reserve
from gateway.domain.spans import Span, Spans, Uses


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Parts that a line may be handed, and different persons in a day; None is no limit."""

    minute: int | None = None
    hour: int | None = None
    day: int | None = None
    month: int | None = None
    recipients: int | None = None
    reserve: Reserve = NO_RESERVE
    """Of each of the four, for one-time passwords alone."""

    def of(self, span: Span) -> int | None:
        """Return that of a span."""
        limit: int | None = getattr(self, span.value)
        return limit

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans that have one."""
        limits = (self.minute, self.hour, self.day, self.month)
        return tuple(span for span, limit in zip(_SPANS, limits, strict=True) if limit is not None)

    @property
    def any(self) -> bool:
        """Whether anything is limited."""
        return bool(self.spans) or self.recipients is not None


_SPANS: Final = (Span.MINUTE, Span.HOUR, Span.DAY, Span.MONTH)

FREE = Limits()
"""Of a line that may send what it can."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """A line's limits at an instant."""

    spans: Spans
    limits: Limits = FREE

    def left(self, uses: Uses) -> Left:
        """Return what is left.

        A line that wrote to as many persons as it may begins nothing more on this day.
        """
        if self._wrote_to_all(uses):
            return Left(otp=0, rest=0)
        return Left(
            otp=min(self._free(uses, otp=True), default=None),
            rest=min(self._free(uses, otp=False), default=None),
        )

    def renewed_at(self, uses: Uses, urgency: int) -> datetime | None:
        """Return when all is renewed that is used up for an urgency; None when nothing is; UTC."""
        otp = urgency == Purpose.OTP.urgency
        used = [span for span in self.limits.spans if self._free_of(span, uses, otp=otp) == 0]
        if self._wrote_to_all(uses):
            used.append(Span.DAY)
        return max(map(self.spans.ends, used), default=None)

    def broken_by(self, uses: Uses, purpose: Purpose, *, new: bool = False) -> str | None:
        """Return in words which limit forbids the last part of uses; None when all allow it.

        Args:
            uses: with that part.
            purpose: of its job.
            new: whether its recipient is one more of the day.
        """
        for span in self.limits.spans:
            allowed = self._allowed(span, otp=purpose is Purpose.OTP)
            if uses.of(span) > allowed:
                return f"{allowed} parts went out in this {span}, all that {purpose} may"
        recipients = self.limits.recipients
        if new and recipients is not None and uses.recipients > recipients:
            return f"{recipients} persons were written to on this day"
        return None

    def kept(self, span: Span) -> int:
        """Return how many parts of a limit are for one-time passwords alone."""
        limit = self.limits.of(span)
        return 0 if limit is None else self.limits.reserve.of(limit)

    def _wrote_to_all(self, uses: Uses) -> bool:
        recipients = self.limits.recipients
        return recipients is not None and uses.recipients >= recipients

    def _free(self, uses: Uses, *, otp: bool) -> Iterator[int]:
        return (self._free_of(span, uses, otp=otp) for span in self.limits.spans)

    def _free_of(self, span: Span, uses: Uses, *, otp: bool) -> int:
        return max(0, self._allowed(span, otp=otp) - uses.of(span))

    def _allowed(self, span: Span, *, otp: bool) -> int:
        limit = self.limits.of(span) or 0
        return limit if otp else limit - self.kept(span)
