"""A campaign over the whole house: from its file, by the command line, to the phones."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from support.events import CUSTOMER, document
from support.house import House
from support.plugin import Build
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


def _open_shop(built: House) -> None:
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


def _tell_of_persons(built: House) -> None:
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
        lambda: _known(built) == len(PERSONS) + 1,
        20,
        f"{_known(built)} persons; rejected {built.store.rejected}",
    )


def _known(built: House) -> int:
    with closing(sqlite3.connect(built.directory / "shopbell.db")) as database:
        [count] = database.execute("SELECT count(*) FROM persons").fetchone()
        return int(count)


def _command(built: House, *words: str) -> dict[str, Any]:
    process = built.run("campaign", *words, "--json", name="-".join(words))
    assert process.wait_end(60) == 0, process.stderr.read_text()
    found: dict[str, Any] = json.loads(process.stdout.read_text().splitlines()[-1])
    return found


def test_own_numbers_have_it_first_then_all_and_each_once(house: Build) -> None:
    built = house()
    _open_shop(built)
    gateway = built.start()
    _tell_of_persons(built)
    launched = _command(built, "launch", "moved", "--yes")["launch"]
    assert (launched["persons"], launched["canaries"]) == (len(PERSONS), 1)
    wait_for(lambda: _command(built, "progress", "moved")["finished_at"], 60, "the end of it")
    sent = Counter(entry["to"] for entry in built.log())
    # The one own number has both arms.
    assert sent == dict.fromkeys(PERSONS, 1) | {OWN: 2}
    first = [entry["to"] for entry in built.log()][:2]
    assert first == [OWN, OWN]
    told = _command(built, "progress", "moved")
    assert (told["state"], told["sent"], told["left"]) == ("finished", len(PERSONS), 0)
    gateway.close()
    assert "77009001" not in gateway.stderr.read_text()
