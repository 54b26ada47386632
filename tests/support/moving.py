"""A shop that has moved, and tells its customers: a campaign for houses of processes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from support.events import CUSTOMER, document
from support.house import House
from support.processes import wait_for

PERSONS = [f"+447700{900100 + which}" for which in range(12)]
OWN = "+447700900199"
CAMPAIGN = f"""
where = "orders >= 0"
template = "notice"
purpose = "transactional"

[canary]
numbers = ["{OWN}"]

[[arm]]
name = "short"

[[arm]]
name = "long"
template = "longer"
"""


def open_shop(built: House) -> None:
    """Give the store a folder with a campaign that needs no hours, so that it can go at night."""
    text = built.config.read_text()
    built.config.write_text(text.replace("[[store]]\n", '[[store]]\nshop_dir = "shop"\n'))
    for name, content in {
        "templates/notice.en.txt": "Dear {{ first_name }}, we have moved.",
        "templates/longer.en.txt": "Dear {{ first_name }}, we have moved to a larger house.",
        "campaigns/moved.toml": CAMPAIGN,
    }.items():
        file = built.directory / "shop" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)


def tell_of_persons(built: House) -> None:
    """Have the store tell of all, and wait until they are known."""
    now = datetime.now(UTC).isoformat()
    for place, phone in enumerate([*PERSONS, OWN]):
        told = document(
            *(CUSTOMER, f"who-{place}"),
            time=now,
            customer=f"c{place}",
            phone=phone,
            first_name="Ada",
        )
        built.store.publish(json.dumps(told).encode(), topic="events")
    wait_for(
        lambda: known(built) == len(PERSONS) + 1,
        20,
        f"{known(built)} persons; rejected {built.store.rejected}",
    )


def known(built: House) -> int:
    """Return of how many persons the gateway knows."""
    with closing(sqlite3.connect(built.directory / "shopbell.db")) as database:
        [count] = database.execute("SELECT count(*) FROM persons").fetchone()
        return int(count)
