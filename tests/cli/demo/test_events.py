"""The made-up events: the same each time, and all of them good ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import islice

from gateway.cli.demo.configuration import STORE
from gateway.cli.demo.events import shop_events
from gateway.domain.ids import StoreName
from gateway.mqtt.events import parse_event

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MANY = 300


def story(seed: int) -> list[str]:
    return list(islice(shop_events(seed, lambda: NOW), MANY))


def test_the_same_seed_tells_the_same_story() -> None:
    assert story(7) == story(7) != story(8)


def test_every_one_is_taken_and_there_are_carts_orders_and_parcels() -> None:
    kinds = {parse_event(StoreName(STORE), one.encode()).type for one in story(7)}
    assert kinds == {
        "shop.customer.updated.v1",
        "shop.consent.updated.v1",
        "shop.cart.updated.v1",
        "shop.order.completed.v1",
        "shop.shipment.updated.v1",
    }


def test_some_carts_are_left_and_most_are_bought() -> None:
    told = [json.loads(one) for one in story(7)]
    carts = [one for one in told if one["type"] == "shop.cart.updated.v1"]
    orders = [one for one in told if one["type"] == "shop.order.completed.v1"]
    assert 0.4 * len(carts) < len(orders) < len(carts)
