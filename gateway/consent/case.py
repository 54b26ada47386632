"""What the rules of the gate look at: the question, and who it is about."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Protocol

from sqlalchemy import Connection

from gateway.consent.identity import Identities
from gateway.consent.ledger import Ledger
from gateway.consent.standing import Standing
from gateway.db.persons import PersonRecord, find_person
from gateway.domain.consent import Asked
from gateway.domain.ids import PersonId
from gateway.domain.verdict import Verdict


class Case:
    """One question. What no rule looks at is not looked up.

    Attributes:
        connection: the transaction in which it is asked.
        asked: who writes what to whom.
        now: the instant at which it would be sent; UTC.

    Args:
        ledger: what was read of it in this transaction.
    """

    def __init__(
        self,
        connection: Connection,
        asked: Asked,
        identities: Identities,
        now: datetime,
        ledger: Ledger,
    ) -> None:
        self.connection = connection
        self.asked = asked
        self.now = now
        self._identities = identities
        self._ledger = ledger

    @cached_property
    def persons(self) -> tuple[PersonId, ...]:
        """The person's fingerprints, the one in use first."""
        return self._identities.all_of(self.asked.recipient)

    @cached_property
    def standing(self) -> Standing:
        """What the person allows this store."""
        return self._ledger.standing(self.asked.store, self.persons)

    @cached_property
    def record(self) -> PersonRecord | None:
        """What the store told of the person."""
        return find_person(self.connection, self.asked.store, self.persons)


class Rule(Protocol):
    """One thing that may stand against a message."""

    def __call__(self, case: Case) -> Verdict | None:
        """Return what it says; None when it has nothing to say."""
        ...
