"""The gate: asks every rule, and says what all of them together allow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from gateway.consent.case import Case, Rule
from gateway.consent.identity import Identities
from gateway.consent.ledger import Ledger
from gateway.domain.consent import UNASKED_SCOPES, Asked
from gateway.domain.ids import LineId
from gateway.domain.verdict import Allowed, Deferred, Forbidden, Verdict


class ConsentGate:
    """Fills the port `gateway.dispatch.gate.Gate`.

    Args:
        identities: who a number is.
        rules: in the order in which their refusals are told: whether the person allows it, whether
            the line may send it, whether it is the hour, whether it is too much.
    """

    def __init__(self, identities: Identities, rules: Sequence[Rule]) -> None:
        self._identities = identities
        self._rules = tuple(rules)

    def decide(self, connection: Connection, asked: Asked, now: datetime) -> Verdict:
        """Return what may be done; see the port."""
        [verdict] = self.decide_all(connection, [(asked, now)])
        return verdict

    def decide_all(
        self, connection: Connection, questions: Sequence[tuple[Asked, datetime]]
    ) -> list[Verdict]:
        """Return what may be done with each; see the port."""
        ledger = Ledger(connection, self._identities)
        ledger.read(asked for asked, _ in questions if asked.scope not in UNASKED_SCOPES)
        return [
            Allowed()
            if asked.scope in UNASKED_SCOPES
            else self._decide(Case(connection, asked, self._identities, now, ledger))
            for asked, now in questions
        ]

    def _decide(self, case: Case) -> Verdict:
        line: LineId | None = None
        deferred: Deferred | None = None
        for rule in self._rules:
            verdict = rule(case)
            if isinstance(verdict, Forbidden):
                return verdict
            if verdict is not None:
                line = verdict.line or line
            if isinstance(verdict, Deferred):
                deferred = _later(deferred, verdict)
        if deferred is None:
            return Allowed(line=line)
        return Deferred(until=deferred.until, reason=deferred.reason, line=line)


def _later(one: Deferred | None, other: Deferred) -> Deferred:
    return other if one is None or other.until > one.until else one
