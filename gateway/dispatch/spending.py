"""What a message takes of its line's budget, counted in the transaction of the intent.

A part counts once, however often a transaction or a try is repeated: a try that certainly was not
sent is taken out again in the transaction of its outcome. One in doubt stays counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gateway.db.lines import wrote_to
from gateway.db.uses import Spent, count_use, uses_of
from gateway.dispatch.pacing import Budget
from gateway.domain.errors import ShopbellError
from gateway.domain.ids import LineId
from gateway.domain.line_state import UNLIMITED, Left
from gateway.domain.purpose import Purpose
from gateway.domain.spans import Span, Uses


class LimitReachedError(ShopbellError):
    """The line has sent what it may for now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """What a line may begin within its budget."""

    budget: Budget

    def left(self, connection: Connection, line: LineId) -> Left:
        """Return how many parts the line may still be handed; a line without limits asks nobody."""
        if not self.budget.limits.any:
            return UNLIMITED
        return self.budget.left(self._uses(connection, line))

    def able_at(self, connection: Connection, line: LineId, urgency: int) -> datetime:
        """Return from when on the line may begin something of an urgency; now when it may."""
        now = self.budget.spans.now
        if not self.budget.limits.any:
            return now
        return self.budget.renewed_at(self._uses(connection, line), urgency) or now

    def _uses(self, connection: Connection, line: LineId) -> Uses:
        return uses_of(connection, line, self.budget.spans, self.budget.limits.spans)


@dataclass(frozen=True, kw_only=True, slots=True)
class Spending:
    """A part that a line is about to be handed, as far as its budget is concerned."""

    budget: Budget
    purpose: Purpose
    recipient: str
    """E.164."""

    def spend(self, connection: Connection, line: LineId) -> Spent:
        """Count the part.

        Raises:
            LimitReachedError: it would be one too many, or its recipient would.
        """
        limits = self.budget.limits
        spent = Spent(
            spans=self.budget.spans, limited=limits.spans, new=self._is_new(connection, line)
        )
        uses = count_use(connection, line, spent)
        broken = self.budget.broken_by(uses, self.purpose, new=spent.new)
        if broken is not None:
            raise LimitReachedError(broken)
        return spent

    def _is_new(self, connection: Connection, line: LineId) -> bool:
        """Tell whether a recipient is one more of the day; nobody is where they are not counted."""
        if self.budget.limits.recipients is None:
            return False
        midnight = self.budget.spans.begins(Span.DAY)
        return not wrote_to(connection, line, self.recipient, midnight)
