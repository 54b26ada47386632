"""A person in every table of what is kept of shops."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert
from support.world import ACME

from gateway.db.tables import (
    CAMPAIGN_MEMBERS,
    CAMPAIGNS,
    CARTS,
    CLICKS,
    COUPONS,
    DECISIONS,
    FLOW_RUNS,
    LINKS,
    ORDER_LINES,
    ORDERS,
    PERSON_WORDS,
    PRODUCT_VIEWS,
    REFERRALS,
    SHIPMENTS,
)
from gateway.domain.ids import PersonId

CUSTOMER = "8812"


def plant(
    connection: Connection,
    person: PersonId,
    at: datetime,
    name: str = "1",
    customer: str = CUSTOMER,
) -> None:
    """Put a person everywhere: what names them has them, and what hangs on it is there."""
    whose = {"store": ACME, "person": person, "customer": customer}
    _sales(connection, whose, at, name)
    _interests(connection, whose, at, name)
    _decided(connection, whose, at, name)


Whose = Mapping[str, Any]


def _sales(connection: Connection, whose: Whose, at: datetime, name: str) -> None:
    order = {"store": ACME, "order_id": f"order-{name}"}
    _add(
        connection,
        ORDERS,
        **whose,
        order_id=f"order-{name}",
        placed_at=at,
        status="placed",
        status_at=at,
        total=Decimal("28.80"),
        revenue=Decimal("23.90"),
        currency="EUR",
        items=1,
        told_at=at,
        changed_at=at,
    )
    price = {"quantity": 1, "price": Decimal("23.90")}
    _add(connection, ORDER_LINES, **order, line=1, product_id="p1", **price)
    parcel = {"shipment_id": f"s-{name}", "status": "in_transit", "tracking_number": "T1"}
    _add(connection, SHIPMENTS, **order, **parcel, changed_at=at)


def _interests(connection: Connection, whose: Whose, at: datetime, name: str) -> None:
    cart = {"cart_id": f"k-{name}", "products": "[]", "active_at": at, "changed_at": at}
    _add(connection, CARTS, **whose, **cart)
    _add(connection, PRODUCT_VIEWS, **whose, product_id="p1", views=1, viewed_at=at)
    # Of before the number was known.
    early = {**whose, "person": None}
    _add(connection, PRODUCT_VIEWS, **early, product_id="p2", views=1, viewed_at=at)
    _add(connection, PERSON_WORDS, store=ACME, person=whose["person"], kind="tag", word="vip")


def _decided(connection: Connection, whose: Whose, at: datetime, name: str) -> None:
    person = whose["person"]
    run = {"flow": "birthday", "trigger": f"birthday:{person}", "topic": "birthday"}
    state = {"subject": "{}", "began_at": at, "due_at": at, "state": "decided"}
    _add(connection, FLOW_RUNS, **whose, **run, **state)
    spec = {"name": f"sale-{name}", "state": "running", "spec": "{}", "persons": 1}
    times = {"launched_at": at, "starts_at": at}
    campaign = _add(connection, CAMPAIGNS, store=ACME, **spec, **times)
    _add(connection, CAMPAIGN_MEMBERS, store=ACME, person=person, campaign_key=campaign, send_at=at)
    decision = _add(
        connection,
        DECISIONS,
        store=ACME,
        campaign=f"campaign.sale-{name}",
        trigger=person,
        person=person,
        arm="message",
        probability=0.9,
        candidates="{}",
        policy="hash",
        outcome="sent",
        products="[]",
        decided_at=at,
    )
    link = {
        "token": f"tok{name}",
        "url": "https://shop.example/",
        "kind": "page",
        "level": "individual",
    }
    ends = {"created_at": at, "expires_at": at}
    _add(connection, LINKS, store=ACME, person=person, decision_key=decision, **link, **ends)
    shared = link | {"token": f"agg{name}", "level": "aggregate"}
    _add(connection, LINKS, store=ACME, decision_key=decision, **shared, **ends)
    _add(connection, CLICKS, store=ACME, token=f"tok{name}", at=at, machine=False)
    code = {
        "pool": "SAVE",
        "code": f"SAVE-{name}",
        "folded": f"SAVE-{name}",
        "kind": "single",
        "given_at": at,
    }
    coupon = _add(connection, COUPONS, store=ACME, person=person, decision_key=decision, **code)
    friend = {"friend": person, "coupon_key": coupon, "order_id": f"order-{name}", "at": at}
    _add(connection, REFERRALS, store=ACME, **friend)


def _add(connection: Connection, table: Any, **values: Any) -> Any:
    key = connection.execute(insert(table), values).inserted_primary_key
    return None if key is None else key[0]
