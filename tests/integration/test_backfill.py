"""A shop's past comes in beside a running gateway: interrupted, resumed, and nobody is told."""

from __future__ import annotations

import json
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from support.events import ORDER, document
from support.plugin import Build
from support.processes import wait_for

ORDERS = 4000


def write_orders(file: Path) -> None:
    """Orders of a minute ago: were they told now, each would set the flow off."""
    at = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    lines = ["order_id,placed_at,total,currency,phone,customer_id,product_id,quantity,price"]
    lines += [
        f"old-{number},{at},23.90,GBP,07700 900{number % 1000:03},c-{number % 1000},p1,1,23.90"
        for number in range(ORDERS)
    ]
    file.write_text("\n".join(lines) + "\n")


def test_who_interrupts_a_back_fill_goes_on_and_nobody_is_written_to(house: Build) -> None:
    built = house()
    text, store = built.config.read_text(), 'timezone = "Europe/London"\n'
    built.config.write_text(text.replace(store, f'{store}shop_dir = "shop"\n', 1))
    (built.directory / "shop").mkdir()
    added = built.run("flow", "add", "order-placed", name="flow")
    assert added.wait_end() == 0, added.stderr.read_text()
    gateway = built.start()
    file = built.directory / "orders.csv"
    write_orders(file)

    def rows(query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(built.directory / "shopbell.db")) as opened:
            return list(opened.execute(query))

    first = built.run("backfill", "orders", str(file), name="first")
    wait_for(lambda: first.ended or file.with_name("orders.csv.backfill").exists(), 30, "a lot")
    first.signal(signal.SIGINT)
    assert first.wait_end() == 130, first.stderr.read_text()
    assert "the same command goes on there" in first.stderr.read_text()
    [(begun,)] = rows("SELECT count(*) FROM orders")
    assert 0 < begun < ORDERS

    second = built.run("backfill", "orders", str(file), "--json", name="second")
    assert second.wait_end(120) == 0, second.stderr.read_text()
    said = json.loads(second.stdout.read_text())
    assert said["resumed_behind_line"] > 1
    assert (said["rows"], said["refused"]) == (ORDERS, 0)
    assert rows("SELECT count(*) FROM orders") == [(ORDERS,)]
    assert rows("SELECT count(*) FROM order_lines") == [(ORDERS,)]

    now = datetime.now(UTC).isoformat()
    live = document(ORDER, "live", time=now, order_id="live", phone="+447700900123")
    built.store.publish(json.dumps(live).encode(), topic="events")
    wait_for(lambda: rows("SELECT 1 FROM flow_runs"), 15, "the one that sets the flow off")
    assert rows("SELECT count(*) FROM flow_runs") == [(1,)], "and no other did"
    assert rows("SELECT topic FROM flow_runs") == rows("SELECT 'order:live'")
    gateway.close()
