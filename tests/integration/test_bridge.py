"""A shop system calls `shopbell bridge`; what it told is in the gateway's tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
from support.hooks import (
    SEGMENT_KEY,
    SHOPIFY_ORDER,
    SHOPIFY_SECRET,
    WOO_ORDER,
    WOO_SECRET,
    shopify_call,
    track,
    woo_call,
)
from support.plugin import Build
from support.ports import free_port
from support.processes import Process, wait_for

SECRETS = f"""
shopify_secret = "{SHOPIFY_SECRET}"
woocommerce_secret = "{WOO_SECRET}"
segment_key = "{SEGMENT_KEY}"
"""


class Bridged:
    """A house with a bridge before it."""

    def __init__(self, build: Build) -> None:
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self.house = build(more=f'[bridge]\nlisten = "127.0.0.1:{port}"\n')
        text = self.house.config.read_text()
        store = 'timezone = "Europe/London"\n'
        self.house.config.write_text(text.replace(store, store + SECRETS, 1))
        self.gateway = self.house.start()
        self.bridge: Process = self.house.run("bridge", name="bridge")
        self.bridge.wait_line("ready")
        wait_for(lambda: self.healthy(), 15, "a connection to the broker")

    def healthy(self) -> bool:
        return httpx.get(f"{self.url}/healthz").status_code == 200

    def post(self, path: str, call: tuple[bytes, dict[str, str]]) -> httpx.Response:
        body, headers = call
        return httpx.post(f"{self.url}{path}", content=body, headers=headers)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.house.directory / "shopbell.db")) as file:
            return list(file.execute(query))

    def orders(self) -> list[tuple[Any, ...]]:
        return self.rows(
            "SELECT order_id, total, currency, coupon, person IS NOT NULL FROM orders "
            "ORDER BY order_id"
        )


@pytest.fixture
def bridged(house: Build) -> Iterator[Bridged]:
    bridged = Bridged(house)
    yield bridged
    bridged.bridge.close()


def test_orders_of_shopify_and_woocommerce_reach_the_tables(bridged: Bridged) -> None:
    """From the shop's own bytes to rows: the same twice is one, and a forged one is none."""
    shopify = shopify_call("orders/create", SHOPIFY_ORDER)
    for _ in range(2):
        assert bridged.post("/shopify/acme", shopify).json() == {"events": 1}
    assert bridged.post("/woocommerce/acme", woo_call("order.created", WOO_ORDER)).is_success
    forged = (shopify[0].replace(b"51.75", b"00.01"), shopify[1])
    assert bridged.post("/shopify/acme", forged).status_code == 401

    wait_for(lambda: len(bridged.orders()) == 2, 15, f"two orders in {bridged.orders()}")
    assert bridged.orders() == [
        ("727", 793_500, "EUR", "tea10", 1),
        ("820982911946154508", 517_500, "GBP", "TEA10", 1),
    ]
    lines = bridged.rows("SELECT order_id, product_id, quantity, price FROM order_lines")
    assert sorted(lines) == [
        ("727", "93", 3, 233_333),
        ("820982911946154508", "788032119674292922", 2, 239_000),
    ]
    tally = bridged.rows("SELECT type, events FROM event_tallies")
    assert tally == [("shop.order.completed.v1", 2)]
    assert bridged.house.store.rejected == []
    bridged.gateway.close()
    bridged.bridge.close()
    for process in (bridged.gateway, bridged.bridge):
        written = process.stderr.read_text() + process.stdout.read_text()
        assert "900123" not in written
        assert "998123" not in written


def test_a_shop_is_asked_to_come_again_while_the_broker_is_away(bridged: Bridged) -> None:
    message = track(
        "Order Completed",
        order_id="1001",
        total=51.75,
        revenue=47.8,
        currency="GBP",
        products=[{"product_id": "p1", "price": 23.9, "quantity": 2}],
    )
    bridged.house.broker.stop()
    wait_for(lambda: not bridged.healthy(), 15, "the loss of the broker")

    def call() -> httpx.Response:
        return httpx.post(f"{bridged.url}/v1/track", json=message, auth=(SEGMENT_KEY, ""))

    assert call().status_code == 503
    bridged.house.broker.start()
    wait_for(lambda: call().is_success, 30, "the broker's return")
    wait_for(lambda: bridged.orders(), 30, "the order")
    assert bridged.orders() == [("1001", 517_500, "GBP", None, 0)]


def test_a_bridge_that_cannot_be_says_what_to_write(house: Build) -> None:
    built = house()
    without = built.run("bridge", name="without")
    assert without.wait_end() == 1
    assert "there is no [bridge]" in without.stderr.read_text()
    text = built.config.read_text()
    built.config.write_text(text + '\n[bridge]\nlisten = "127.0.0.1:8027"\n')
    nobody = built.run("bridge", name="nobody")
    assert nobody.wait_end() == 1
    assert "shopify_secret_file" in nobody.stderr.read_text()
