"""What is too old of shops and of what was decided; the persons themselves end as prospects do.

Links and clicks go with what they hang on; what nobody's number was ever known of has no person to
end, and ends by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, func, select, tuple_, update

from gateway.db.persons import note_activity
from gateway.db.retention import Step, drop, drop_named, keys_by
from gateway.db.spent import SpentJobs
from gateway.db.tables import (
    CAMPAIGN_MEMBERS,
    CAMPAIGNS,
    CARTS,
    CLICKS,
    COUPONS,
    DECISIONS,
    FLOW_RUNS,
    LINKS,
    ORDERS,
    PRODUCT_VIEWS,
    SHIPMENTS,
)
from gateway.domain.cutoffs import Cutoffs

_WAITING: Final = "waiting"


def _clicks(cutoffs: Cutoffs) -> Select[Any]:
    return select(CLICKS.c.key).where(CLICKS.c.at < cutoffs.delivery)


def _links(cutoffs: Cutoffs) -> Select[Any]:
    old = (LINKS.c.created_at < cutoffs.delivery, LINKS.c.expires_at < cutoffs.now)
    return select(LINKS.c.token).where(*old)


def _decisions(cutoffs: Cutoffs) -> Select[Any]:
    return select(DECISIONS.c.key).where(DECISIONS.c.decided_at < cutoffs.delivery)


def _runs(cutoffs: Cutoffs) -> Select[Any]:
    old = (FLOW_RUNS.c.began_at < cutoffs.delivery, FLOW_RUNS.c.due_at < cutoffs.delivery)
    return select(FLOW_RUNS.c.key).where(*old, FLOW_RUNS.c.state != _WAITING)


def _members(cutoffs: Cutoffs) -> Select[Any]:
    members = CAMPAIGN_MEMBERS.c
    over = select(CAMPAIGNS.c.key).where(CAMPAIGNS.c.finished_at < cutoffs.now)
    return select(members.campaign_key, members.person).where(members.campaign_key.in_(over))


def _carts(cutoffs: Cutoffs) -> Select[Any]:
    old = (CARTS.c.active_at < cutoffs.prospect, CARTS.c.person.is_(None))
    return select(CARTS.c.store, CARTS.c.cart_id).where(*old)


def _views(cutoffs: Cutoffs) -> Select[Any]:
    old = (PRODUCT_VIEWS.c.viewed_at < cutoffs.prospect, PRODUCT_VIEWS.c.person.is_(None))
    return select(PRODUCT_VIEWS.c.key).where(*old)


def _orders(cutoffs: Cutoffs) -> Select[Any]:
    placed = func.coalesce(ORDERS.c.placed_at, ORDERS.c.changed_at)
    return select(ORDERS.c.store, ORDERS.c.order_id).where(
        placed < cutoffs.prospect, ORDERS.c.person.is_(None), ORDERS.c.customer.is_not(None)
    )


def _drop_clicks(
    connection: Connection, keys: Sequence[Any], spent: SpentJobs, now: datetime
) -> int:
    """Keep when persons last clicked, where the clicks are about to go."""
    query = (
        select(LINKS.c.store, LINKS.c.person, func.max(CLICKS.c.at))
        .join(CLICKS, CLICKS.c.token == LINKS.c.token)
        .where(CLICKS.c.key.in_(keys), CLICKS.c.machine.is_(False), LINKS.c.person.is_not(None))
        .group_by(LINKS.c.store, LINKS.c.person)
    )
    for store, person, at in connection.execute(query).all():
        note_activity(connection, store, person, at)
    return connection.execute(delete(CLICKS).where(CLICKS.c.key.in_(keys))).rowcount


def _drop_links(
    connection: Connection, keys: Sequence[Any], spent: SpentJobs, now: datetime
) -> int:
    clicks = list(connection.scalars(select(CLICKS.c.key).where(CLICKS.c.token.in_(keys))))
    _drop_clicks(connection, clicks, spent, now)
    return connection.execute(delete(LINKS).where(LINKS.c.token.in_(keys))).rowcount


def _drop_decisions(
    connection: Connection, keys: Sequence[Any], spent: SpentJobs, now: datetime
) -> int:
    tokens = list(connection.scalars(select(LINKS.c.token).where(LINKS.c.decision_key.in_(keys))))
    _drop_links(connection, tokens, spent, now)
    given = COUPONS.c.decision_key.in_(keys)
    connection.execute(update(COUPONS).where(given).values(decision_key=None))
    return connection.execute(delete(DECISIONS).where(DECISIONS.c.key.in_(keys))).rowcount


def _cut_orders(
    connection: Connection, keys: Sequence[Any], spent: SpentJobs, now: datetime
) -> int:
    parcels = tuple_(SHIPMENTS.c.store, SHIPMENTS.c.order_id).in_(keys)
    connection.execute(delete(SHIPMENTS).where(parcels))
    meant = tuple_(ORDERS.c.store, ORDERS.c.order_id).in_(keys)
    return connection.execute(update(ORDERS).where(meant).values(customer=None)).rowcount


SHOP_STEPS: Final = (
    Step(
        name="clicks",
        before=attrgetter("delivery"),
        keep="delivery",
        find=keys_by(_clicks),
        prune=_drop_clicks,
    ),
    Step(
        name="links that lead nowhere any more",
        before=attrgetter("delivery"),
        keep="delivery",
        find=keys_by(_links),
        prune=_drop_links,
    ),
    Step(
        name="decisions what to write",
        before=attrgetter("delivery"),
        keep="delivery",
        find=keys_by(_decisions),
        prune=_drop_decisions,
    ),
    Step(
        name="what set flows off",
        before=attrgetter("delivery"),
        keep="delivery",
        find=keys_by(_runs),
        prune=drop(FLOW_RUNS),
    ),
    Step(
        name="persons of campaigns that are over",
        before=attrgetter("now"),
        keep="work",
        find=keys_by(_members),
        prune=drop_named(
            CAMPAIGN_MEMBERS, CAMPAIGN_MEMBERS.c.campaign_key, CAMPAIGN_MEMBERS.c.person
        ),
    ),
    Step(
        name="carts of nobody who is known",
        before=attrgetter("prospect"),
        keep="prospect",
        find=keys_by(_carts),
        prune=drop_named(CARTS, CARTS.c.store, CARTS.c.cart_id),
    ),
    Step(
        name="what nobody who is known looked at",
        before=attrgetter("prospect"),
        keep="prospect",
        find=keys_by(_views),
        prune=drop(PRODUCT_VIEWS),
    ),
    Step(
        name="customers of old orders",
        before=attrgetter("prospect"),
        keep="prospect",
        find=keys_by(_orders),
        prune=_cut_orders,
    ),
)
"""In this order: clicks tell of persons by their links, and links by their decisions."""
