"""Is this a person to write to? Not a child, and nobody who has been silent for too long."""

from __future__ import annotations

from gateway.consent.case import Case
from gateway.consent.law import Law
from gateway.db.contact import last_contact
from gateway.domain.consent import Action
from gateway.domain.errors import RejectedError
from gateway.domain.verdict import Forbidden


class Fitness:
    """The rule of the gate after consent (G-18, US-10)."""

    def __init__(self, law: Law) -> None:
        self._law = law

    def __call__(self, case: Case) -> Forbidden | None:
        """Refuse marketing to a minor, and to a number that may have become another's."""
        if case.asked.is_service or case.asked.begun:
            return None
        if case.record is not None and case.record.minor:
            return _forbid(case, "minor", "this person is a minor and gets no marketing")
        if self._is_stale(case):
            reason = "nothing was heard of this person for too long; ask for consent again"
            return _forbid(case, "stale", reason)
        return None

    def _is_stale(self, case: Case) -> bool:
        since = self._law.policy(case).stale_after.before(case.now)
        history = case.standing.history
        if any(one.event.at > since and one.event.action in _BY_PERSON for one in history):
            return False
        asked = case.asked
        return last_contact(case.connection, asked.store, asked.recipient, since) is None


_BY_PERSON = frozenset({Action.GRANTED, Action.WITHDRAWN, Action.OBJECTED})
"""What shows that the person is there."""


def _forbid(case: Case, code: str, reason: str) -> Forbidden:
    return Forbidden(error=RejectedError(code, reason, field="to", job=case.asked.job))
