"""Figures of a flow or a campaign while it is under way.

They are counted from the decisions, of which there is one a person: of a million it takes seconds,
in a reader, which holds up nobody.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, distinct, func, select

from gateway.db.commerce.decisions import Outcome
from gateway.db.tables import CONSENT_EVENTS, DECISIONS, SHEAVES
from gateway.domain.consent import Action
from gateway.domain.ids import Campaign, StoreName
from gateway.domain.states import JobState

_NO: Final = (Action.WITHDRAWN, Action.OBJECTED)


def count_outcomes(
    connection: Connection, store: StoreName, campaign: Campaign
) -> Counter[tuple[str, str | None]]:
    """Return how many decisions there are, by outcome and reason."""
    query = (
        select(DECISIONS.c.outcome, DECISIONS.c.reason, func.count())
        .where(_of(store, campaign))
        .group_by(DECISIONS.c.outcome, DECISIONS.c.reason)
    )
    rows = connection.execute(query)
    return Counter({(outcome, reason): count for outcome, reason, count in rows})


def count_jobs_of(
    connection: Connection, store: StoreName, campaign: Campaign
) -> Counter[JobState]:
    """Return how many of the messages are in each state."""
    found: Counter[JobState] = Counter()
    for sheaf in SHEAVES:
        jobs = sheaf.jobs
        query = (
            select(jobs.c.state, func.count())
            .join(DECISIONS, and_(jobs.c.store == DECISIONS.c.store, jobs.c.id == DECISIONS.c.job))
            .where(_of(store, campaign), DECISIONS.c.outcome == Outcome.SENT.value)
            .group_by(jobs.c.state)
        )
        for state, count in connection.execute(query):
            found[JobState(state)] += count
    return found


def count_opt_outs(
    connection: Connection, store: StoreName, campaign: Campaign, since: datetime
) -> int:
    """Return how many who were written to took a consent back since an instant."""
    events = CONSENT_EVENTS
    query = (
        select(func.count(distinct(DECISIONS.c.person)))
        .join(
            events,
            and_(events.c.person == DECISIONS.c.person, events.c.store == DECISIONS.c.store),
        )
        .where(
            _of(store, campaign),
            DECISIONS.c.outcome == Outcome.SENT.value,
            events.c.action.in_([action.value for action in _NO]),
            events.c.at >= since,
        )
    )
    return int(connection.execute(query).scalar_one())


def _of(store: StoreName, campaign: Campaign) -> ColumnElement[bool]:
    return and_(DECISIONS.c.store == store, DECISIONS.c.campaign == campaign)
