"""Reads what the conditions of a flow ask about, in the transaction that goes by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from gateway.commerce.flows.conditions import Facts, begun_with
from gateway.commerce.flows.flow import CARTS, ORDERS, PARCELS, PRODUCTS, Flow, Trigger, Word
from gateway.db.commerce.flow_facts import (
    bought_since,
    ordered_since,
    orders_until,
    person_called,
    was_credited,
)
from gateway.db.commerce.flow_runs import Run
from gateway.db.scores import read_scores
from gateway.db.shop.subjects import cart_row, order_row, product_rows, shipment_row
from gateway.domain.ids import PersonId

_NEXT: Final = timedelta(microseconds=1)
"""After an order that set a flow off comes what was placed later than it."""

_NO_CART: Final = "[]"


def read_facts(connection: Connection, flow: Flow, run: Run, now: datetime) -> Facts:
    """Return what is known of what a run is about, as far as its flow asks.

    Args:
        connection: the transaction.
        flow: as it is now.
        run: what was set off.
        now: the current instant, UTC.
    """
    facts = Facts()
    if flow.trigger in CARTS:
        facts = _of_cart(connection, run, facts)
    if flow.trigger in ORDERS:
        facts = _of_order(connection, flow, run, facts)
    if flow.trigger in PARCELS:
        facts = _of_parcel(connection, run, facts)
    if flow.trigger in PRODUCTS:
        facts = _of_product(connection, run, facts)
    person = _person(connection, run, facts)
    if person is None:
        return facts
    return _of_person(connection, flow, run, replace(facts, person=person), now)


def _person(connection: Connection, run: Run, facts: Facts) -> PersonId | None:
    """Return whom it is for, as known now: whose number it is may have been told since."""
    known = facts.person or run.person
    if known is None and run.customer is not None:
        return person_called(connection, run.store, run.customer)
    return known


def _of_cart(connection: Connection, run: Run, facts: Facts) -> Facts:
    row: Any = cart_row(connection, run.store, run.subject["cart_id"])
    if row is None:
        return facts
    return replace(
        facts,
        person=row.person,
        cart_empty=row.products == _NO_CART,
        cart_active_at=row.active_at,
        cart_bought=row.ordered_at is not None,
    )


def _of_order(connection: Connection, flow: Flow, run: Run, facts: Facts) -> Facts:
    row: Any = order_row(connection, run.store, run.subject["order_id"])
    if row is None:
        return facts
    counted = flow.nth_order is not None or Word.FIRST_ORDER in flow.unless | flow.when
    orders = 0
    if counted and row.person is not None:
        orders = orders_until(connection, run.store, row.person, row.placed_at or run.began_at)
    return replace(
        facts,
        # Of a code that was used it is the owner who is written to.
        person=None if flow.trigger is Trigger.REFERRAL_USED else row.person,
        order_status=row.status,
        order_coupon=row.coupon,
        orders=orders,
        credited=Word.NOT_CREDITED in flow.unless
        and was_credited(connection, run.store, row.order_id),
    )


def _of_parcel(connection: Connection, run: Run, facts: Facts) -> Facts:
    row: Any = shipment_row(connection, run.store, run.subject["shipment_id"])
    if row is None:
        return facts
    return replace(facts, parcel_status=row.status, parcel_at=row.changed_at)


def _of_product(connection: Connection, run: Run, facts: Facts) -> Facts:
    rows: list[Any] = product_rows(connection, run.store, [run.subject["product_id"]])
    if not rows:
        return facts
    sold_out = rows[0].discontinued or rows[0].inventory == 0
    return replace(facts, price=rows[0].price, sold_out=sold_out)


def _of_person(connection: Connection, flow: Flow, run: Run, facts: Facts, now: datetime) -> Facts:
    person: PersonId = facts.person  # type: ignore[assignment]
    asked = flow.unless | flow.when
    if Word.BOUGHT in asked:
        ordered = ordered_since(connection, run.store, person, begun_with(run))
        facts = replace(facts, ordered_since=ordered)
    if Word.ORDERED_SINCE in asked:
        ordered = ordered_since(connection, run.store, person, run.began_at + _NEXT)
        facts = replace(facts, ordered_since=ordered)
    if Word.BOUGHT_PRODUCT in asked:
        product, since = run.subject["product_id"], run.began_at - flow.viewed_within
        bought = bought_since(connection, run.store, person, product, since)
        facts = replace(facts, bought_product=bought)
    if Word.RISK_LOW in asked:
        score = read_scores(connection, run.store, [person], now).get(person)
        facts = replace(facts, churn=None if score is None else score.churn)
    return facts
