"""``shopbell backfill``: into the database without a gateway, through it where one runs."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.command import Shopbell
from support.world import World

from gateway.control import ControlServer, socket_path
from gateway.control.events import EventDesk, read_refused
from gateway.domain.errors import RejectedError

ORDERS = """\
order_id,placed_at,total,currency,phone,product_id,quantity,price
1001,2026-03-01T09:31:04Z,51.75,GBP,07700 900123,p1,2,23.90
1002,2026-03-02T09:31:04Z,much,GBP,07700 900124,p1,1,23.90
1003,2026-03-03T09:31:04Z,23.90,EURO,07700 900125,p1,1,23.90
1004,2026-03-04T09:31:04Z,23.90,GBP,,p1,1,23.90
"""


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "shopbell.db")) as file:
        return list(file.execute(query))


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS)
    return file


def test_a_file_is_brought_in_and_every_refused_row_is_named(
    shopbell: Shopbell, tmp_path: Path, orders: Path
) -> None:
    done = shopbell("backfill", "orders", str(orders), "--json")
    assert done.code == 1
    said = json.loads(done.out)
    assert said == {
        "file": str(orders),
        "store": "acme",
        "kind": "orders",
        "rows": 4,
        "events": 1,
        "passed_over": 1,
        "refused": 2,
        "report": f"{orders}.refused.csv",
        "resumed_behind_line": None,
        "ignored_columns": [],
    }
    refused = (tmp_path / "orders.csv.refused.csv").read_text().splitlines()
    assert refused[1].startswith('3,total,"total is no amount')
    assert refused[2].startswith("4,currency,")
    assert "ISO 4217" in refused[2]
    assert rows(tmp_path, "SELECT order_id, total, currency FROM orders") == [
        ("1001", 517_500, "GBP")
    ]
    assert rows(tmp_path, "SELECT count(*) FROM outbox") == [(0,)], "the store asked for nothing"
    assert rows(tmp_path, "SELECT count(*) FROM event_tallies") == [(0,)], "it told of nothing"
    assert not (tmp_path / "orders.csv.backfill").exists()


def test_a_repeat_changes_nothing(shopbell: Shopbell, tmp_path: Path, orders: Path) -> None:
    orders.write_text("\n".join(ORDERS.splitlines()[:2]) + "\n")
    for _ in range(2):
        done = shopbell("backfill", "orders", str(orders))
        assert (done.code, done.err) == (0, "")
        assert "1 rows of orders.csv read, 1 events taken in" in done.out
    assert len(rows(tmp_path, "SELECT * FROM order_lines")) == 1
    assert len(rows(tmp_path, "SELECT * FROM taken_events")) == 1


def test_customers_and_products(shopbell: Shopbell, tmp_path: Path) -> None:
    customers = tmp_path / "customers.csv"
    customers.write_text("phone,first_name,birthday\n07700 900123,Ada,1990-11-26\n")
    assert shopbell("backfill", "customers", str(customers)).code == 0
    assert rows(tmp_path, "SELECT first_name, birthday FROM persons") == [("Ada", "11-26")]
    products = tmp_path / "products.csv"
    products.write_text("handle,title,variant price\ntea-pot,Tea pot,23.90\n")
    assert shopbell("backfill", "products", str(products), "--currency", "GBP").code == 0
    assert rows(tmp_path, "SELECT product_id, name, price, currency FROM products") == [
        ("tea-pot", "Tea pot", 239_000, "GBP")
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["orders", "nowhere.csv"], "nowhere.csv"),
        (["orders", "orders.csv", "--store", "other"], "no store 'other'"),
        (["orders", "orders.csv", "--timezone", "London"], "is no zone"),
        (["orders", "orders.csv", "--columns", "order"], "order=Invoice"),
        (["customers", "shopbell.toml"], "no column has the phone"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_clear_line(
    shopbell: Shopbell, orders: Path, words: list[str], says: str
) -> None:
    done = shopbell("backfill", *words)
    assert done.code in (1, 2)
    assert says in " ".join(done.err.split())
    assert "Traceback" not in done.err


async def test_a_running_gateway_takes_what_is_brought(world: World, tmp_path: Path) -> None:
    """Over its socket, in lots; what is refused is said there and not to the store."""
    path = socket_path(tmp_path / "gateway")
    desk = EventDesk(world.admission)
    good = {
        "specversion": "1.0",
        "id": "row-1",
        "source": "shopbell:backfill",
        "type": "shop.order.updated.v1",
        "time": "2026-11-23T08:30:00Z",
        "history": True,
        "data": {"properties": {"order_id": "1", "status": "paid"}},
    }
    from gateway.control import ask

    async with ControlServer(path, desk.operations()):
        bad = good | {"id": "row-2", "type": "shop.order.update.v1"}
        late = good | {"id": "row-3", "time": "2099-11-23T08:30:00Z"}
        answer = await ask(path, "events", store="acme", events=[good, bad, late])
        first, second, third = read_refused(answer)
        assert first is None
        assert second is not None
        assert third is not None
        assert (second.code, third.field) == ("unknown_type", "time")
        for wrong in ({"store": "+44", "events": []}, {"store": "acme", "events": [good] * 201}):
            with pytest.raises(RejectedError, match="right"):
                await ask(path, "events", **wrong)
    assert await world.said("rejected") == []
