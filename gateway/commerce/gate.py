"""The gate with what flows and campaigns have to say, asked when a message is handed over.

What called for a message may be gone by the time that a line is free for it: the cart was bought,
the campaign stopped. So the conditions are asked again, in the transaction of the intent. They are
asked of what we decided ourselves alone, and the decision is found by the job: a store may name its
own campaigns as it likes, and `flow.x` of a store's job is nothing of ours.

It rules nothing itself. Flows and campaigns each put what they ask into `conditions`, by what their
names begin with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from gateway.db.commerce.decisions import Decision, decision_of_job
from gateway.dispatch.gate import Gate
from gateway.domain.consent import Asked
from gateway.domain.verdict import Allowed, Deferred, Forbidden, Verdict

Condition = Callable[[Connection, Decision, datetime], Forbidden | Deferred | None]
"""Asks of a decision whether its message may still go; None: it may."""


class CommerceGate:
    """Fills the port `gateway.dispatch.gate.Gate` around another gate.

    Attributes:
        conditions: what is asked of a decision, by the word before the dot of its campaign.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self.conditions: dict[str, Condition] = {}

    def decide(self, connection: Connection, asked: Asked, now: datetime) -> Verdict:
        """Return what may be done; see the port."""
        verdict = self._gate.decide(connection, asked, now)
        # At admission, where there is no line yet, the conditions were asked a moment ago.
        if asked.campaign is None or asked.line is None or isinstance(verdict, Forbidden):
            return verdict
        return _both(verdict, self._ask(connection, asked, now))

    def decide_all(
        self, connection: Connection, questions: Sequence[tuple[Asked, datetime]]
    ) -> list[Verdict]:
        """Return what may be done with each; see the port. It is asked of what has no line yet."""
        return self._gate.decide_all(connection, questions)

    def _ask(
        self, connection: Connection, asked: Asked, now: datetime
    ) -> Forbidden | Deferred | None:
        condition = self.conditions.get(str(asked.campaign).partition(".")[0])
        if condition is None or asked.begun:  # what is half out is finished
            return None
        decision = decision_of_job(connection, asked.store, asked.job)
        if decision is None or decision.campaign != asked.campaign:
            return None
        return condition(connection, decision, now)


def _both(verdict: Allowed | Deferred, other: Forbidden | Deferred | None) -> Verdict:
    """Return what both allow: the later of two instants, on the line that the gate wants."""
    if other is None:
        return verdict
    if isinstance(other, Forbidden):
        return other
    if isinstance(verdict, Deferred) and verdict.until >= other.until:
        return verdict
    return Deferred(until=other.until, reason=other.reason, line=verdict.line)
