"""Asks of a run whether its message may go: when it is due, and when it is handed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from gateway.commerce.flows.conditions import (
    CHANGED,
    NOT_IN_SEGMENT,
    REMOVED,
    Facts,
    is_of,
    sentence,
    stands_against,
)
from gateway.commerce.flows.facts import read_facts
from gateway.commerce.flows.flow import PREFIX, Flow
from gateway.commerce.flows.loading import Book
from gateway.db.commerce.decisions import Decision
from gateway.db.commerce.flow_runs import Run, find_run
from gateway.domain.errors import ContentError, RejectedError
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.verdict import Deferred, Forbidden

Belongs = Callable[[Connection, StoreName, str, PersonId, datetime], bool]
"""Tells whether a person belongs to a segment's expression."""

MENDING: Final = timedelta(minutes=10)
"""How long is waited for somebody to mend a flow or a template."""


def judge(
    connection: Connection, flow: Flow, run: Run, belongs: Belongs, now: datetime
) -> tuple[Facts, str | None]:
    """Return what is known of a run, and what stands against its message; None: nothing does.

    Raises:
        ContentError: whom it is for cannot be told.
    """
    if not is_of(flow, run):
        return Facts(), CHANGED
    facts = read_facts(connection, flow, run, now)
    code = stands_against(flow, run, facts, now)
    if code is not None or flow.where is None or facts.person is None:
        return facts, code
    belong = belongs(connection, run.store, flow.where, facts.person, now)
    return facts, None if belong else NOT_IN_SEGMENT


class FlowCondition:
    """What flows ask when a message is handed over; see `gateway.commerce.gate`.

    Args:
        book: the flows of all stores, as they are now.
        belongs: tells who belongs to a segment.
    """

    def __init__(self, book: Book, belongs: Belongs) -> None:
        self._book = book
        self._belongs = belongs

    def __call__(
        self, connection: Connection, decision: Decision, now: datetime
    ) -> Forbidden | Deferred | None:
        """Return why a message may not go any more, or not yet."""
        name = decision.campaign.removeprefix(f"{PREFIX}.")
        flow = self._book.find(decision.store, name)
        if flow is None:
            return self._without(decision, name, now)
        run = find_run(connection, decision.store, name, decision.trigger)
        if run is None:
            return None
        try:
            _, code = judge(connection, flow, run, self._belongs, now)
        except ContentError:
            return _later(now)
        return None if code is None else _forbidden(decision, code)

    def _without(self, decision: Decision, name: str, now: datetime) -> Forbidden | Deferred:
        if self._book.is_faulty(decision.store, name):
            return _later(now)
        return _forbidden(decision, REMOVED)


def _later(now: datetime) -> Deferred:
    return Deferred(until=now + MENDING, reason="the flow, or its segment, cannot be read")


def _forbidden(decision: Decision, code: str) -> Forbidden:
    return Forbidden(error=RejectedError(code, sentence(code), job=decision.job))
