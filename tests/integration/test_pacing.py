"""Budgets and shared limits through the whole house, from the configuration to what is shown."""

from __future__ import annotations

import json
import signal
from datetime import datetime, timedelta
from typing import Any

from support.house import House
from support.plugin import Build

LIMIT = '\n[[limit]]\nname = "acme"\nstore = "acme"\nrate = "4/s"\n'


def shown(built: House) -> list[dict[str, Any]]:
    command = built.run("modems", "--json", name="modems")
    assert command.wait_end() == 0
    return [json.loads(line) for line in command.stdout.read_text().splitlines()]


def test_a_budget_survives_a_kill_and_is_shown(house: Build) -> None:
    built = house(modem_settings=lambda _number: "daily_limit = 3\n")
    gateway = built.start()
    for number in range(5):
        built.store.submit(f"job-{number}")
    for number in range(3):
        built.store.await_state(f"job-{number}", "delivered")
    gateway.kill()
    gateway = built.start()
    built.store.submit("later")
    built.store.await_state("later", "accepted")
    [modem] = shown(built)
    day = modem["pace"]["budgets"]["day"]
    assert (day["used"], day["limit"], modem["pace"]["slowed"]) == (3, 3, False)
    assert len(built.log()) == 3

    built.config.write_text(built.config.read_text().replace("daily_limit = 3", "daily_limit = 9"))
    gateway.signal(signal.SIGHUP)
    for job in ("job-3", "job-4", "later"):
        built.store.await_state(job, "delivered")
    assert len(built.log()) == 6


def test_modems_together_keep_to_what_a_store_may(house: Build) -> None:
    built = house(modems=3, more=LIMIT)
    built.start()
    for number in range(6):
        built.store.submit(f"job-{number}")
    for number in range(6):
        built.store.await_state(f"job-{number}", "sent")
    times = sorted(datetime.fromisoformat(entry["at"]) for entry in built.log())
    assert times[-1] - times[0] > timedelta(seconds=1), "six parts at four a second"
