"""What a report is made of: decisions and their messages, clicks, codes, orders, and submissions.

Rows are read in lots: a campaign may be about a million persons.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, case, func, select

from gateway.db.shop.orders import NO_ORDER
from gateway.db.streams import rows
from gateway.db.tables import (
    CLICKS,
    CONSENT_EVENTS,
    COUPONS,
    DECISIONS,
    LINKS,
    ORDERS,
    Sheaf,
    both,
)
from gateway.domain.ids import Campaign, StoreName
from gateway.domain.states import JobState, Outcome

AT_ONCE: Final = 10_000

Rows = Iterator[Any]


def decided(
    connection: Connection, store: StoreName, campaign: Campaign, since: datetime, until: datetime
) -> Rows:
    """Yield the decisions of a campaign within a time, in order: key, person, arm, outcome, ….

    Args:
        connection: for reading.
        store: whose.
        campaign: of the decisions.
        since: the first instant; UTC.
        until: the end, which is not in it; UTC.
    """
    query = (
        select(
            *(DECISIONS.c[name] for name in ("key", "person", "arm", "probability")),
            *(DECISIONS.c[name] for name in ("outcome", "reason", "job", "decided_at")),
        )
        .where(*_within(store, campaign, since, until))
        .order_by(DECISIONS.c.key)
    )
    return rows(connection, query, AT_ONCE)


def messages(
    connection: Connection, store: StoreName, campaign: Campaign, since: datetime, until: datetime
) -> Rows:
    """Yield the messages of those decisions: decision, arm, state of the job, and its parts."""
    query = both(
        lambda sheaf: (
            select(DECISIONS.c.key.label("decision"), DECISIONS.c.arm, sheaf.jobs.c.state)
            .join_from(DECISIONS, sheaf.jobs, _its_job(sheaf))
            .where(*_within(store, campaign, since, until))
        )
    )
    return rows(connection, query, AT_ONCE)


def submissions(
    connection: Connection, store: StoreName, campaign: Campaign, since: datetime, until: datetime
) -> Rows:
    """Yield what was submitted to a network for those decisions: arm, line, recipient, parts.

    A repeat is a submission of its own. One whose outcome was lost was most likely taken, and is
    paid for: `unknown` says how many of the parts those are.
    """
    query = both(lambda sheaf: _submitted(sheaf, _within(store, campaign, since, until)))
    return rows(connection, query, AT_ONCE)


def _submitted(sheaf: Sheaf, where: tuple[Any, ...]) -> Select[Any]:
    jobs, parts, attempts = sheaf.jobs, sheaf.parts, sheaf.attempts
    unknown = func.sum((attempts.c.outcome == Outcome.UNKNOWN).cast(parts.c.number.type))
    return (
        select(
            DECISIONS.c.arm,
            attempts.c.line,
            jobs.c.recipient,
            func.count().label("parts"),
            unknown.label("unknown"),
        )
        .join_from(DECISIONS, jobs, _its_job(sheaf))
        .join(parts, parts.c.job_key == jobs.c.key)
        .join(attempts, attempts.c.part_key == parts.c.key)
        .where(attempts.c.outcome.in_((Outcome.SENT, Outcome.UNKNOWN)), *where)
        .group_by(DECISIONS.c.arm, attempts.c.line, jobs.c.recipient)
    )


def arrivals(connection: Connection, store: StoreName, since: datetime) -> Rows:
    """Yield when messages of all decisions since then went out: person, decision, and instants.

    ``sent_at`` is when the first part was handed over, ``delivered_at`` when the last was reported;
    null while the message is not delivered.
    """
    query = both(lambda sheaf: _arrived(sheaf, store, since))
    return rows(connection, query, AT_ONCE)


def _arrived(sheaf: Sheaf, store: StoreName, since: datetime) -> Select[Any]:
    jobs, parts = sheaf.jobs, sheaf.parts
    delivered = func.min(jobs.c.state) == JobState.DELIVERED
    return (
        select(
            DECISIONS.c.person,
            DECISIONS.c.key.label("decision"),
            DECISIONS.c.campaign,
            func.min(parts.c.handed_at).label("sent_at"),
            case((delivered, func.max(parts.c.settled_at))).label("delivered_at"),
        )
        .join_from(DECISIONS, jobs, _its_job(sheaf))
        .join(parts, parts.c.job_key == jobs.c.key)
        .where(
            DECISIONS.c.store == store,
            DECISIONS.c.decided_at >= since,
            parts.c.handed_at.is_not(None),
        )
        .group_by(DECISIONS.c.key, DECISIONS.c.person, DECISIONS.c.campaign)
    )


def clicks(connection: Connection, store: StoreName, since: datetime) -> Rows:
    """Yield who opened links of a decision since then: person, decision, at, machine."""
    query = (
        select(
            DECISIONS.c.person,
            DECISIONS.c.key.label("decision"),
            DECISIONS.c.campaign,
            CLICKS.c.at,
            CLICKS.c.machine,
            LINKS.c.level,
        )
        .join_from(CLICKS, LINKS, LINKS.c.token == CLICKS.c.token)
        .join(DECISIONS, DECISIONS.c.key == LINKS.c.decision_key)
        .where(CLICKS.c.store == store, CLICKS.c.at >= since)
    )
    return rows(connection, query, AT_ONCE)


def shared_clicks(
    connection: Connection, store: StoreName, campaign: Campaign, since: datetime, until: datetime
) -> tuple[int, int]:
    """Return how often links that all share were opened within a time: by persons, by machines."""
    query = (
        select(CLICKS.c.machine, func.count())
        .join_from(CLICKS, LINKS, LINKS.c.token == CLICKS.c.token)
        .where(
            LINKS.c.store == store,
            LINKS.c.campaign == campaign,
            LINKS.c.decision_key.is_(None),
            CLICKS.c.at >= since,
            CLICKS.c.at < until,
        )
        .group_by(CLICKS.c.machine)
    )
    counts = {bool(machine): count for machine, count in connection.execute(query)}
    return counts.get(False, 0), counts.get(True, 0)


def redemptions(connection: Connection, store: StoreName, since: datetime) -> Rows:
    """Yield codes that were redeemed since then: person, decision, at, order."""
    query = (
        select(
            DECISIONS.c.person,
            DECISIONS.c.key.label("decision"),
            DECISIONS.c.campaign,
            COUPONS.c.redeemed_at.label("at"),
            COUPONS.c.order_id,
        )
        .join_from(COUPONS, DECISIONS, DECISIONS.c.key == COUPONS.c.decision_key)
        .where(COUPONS.c.store == store, COUPONS.c.redeemed_at >= since)
    )
    return rows(connection, query, AT_ONCE)


def sales(connection: Connection, store: StoreName, since: datetime) -> Rows:
    """Yield orders that stand and whose person is known, placed since then, in order."""
    query = (
        select(
            *(ORDERS.c[name] for name in ("order_id", "person", "placed_at", "revenue")),
            *(ORDERS.c[name] for name in ("refunded", "currency")),
        )
        .where(
            ORDERS.c.store == store,
            ORDERS.c.placed_at >= since,
            ORDERS.c.person.is_not(None),
            ORDERS.c.revenue.is_not(None),
            ORDERS.c.status.not_in(NO_ORDER),
        )
        .order_by(ORDERS.c.placed_at, ORDERS.c.order_id)
    )
    return rows(connection, query, AT_ONCE)


def endings(
    connection: Connection, store: StoreName, actions: tuple[str, ...], since: datetime
) -> Rows:
    """Yield who took a consent back since then: person, purpose, at; in order."""
    query = (
        select(CONSENT_EVENTS.c.person, CONSENT_EVENTS.c.purpose, CONSENT_EVENTS.c.at)
        .where(
            CONSENT_EVENTS.c.store == store,
            CONSENT_EVENTS.c.action.in_(actions),
            CONSENT_EVENTS.c.at >= since,
        )
        .order_by(CONSENT_EVENTS.c.at)
    )
    return rows(connection, query, AT_ONCE)


def _within(
    store: StoreName, campaign: Campaign, since: datetime, until: datetime
) -> tuple[Any, ...]:
    return (
        DECISIONS.c.store == store,
        DECISIONS.c.campaign == campaign,
        DECISIONS.c.decided_at >= since,
        DECISIONS.c.decided_at < until,
    )


def _its_job(sheaf: Sheaf) -> Any:
    return and_(sheaf.jobs.c.store == DECISIONS.c.store, sheaf.jobs.c.id == DECISIONS.c.job)
