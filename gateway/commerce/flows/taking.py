"""Takes one run that is due, in the caller's transaction: asks, decides, and settles it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import structlog
from sqlalchemy import Connection

from gateway.commerce.deciding import Occasion, Subject
from gateway.commerce.flows.conditions import (
    CHANGED,
    NOTHING,
    REMOVED,
    TOO_LATE,
    TOO_SOON,
    Facts,
    sentence,
)
from gateway.commerce.flows.flow import AWAITED, CARTS, Flow, Word
from gateway.commerce.flows.judging import MENDING, Belongs, judge
from gateway.commerce.flows.loading import Book
from gateway.commerce.recommend import for_person
from gateway.db.commerce.decisions import Decision, Outcome, find_decision, note_refusal
from gateway.db.commerce.flow_facts import decided_since
from gateway.db.commerce.flow_runs import Run, RunState, decided_about, move_run, settle_run
from gateway.db.jobs import find_job, hold_job
from gateway.db.shop.subjects import line_rows
from gateway.dispatch import DoubtPolicy
from gateway.dispatch.ending import end_job
from gateway.domain.errors import ContentError
from gateway.domain.ids import JobId, PersonId, StoreName
from gateway.domain.states import WAITING, JobState, Stage

log = structlog.get_logger(__name__)

SOONEST: Final = timedelta(seconds=30)
"""Until a run is looked at again whose person is not known; then ever later, by a quarter of its
age, so that what is told within the hour is found soon and what never is costs little."""


_FOR_GOOD: Final = frozenset({TOO_LATE, CHANGED})
"""What no news of a person or a cart changes."""


class Decides(Protocol):
    """Makes decisions; see `gateway.commerce.deciding.Decider`."""

    def decide(self, connection: Connection, occasion: Occasion, now: datetime) -> Decision:
        """Decide once for an occasion."""
        ...


class Taker:
    """Takes runs that are due.

    Args:
        book: the flows of all stores, as they are now.
        decider: makes the decisions.
        belongs: tells who belongs to a segment.
        policy: what is done about parts in doubt of messages that are taken back.
    """

    def __init__(self, book: Book, decider: Decides, belongs: Belongs, policy: DoubtPolicy) -> None:
        self._book = book
        self._decider = decider
        self._belongs = belongs
        self._policy = policy

    def take(self, connection: Connection, run: Run, now: datetime) -> None:
        """Do what is due of a run: decide it, drop it, or put it off."""
        flow = self._book.find(run.store, run.flow)
        if flow is None:
            self._without(connection, run, now)
            return
        try:
            self._take(connection, flow, run, now)
        except ContentError as error:  # it is asked again, in case that somebody mends it
            log.warning("flow_not_decided", store=run.store, flow=run.flow, error=str(error))
            move_run(connection, run, due_at=now + MENDING)

    def _take(self, connection: Connection, flow: Flow, run: Run, now: datetime) -> None:
        facts, code = judge(connection, flow, run, self._belongs, now)
        if code not in _FOR_GOOD and flow.trigger in CARTS and _went_on(run, facts):
            at = facts.cart_active_at or now
            move_run(connection, run, began_at=at, due_at=at + flow.wait)
        elif code is not None and (code in _FOR_GOOD or facts.person is not None):
            _drop(connection, run, code)
        elif facts.person is None:
            move_run(connection, run, due_at=now + max(SOONEST, (now - run.began_at) / 4))
        else:
            self._decide(connection, flow, run, facts.person, now)

    def _without(self, connection: Connection, run: Run, now: datetime) -> None:
        if self._book.is_faulty(run.store, run.flow):
            move_run(connection, run, due_at=now + MENDING)
        else:
            _drop(connection, run, REMOVED)

    def _decide(
        self, connection: Connection, flow: Flow, run: Run, person: PersonId, now: datetime
    ) -> None:
        if flow.trigger in CARTS:
            self._take_back(connection, flow, run, now)
        if _got_lately(connection, flow, run, person, now):
            _drop(connection, run, TOO_SOON)
            return
        products = _recommended(connection, flow, run, person, now)
        if flow.recommend and not products:
            _drop(connection, run, NOTHING)
            return
        made = self._decider.decide(connection, _occasion(flow, run, person, products), now)
        reason = None if made.outcome is Outcome.SENT else made.reason or made.outcome.value
        settle_run(connection, run.key, RunState.DECIDED, reason)

    def _take_back(self, connection: Connection, flow: Flow, run: Run, now: datetime) -> None:
        """Take back what waits of an earlier time that the same cart was left.

        The person went on with it since, so that it says what is not so any more; and with it in
        the queue the new one would be the second about a cart (US-9).
        """
        since = now - flow.within
        for former in decided_about(connection, run.store, flow.name, run.topic, since):
            made = find_decision(connection, run.store, flow.campaign, former.trigger)
            if made is not None and made.job is not None:
                self._end(connection, run.store, made.job, now)

    def _end(self, connection: Connection, store: StoreName, name: JobId, now: datetime) -> None:
        """Take a message out of the queue; one that a line has by now is the gate's."""
        job = find_job(connection, store, name)
        if job is None:
            return
        hold_job(connection, job.key)
        job = find_job(connection, store, name) or job
        if job.state not in WAITING or job.stage is Stage.CLAIMED:
            return
        note_refusal(connection, store, name, Word.CART_CHANGED)
        said = sentence(Word.CART_CHANGED)
        end_job(
            connection,
            job,
            JobState.CANCELLED,
            policy=self._policy,
            now=now,
            reason=said,
            halfway=said,
        )


def _drop(connection: Connection, run: Run, reason: str) -> None:
    settle_run(connection, run.key, RunState.DROPPED, reason)


def _went_on(run: Run, facts: Facts) -> bool:
    """Tell whether something was done with a cart that was not heard of as it should be."""
    at = facts.cart_active_at
    return at is not None and at > run.began_at and not facts.cart_empty


def _got_lately(
    connection: Connection, flow: Flow, run: Run, person: PersonId, now: datetime
) -> bool:
    if flow.every is None:
        return False
    return decided_since(
        connection,
        run.store,
        person,
        now - flow.every,
        flow=flow.name,
        campaign=flow.campaign,
        topic=run.topic if flow.trigger in AWAITED else None,
    )


def _recommended(
    connection: Connection, flow: Flow, run: Run, person: PersonId, now: datetime
) -> Sequence[str]:
    if not flow.recommend:
        return ()
    bought = _bought(connection, run.store, run.subject)
    return for_person(connection, run.store, person, bought, now, flow.recommend)


def _bought(connection: Connection, store: StoreName, subject: Mapping[str, Any]) -> list[str]:
    """Return the products that a message is about."""
    if "order_id" in subject:
        return [line.product_id for line in line_rows(connection, store, subject["order_id"])]
    return [subject["product_id"]] if "product_id" in subject else []


def _occasion(flow: Flow, run: Run, person: PersonId, products: Sequence[str]) -> Occasion:
    names = ("order_id", "shipment_id", "cart_id", "product_id")
    about = {name: run.subject[name] for name in names if name in run.subject}
    return Occasion(
        store=run.store,
        campaign=flow.campaign,
        trigger=run.trigger,
        person=person,
        message=flow.message,
        design=flow.design,
        subject=Subject(**about, product_ids=tuple(products)),
        expires_at=run.began_at + flow.within,
    )
