"""The modems, asked of the gateway or read from the configuration."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from support.command import Done, Shopbell

from gateway.control import ControlServer, socket_path

STATE: dict[str, Any] = {
    "name": "m0",
    "port": "/dev/ttyUSB0",
    "state": "ready",
    "identity": {"manufacturer": "Huawei", "model": "E3372", "imei": "867648030000001"},
    "operator": "O2",
    "signal_dbm": -71,
    "balance": {"amount": "12.50", "unit": "GBP", "at": "2026-11-23T09:00:00Z"},
    "last_error": None,
    "counters": {"sent": 3, "refused": 0},
}


async def ask_beside_a_gateway(shopbell: Shopbell, directory: Path, *words: str) -> Done:
    async def modems(fields: Mapping[str, Any]) -> object:
        return [STATE]

    async with ControlServer(socket_path(directory / "shopbell.db"), {"modems": modems}):
        return await asyncio.to_thread(shopbell, "modems", *words)


async def test_a_running_gateway_tells(shopbell: Shopbell, tmp_path: Path) -> None:
    done = await ask_beside_a_gateway(shopbell, tmp_path)

    assert done.code == 0
    words = ("m0", "ready", "Huawei E3372", "O2", "-71 dBm", "12.50 GBP", "20/min, 200 a day")
    for word in (*words, "3 sent"):
        assert word in done.out
    assert "refused" not in done.out


async def test_how_many_reports_come_is_shown(
    shopbell: Shopbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(STATE, "report_ratio", {"asked": 40, "reported": 38})
    done = await ask_beside_a_gateway(shopbell, tmp_path)
    assert "95 % of 40 reported" in " ".join(done.out.split())


@pytest.mark.parametrize(
    ("health", "shown"),
    [
        ({"score": 0.93, "good": True, "why": []}, "0.93"),
        ({"score": 0.6, "good": True, "why": ["signal -101 dBm"]}, "0.60"),
        (
            {"score": 0.41, "good": False, "why": ["signal -109 dBm", "stopped"]},
            "0.41 (signal -109 dBm; stopped)",
        ),
    ],
)
async def test_health_is_shown_with_what_pulls_it_down(
    shopbell: Shopbell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    health: dict[str, Any],
    shown: str,
) -> None:
    monkeypatch.setitem(STATE, "health", health)
    done = await ask_beside_a_gateway(shopbell, tmp_path)
    cells = " ".join("".join(done.out.splitlines()).split())
    assert ("signal" in cells) is ("(" in shown)
    assert shown.split(" ")[0] in cells


async def test_the_rate_that_holds_and_what_is_used_up_are_shown(
    shopbell: Shopbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    budgets = {
        "day": {"used": 150, "limit": 200},
        "month": {"used": 900, "limit": 3000},
        "recipients": {"used": 7, "limit": 50},
    }
    pace = {"per_minute": 20.0, "slowed": False, "budgets": budgets}
    monkeypatch.setitem(STATE, "pace", pace)
    done = await ask_beside_a_gateway(shopbell, tmp_path)
    shown = " ".join(done.out.split())
    assert "20/min, 150 of 200 a day, 900 of 3000 a month, 7 of 50 persons a day" in shown
    monkeypatch.setitem(STATE, "pace", {**pace, "per_minute": 2.5, "slowed": True})
    done = await ask_beside_a_gateway(shopbell, tmp_path)
    assert "2.5/min (slowed from 20/min)" in " ".join(done.out.split())


async def test_alarms_are_shown_with_what_would_help(
    shopbell: Shopbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarm = {"kind": "sim_locked", "detail": "type the PUK", "since": "2026-11-26T01:00:00Z"}
    monkeypatch.setitem(STATE, "alarms", [alarm])
    monkeypatch.setitem(STATE, "last_error", "gone")
    done = await ask_beside_a_gateway(shopbell, tmp_path)
    assert "type the PUK" in " ".join(done.out.split())
    assert "gone" not in done.out


async def test_what_is_tried_to_bring_it_back_is_shown(
    shopbell: Shopbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(STATE, "recovery", "restart")
    monkeypatch.setitem(STATE, "recoveries", {"init": 4, "radio": 2, "restart": 1})
    done = await ask_beside_a_gateway(shopbell, tmp_path)
    shown = " ".join(done.out.split())
    assert "restart" in shown
    assert "radio" in shown
    assert "init" not in shown


async def test_programs_get_all_of_it(shopbell: Shopbell, tmp_path: Path) -> None:
    done = await ask_beside_a_gateway(shopbell, tmp_path, "--json")
    [modem] = [json.loads(line) for line in done.out.splitlines()]
    assert modem["rate"] == "20/min"
    assert {key: modem[key] for key in STATE} == STATE


def test_without_a_gateway_the_configuration_is_shown(shopbell: Shopbell, tmp_path: Path) -> None:
    [modem] = [json.loads(line) for line in shopbell("modems", "--json").out.splitlines()]
    assert modem == {
        "name": "m0",
        "port": str(tmp_path / "nowhere"),
        "rate": "20/min",
        "minute_limit": None,
        "hourly_limit": None,
        "daily_limit": 200,
        "monthly_limit": None,
        "otp_reserve": "10%",
        "routes": [],
        "country": "GB",
        "state": "gateway not running",
    }
    assert "gateway not running" in shopbell("modems").out


async def test_every_stick_that_was_found_is_shown_with_what_its_entry_says(
    shopbell: Shopbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "shopbell.toml"
    file.write_text(file.read_text().replace('"nowhere"', '"auto"'))
    monkeypatch.setitem(STATE, "name", "m0-1-1.2")
    done = await ask_beside_a_gateway(shopbell, tmp_path, "--json")
    [modem] = [json.loads(line) for line in done.out.splitlines()]
    assert (modem["name"], modem["rate"], modem["daily_limit"]) == ("m0-1-1.2", "20/min", 200)


CARRIER = """
[[carrier]]
name = "main"
url = "https://api.example.com/2010-04-01"
account = "AC1"
token = "s3cret"
sender = "+33937000000"
routes = ["+33"]
purposes = ["marketing"]
"""
OF_CARRIER: dict[str, Any] = {
    "name": "carrier:main",
    "state": "resting",
    "last_error": "the carrier answered 503",
    "alarms": [],
    "counters": {"sent": 7, "refused": 1},
}


@pytest.mark.rule("SIM-5")
async def test_carriers_stand_below_the_modems(shopbell: Shopbell, tmp_path: Path) -> None:
    async def told(fields: Mapping[str, Any]) -> object:
        return [OF_CARRIER]

    async def modems(fields: Mapping[str, Any]) -> object:
        return [STATE]

    with (tmp_path / "shopbell.toml").open("a") as file:
        file.write(CARRIER)
    without = await asyncio.to_thread(shopbell, "modems")
    operations = {"modems": modems, "carriers": told}
    async with ControlServer(socket_path(tmp_path / "shopbell.db"), operations):
        done = await asyncio.to_thread(shopbell, "modems")
        listed = await asyncio.to_thread(shopbell, "modems", "--json")

    assert "gateway not running" in without.out.splitlines()[-1]
    for word in ("carrier:main", "resting (the carrier answered 503)", "+33937000000", "7 sent"):
        assert word in done.out
    assert "marketing to +33" in done.out
    assert "s3cret" not in done.out + listed.out
    [modem, carrier] = map(json.loads, listed.out.splitlines())
    assert (modem["name"], carrier["name"], carrier["rate"]) == ("m0", "carrier:main", "1/s")


@pytest.mark.rule("SIM-4")
def test_five_british_sims_are_worth_a_note(shopbell: Shopbell, config: Path) -> None:
    more = "".join(f'\n[[modem]]\nname = "x{n}"\nport = "p{n}"\n' for n in range(4))
    config.write_text(config.read_text() + more)
    done = shopbell("modems")
    assert done.code == 0
    assert "note: this box has 5 SIMs of GB" in done.err
    assert shopbell("modems", "--json").err == ""


async def test_a_sim_s_own_country_is_worth_more_than_ours(
    shopbell: Shopbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = await ask_beside_a_gateway(shopbell, tmp_path, "--json")
    assert json.loads(done.out)["country"] == "GB"
    monkeypatch.setitem(STATE, "country", "FR")
    done = await ask_beside_a_gateway(shopbell, tmp_path, "--json")
    assert json.loads(done.out)["country"] == "FR"


async def test_a_line_that_another_box_has_at_work_is_said(
    shopbell: Shopbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(STATE, "owner", "box-2")
    done = await ask_beside_a_gateway(shopbell, tmp_path)
    assert "itslineisatworkatbox-2" in "".join(done.out.split()).replace("│", "")
