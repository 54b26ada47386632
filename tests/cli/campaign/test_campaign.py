"""A campaign from its file to its figures, by the command line alone, with no gateway running."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from support.command import Shopbell
from support.known import put_person

from gateway.app import offline_admission
from gateway.app.law import keys_of
from gateway.consent.identity import Identities
from gateway.dispatch import ChangeRequest
from gateway.domain.consent import Action, Change, ConsentEvent, Method
from gateway.domain.ids import JobId, StoreName
from gateway.settings import load

ACME = StoreName("acme")
PERSONS_THERE = 20
SALE = 'where = "orders >= 0"\ntemplate = "sale"\nholdout = 0.2\n'
MORE = """
[[modem]]
name = "m0"
port = "nowhere"
rate = "{rate}"
tariff_permits_bulk = "yes"

[[store]]
name = "acme"
country = "GB"
timezone = "Europe/London"
brand = "Acme"
shop_dir = "shop"
"""


@pytest.fixture
def shop(config: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop's folder with a campaign, and persons who allow offers."""
    _configure(config, "20/min")
    folder = config.parent / "shop"
    _write(folder, "templates/sale.en.txt", "Acme: {{ first_name }}, 20% off! Reply STOP to end.")
    _write(folder, "campaigns/spring.toml", SALE)
    monkeypatch.chdir(config.parent)
    asyncio.run(_know(config))
    return folder


def _configure(config: Path, rate: str) -> None:
    text = config.read_text().split("[[modem]]")[0]
    config.write_text(text + MORE.format(rate=rate))


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


async def _know(config: Path) -> None:
    settings = load(config)
    identities = Identities(keys_of(settings))
    at = datetime.now(UTC) - timedelta(days=1)
    numbers = [f"+447700{900000 + which}" for which in range(PERSONS_THERE)]

    def put(connection: Connection) -> None:
        for number in numbers:
            put_person(connection, ACME, identities.of(number), number, at, first_name="Ada")

    changes = tuple(
        Change(
            event=ConsentEvent(
                store=ACME,
                person=identities.of(number),
                purpose="marketing.offers",
                action=Action.GRANTED,
                method=Method.FORM,
                at=at,
            ),
            number=number,
        )
        for number in numbers
    )
    async with offline_admission(settings) as (admission, database):
        await database.write(put)
        [refused] = await admission.admit(
            [ChangeRequest(store=ACME, id=JobId("c"), changes=changes)]
        )
        assert refused is None


def _json(out: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(out)
    return found


def test_it_is_listed_forecast_launched_watched_paused_resumed_and_stopped(
    shop: Path, shopbell: Shopbell
) -> None:
    listed = _json(shopbell("campaign", "list", "--json").out)
    assert (listed["campaign"], listed["state"]) == ("spring", None)
    found = _json(shopbell("campaign", "forecast", "spring", "--json").out)
    assert found["persons"] == PERSONS_THERE
    assert found["left_alone"] + sum(found["arms"].values()) == PERSONS_THERE
    assert found["forecast"]["persons"] == found["arms"]["message"]
    assert found["texts"]["message"] == "Acme: Ada, 20% off! Reply STOP to end."
    assert [one["arm"] for one in found["sample"]] == ["message"]
    launched = _json(shopbell("campaign", "launch", "spring", "--yes", "--json").out)["launch"]
    assert (launched["launched"], launched["persons"]) == (True, PERSONS_THERE)
    told = _json(shopbell("campaign", "progress", "spring", "--json").out)
    assert (told["state"], told["left"], told["sent"]) == ("running", PERSONS_THERE, 0)
    for word, state in (("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        assert _json(shopbell("campaign", word, "spring", "--json").out)["state"] == state
    shown = shopbell("campaign", "show", "spring").out
    assert f"spring: stopped, {PERSONS_THERE} persons" in shown
    assert shopbell("campaign", "list").out.count("stopped") == 1
    assert "spring: stopped" in shopbell("campaign", "progress", "spring").out


def test_it_is_launched_once(shop: Path, shopbell: Shopbell) -> None:
    assert shopbell("campaign", "launch", "spring", "--yes").code == 0
    done = shopbell("campaign", "launch", "spring", "--yes")
    assert done.code == 1
    assert "launched_already" in done.err


def test_a_dry_run_shows_all_and_launches_nothing(shop: Path, shopbell: Shopbell) -> None:
    done = shopbell("campaign", "launch", "spring", "--dry-run")
    assert f"spring: {PERSONS_THERE} persons in orders >= 0" in done.out
    assert "last message at" in done.out
    assert "not launched" in done.out
    assert _json(shopbell("campaign", "list", "--json").out)["state"] is None


def test_without_a_terminal_nobody_can_be_asked(shop: Path, shopbell: Shopbell) -> None:
    done = shopbell("campaign", "launch", "spring")
    assert (done.code, "say --yes" in done.err) == (1, True)


def test_a_sale_that_cannot_be_out_in_time_is_not_started_unless_told_so(
    shop: Path, shopbell: Shopbell, config: Path
) -> None:
    _configure(config, "1/h")
    ends = (datetime.now(UTC) + timedelta(hours=2)).isoformat(timespec="seconds")
    _write(shop, "campaigns/spring.toml", f"{SALE}sale_ends = {ends}\n")
    done = shopbell("campaign", "launch", "spring", "--yes")
    assert done.code == 1
    assert "too_late" in done.err
    assert "--even-if-late" in done.err
    assert shopbell("campaign", "launch", "spring", "--yes", "--even-if-late").code == 0


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("summer", None, "acme has no campaign 'summer'; there are: spring"),
        ("spring", "x = 1", "spring.toml: segment: is missing"),
        ("spring", SALE.replace('"sale"', '"no"'), "template: there is no 'no'; there are: sale"),
        ("spring", SALE.replace("where", "segment"), "segment: there is no 'orders >= 0'"),
        ("spring", SALE + 'coupon = "ten"', "coupon: there is no 'ten'; there are: none"),
        ("spring", SALE + "deadline = 2020-01-01T00:00:00", "spring ended at 2020-01-01"),
    ],
)
def test_what_is_wrong_is_one_line(
    shop: Path, shopbell: Shopbell, name: str, text: str | None, said: str
) -> None:
    if text is not None:
        _write(shop, "campaigns/spring.toml", text)
    done = shopbell("campaign", "launch", name, "--yes")
    assert done.code == 1
    assert said in done.err
    assert len(done.err.splitlines()) <= 2  # the other says that no gateway runs


def test_what_was_never_launched_has_no_progress(shop: Path, shopbell: Shopbell) -> None:
    done = shopbell("campaign", "progress", "spring")
    assert (done.code, "launched no campaign 'spring'" in done.err) == (1, True)


def test_on_a_terminal_it_is_live_until_it_is_over(
    shop: Path, shopbell: Shopbell, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shopbell("campaign", "launch", "spring", "--yes").code == 0
    assert shopbell("campaign", "stop", "spring").code == 0
    url = load(config).database.url.removeprefix("sqlite:///")
    with sqlite3.connect(config.parent / url) as database:
        database.execute("UPDATE campaigns SET finished_at = '2026-11-26 10:00:00.000000'")
    database.close()
    monkeypatch.setattr("gateway.cli.campaign.progress.is_terminal", lambda: True)
    done = shopbell("campaign", "progress", "spring")
    assert done.code == 0
    assert "finished" in done.out
    assert f"{PERSONS_THERE}" in done.out
