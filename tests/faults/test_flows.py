"""`kill -9` at every moment of a flow's way: each trigger is one message, for ever."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.events import CUSTOMER, ORDER, PRODUCT, document
from support.plugin import Build
from support.processes import wait_for

from gateway.domain.failpoint import Failpoint

ORDERS = 30
"""More than are decided in one transaction."""

FLOWS = {
    "thanks": 'on = "order_placed"\npurpose = "transactional"\ntemplate = "thanks"\n',
    "back": 'on = "restocked"\npurpose = "transactional"\ntemplate = "back"\n',
}
TEMPLATES = {
    "thanks.en.txt": "Acme: thanks for {{ order.id }}",
    "back.en.txt": "Acme: {{ product.name }} is back",
}


def open_shop(directory: Path, config: Path) -> None:
    """Give the store of a configuration a folder with flows."""
    for folder, files in (("flows", FLOWS), ("templates", TEMPLATES)):
        (directory / "shop" / folder).mkdir(parents=True)
        for name, text in files.items():
            suffix = "" if "." in name else ".toml"
            (directory / "shop" / folder / f"{name}{suffix}").write_text(text)
    named = 'name = "acme"\n'
    config.write_text(config.read_text().replace(named, f'{named}shop_dir = "shop"\n'))


def tell(built: Any, kind: str, name: str, /, **said: Any) -> None:
    now = datetime.now(UTC).isoformat()
    built.store.publish(json.dumps(document(kind, name, time=now, **said)).encode(), "events")


def knows_somebody(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as opened:
        return bool(opened.execute("SELECT 1 FROM persons").fetchall())


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "failpoint",
    [
        f"{Failpoint.JOB_COMMITTED}@2",
        f"{Failpoint.FLOW_DUE}@1",
        f"{Failpoint.FLOW_DUE}@2",
        f"{Failpoint.FLOW_SPREAD}@1",
        f"{Failpoint.FLOW_DECIDED}@1",
        f"{Failpoint.FLOW_DECIDED}@2",
        f"{Failpoint.SUBMIT_ANSWERED}@3",
    ],
)
def test_each_trigger_is_one_message_whatever_ends_the_process(
    house: Build, failpoint: str
) -> None:
    built = house(simulator=("--latency", "0.02", "--report-delay", "4"), outbox=True)
    open_shop(built.directory, built.config)
    gateway = built.start(failpoint)
    tell(built, CUSTOMER, "who", preferences=["product:p1"], first_name="Ada")
    # It is committed by itself, so that there is a second commit to end at.
    wait_for(lambda: knows_somebody(built.directory / "shopbell.db"), 15, "the person")
    tell(built, PRODUCT, "back", change="restocked", name="Tea pot", inventory_quantity=3)
    for number in range(ORDERS):
        product = {"product_id": "p2", "name": "Mug", "price": "9.00", "quantity": 1}
        tell(built, ORDER, f"order-{number}", order_id=f"o-{number}", products=[product])
    assert gateway.wait_end(30) == -9, "the failpoint was reached"
    built.start()
    expected = {f"Acme: thanks for o-{number}" for number in range(ORDERS)}
    expected.add("Acme: Tea pot is back")
    wait_for(
        lambda: set(built.submits()) == expected,
        90,
        f"all messages; missing {expected - set(built.submits())}",
    )
    assert set(built.submits().values()) == {1}
