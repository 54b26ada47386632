"""What a scrape tells: how all stands, in a moment, and of nobody."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Connection
from support.visitors import Visited

from gateway.db.space import Space
from gateway.domain.errors import StorageError
from gateway.domain.measures import Counted
from gateway.web.metrics import collecting
from tests.web.metrics.conftest import MODEM, Asked


async def scrape(site: Visited, **headers: str) -> str:
    async with site.browser(address="127.0.0.1") as browser:
        answer = await browser.get("/metrics", headers=headers)
    assert answer.status_code == 200
    return answer.text


def values(text: str) -> Mapping[str, float]:
    """Return each sample by its name and labels, as they are written."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}".removesuffix("{}")] = sample.value
    return found


async def test_a_modem_is_told_as_it_stands(watched: Visited) -> None:
    found = values(await scrape(watched))
    of_m0 = {name: value for name, value in found.items() if name.startswith("shopbell_modem_")}
    of_m0 = {name: value for name, value in of_m0.items() if "modem=m0" in name}
    assert {name: value for name, value in of_m0.items() if "state" not in name} == {
        "shopbell_modem_info{manufacturer=Huawei,model=E3372,modem=m0,operator=Three}": 1,
        "shopbell_modem_up{modem=m0}": 1,
        "shopbell_modem_signal_dbm{modem=m0}": -73,
        "shopbell_modem_registered{modem=m0}": 1,
        "shopbell_modem_health_ratio{modem=m0}": 0.75,
        "shopbell_modem_rate_parts_per_second{modem=m0}": 0.5,
        "shopbell_modem_slowed{modem=m0}": 1,
        "shopbell_modem_budget_used{modem=m0,span=day}": 5,
        "shopbell_modem_budget_limit{modem=m0,span=day}": 200,
        "shopbell_modem_budget_used{modem=m0,span=recipients}": 4,
        "shopbell_modem_budget_limit{modem=m0,span=recipients}": 90,
        "shopbell_modem_report_ratio{modem=m0}": 0.9,
        "shopbell_modem_balance{modem=m0,unit=GBP}": 12.5,
        "shopbell_modem_recoveries_total{modem=m0,step=reopen}": 2,
    }
    states = {name: value for name, value in of_m0.items() if "_state{" in name}
    assert [name for name, value in states.items() if value] == [
        "shopbell_modem_state{modem=m0,state=ready}"
    ]


async def test_a_modem_that_is_away_tells_no_signal_of_before(watched: Visited) -> None:
    found = values(await scrape(watched))
    assert found["shopbell_modem_up{modem=m1}"] == 0
    assert found["shopbell_modem_registered{modem=m1}"] == 0
    assert "shopbell_modem_signal_dbm{modem=m1}" not in found


async def test_what_has_not_happened_yet_is_told_as_zero(watched: Visited) -> None:
    """A counter that appears with its first event hides it from whoever watches its rise."""
    found = values(await scrape(watched))
    assert found["shopbell_parts_refused_total{class=line,modem=m1}"] == 0
    assert found["shopbell_job_transitions_total{purpose=otp,state=expired,store=acme}"] == 0
    watched.meter.count(Counted.PARTS_REFUSED, "m1", "line")
    found = values(await scrape(watched))
    assert found["shopbell_parts_refused_total{class=line,modem=m1}"] == 1


async def test_the_box_is_told(watched: Visited) -> None:
    watched.meter.count(Counted.PARTS_SENT, "m0", "otp", by=3)
    found = values(await scrape(watched))
    assert found["shopbell_parts_sent_total{modem=m0,purpose=otp}"] == 3
    assert found["shopbell_broker_connected"] == 1
    assert found["shopbell_broker_refused_letters_total{code=135}"] == 2
    assert found["shopbell_carrier_up{carrier=carrier:main}"] == 0
    assert found["shopbell_database_size_bytes"] > 100_000
    assert found["shopbell_disk_free_bytes"] < found["shopbell_disk_size_bytes"]
    assert found["shopbell_outbox_letters"] == 0
    assert found["shopbell_start_time_seconds"] == watched.house.started_at.timestamp()
    assert not any(value for name, value in found.items() if "lookup_failed" in name)


async def test_nothing_of_a_sim_or_a_stick_of_its_own_is_in_it(watched: Visited) -> None:
    """No ICCID, IMEI or number leaves through a door that needs no token."""
    text = await scrape(watched)
    assert MODEM["line"] not in text
    assert MODEM["identity"]["imei"] not in text
    labels = "\n".join(re.findall(r'="([^"]*)"', text))
    assert not re.search(r"\d{7,}", labels)


async def test_however_many_ask_the_gateway_is_looked_at_once(
    watched: Visited, asked: Asked
) -> None:
    await asyncio.gather(*(scrape(watched) for _ in range(20)))
    assert asked.times == 1


async def test_counts_are_those_of_now_whoever_looked_before(watched: Visited) -> None:
    await scrape(watched)
    watched.meter.count(Counted.BROKER_CONNECTIONS)
    assert values(await scrape(watched))["shopbell_broker_connections_total"] == 1


async def test_what_cannot_be_looked_up_is_named_and_the_rest_is_there(
    watched: Visited, monkeypatch: Any
) -> None:
    """A scrape tells most when something is wrong."""

    def broken(_connection: Connection) -> None:
        raise StorageError("the disk is gone")

    def gone(_self: Space) -> None:
        raise OSError("no such folder")

    monkeypatch.setattr(collecting, "read_queue", broken)
    monkeypatch.setattr(Space, "room", gone)
    del watched.operations["carriers"]
    found = values(await scrape(watched))
    failed = {name for name, value in found.items() if "lookup_failed" in name and value}
    assert failed == {
        f"shopbell_lookup_failed{{part={part}}}" for part in ("queue", "disk", "carriers")
    }
    assert found["shopbell_modem_up{modem=m0}"] == 1
    assert "shopbell_queue_oldest_ready_seconds{purpose=otp}" not in found


async def test_what_hangs_is_given_up(watched: Visited, monkeypatch: Any) -> None:
    async def hangs(_fields: Mapping[str, Any]) -> object:
        await asyncio.sleep(3600)
        raise AssertionError

    monkeypatch.setattr(collecting, "PATIENCE", 0.01)
    watched.operations["modems"] = hangs
    assert values(await scrape(watched))["shopbell_lookup_failed{part=modems}"] == 1


async def test_open_metrics_is_given_to_who_asks_for_it(watched: Visited) -> None:
    assert (await scrape(watched, accept="application/openmetrics-text")).endswith("# EOF\n")
    assert "# EOF" not in await scrape(watched, accept="text/plain")
