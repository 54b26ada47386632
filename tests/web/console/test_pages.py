"""The pages of the box: each shows what it is given, to whom it may, and runs nothing of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from support.consoling import Console, rights_but, visiting
from support.world import START

from gateway.access import Right, Role
from gateway.db.console.alarms import insert_alarm
from gateway.db.console.samples import note_samples
from gateway.domain.errors import RejectedError
from gateway.domain.sample import ALL, Sample, Series

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"

PAGES = ("/", "/modems", "/modems/m0", "/queue", "/failures", "/alarms", "/settings", "/help")


def modem(name: str = "m0", **fields: Any) -> dict[str, Any]:
    """Return a modem as the operation tells of it."""
    told: dict[str, Any] = {
        "name": name,
        "port": "/dev/ttyUSB0",
        "state": "ready",
        "since": START - timedelta(hours=2),
        "identity": {
            "imei": "490154203237518",
            "manufacturer": "Huawei",
            "model": "E3531",
            "revision": "22.521",
        },
        "line": "89440000000000000019",
        "operator": "O2 - UK",
        "signal_dbm": -75,
        "registration": 1,
        "recovery": None,
        "recoveries": {},
        "balance": {"amount": "12.50", "unit": "GBP", "at": START - timedelta(hours=1)},
        "alarms": [],
        "last_error": None,
        "counters": {"sent": 12, "refused": 1, "unconfirmed": 0, "reports": 11, "received": 2},
        "report_ratio": {"asked": 12, "reported": 11, "delivered": 11, "prompt": 10},
        "pace": {
            "per_minute": 20.0,
            "slowed": False,
            "budgets": {
                "day": {"used": 170, "limit": 200, "kept_for_otp": 0, "renewed_at": START},
            },
        },
        "owner": None,
        "health": {"score": 0.97, "good": True, "why": []},
        "country": "GB",
        "permitted": True,
    }
    return told | fields


def evil_modem() -> dict[str, Any]:
    return modem(
        operator=EVIL,
        port=EVIL,
        last_error=EVIL,
        owner=EVIL,
        state=EVIL,
        identity={"imei": EVIL, "manufacturer": EVIL, "model": EVIL, "revision": EVIL},
        balance={"amount": EVIL, "unit": EVIL, "at": START},
        alarms=[{"kind": EVIL, "detail": EVIL, "since": START}],
        health={"score": 0.1, "good": False, "why": [EVIL]},
        counters={EVIL: 1},
    )


async def put_alarm(console: Console, **fields: Any) -> None:
    values = {
        "node": "box-1",
        "kind": "line_down",
        "subject": "m0",
        "severity": "critical",
        "detail": "m0 is out of service; plug it in again",
        "began_at": START - timedelta(minutes=9),
    }
    await console.database.write(lambda c: insert_alarm(c, **(values | fields)))


async def put_samples(console: Console, *samples: Sample, before: float = 60) -> None:
    at = START - timedelta(seconds=before)
    await console.database.write(lambda c: note_samples(c, "box-1", samples, at))


@pytest.fixture(autouse=True)
def _modems(console: Console) -> None:
    console.answers["modems"] = [modem()]


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_there_for_who_may_read(console: Console, path: str) -> None:
    console.visitor = visiting(Role.VIEWER)
    page = await console.page(path)
    assert "<h1>" in page
    assert page.count("<h1>") == 1


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_not_there_for_who_may_not(console: Console, path: str) -> None:
    console.visitor = rights_but(Right.READ)
    assert (await console.browser.get(path)).status_code == (200 if path == "/help" else 403)
    console.visitor = None
    assert (await console.browser.get(path)).headers["location"].startswith("/login")


@pytest.mark.parametrize("path", PAGES)
async def test_nothing_that_a_page_is_given_runs(console: Console, path: str) -> None:
    console.answers["modems"] = [evil_modem()]
    await put_alarm(console, kind=EVIL, subject=EVIL, detail=EVIL, acknowledged_by=EVIL)
    await put_alarm(console, subject=EVIL, detail=EVIL, ended_at=START)
    page = await console.page(path)
    assert "<img src=x" not in page
    assert "<script>" not in page
    assert not re.findall(r"<style|\sstyle=|<[^>&]*\son[a-z]+=", page)


@pytest.mark.parametrize("path", ["/", "/modems/m0", "/alarms"])
async def test_what_it_is_given_is_shown_as_text(console: Console, path: str) -> None:
    console.answers["modems"] = [evil_modem()]
    await put_alarm(console, detail=EVIL)
    assert "&lt;script&gt;alert(1)" in await console.page(path)


async def test_a_box_without_modems_is_told_what_to_do(console: Console) -> None:
    console.answers["modems"] = []
    page = await console.page("/modems")
    assert "No modem yet" in page
    assert "[[modem]]" in page


async def test_the_overview_says_what_is_wrong_with_the_remedy(console: Console) -> None:
    assert "All is well" in await console.page("/")
    await put_alarm(console)
    page = await (await _fresh(console)).page("/")
    assert "plug it in again" in page
    assert "All is well" not in page


async def _fresh(console: Console) -> Console:
    """Forget what was read within the last second."""
    console.site.state.live._sources.clear()
    return console


async def test_todays_figures_are_of_today(console: Console) -> None:
    sent = Sample(series=Series.SENT, subject=ALL, count=41, total=41)
    await put_samples(console, sent)
    await put_samples(console, sent, before=12 * 3600)
    page = await console.page("/")
    assert re.search(r"Sent today</dt><dd>41<", page)


async def test_a_modem_says_what_it_used_and_how_it_is(console: Console) -> None:
    await put_samples(console, Sample(series=Series.SENT, subject="m0", count=7, total=7))
    page = await console.page("/modems")
    for words in ("O2 - UK", "ready", "170 of 200", "20 a minute", "12.50 GBP", "-75 dBm", ">7<"):
        assert words in page


async def test_a_modem_that_is_none_is_no_page(console: Console) -> None:
    answer = await console.browser.get("/modems/nobody")
    assert answer.status_code == 404
    assert "no modem of that name" in answer.text


async def test_asking_a_network_is_for_who_operates(console: Console) -> None:
    console.answers["ussd"] = {"text": EVIL, "menu": True}
    answer = await console.browser.post("/modems/m0/ussd", data={"text": "*100#"})
    assert answer.status_code == 200
    assert "&lt;script&gt;" in answer.text
    assert ("ussd", {"name": "m0", "request": "*100#"}) in console.asked
    console.visitor = rights_but(Right.OPERATE)
    refused = await console.browser.post("/modems/m0/ussd", data={"text": "*100#"})
    assert refused.status_code == 403
    assert "Ask the network" not in await console.page("/modems/m0")


async def test_what_a_network_refuses_is_said(console: Console) -> None:
    console.answers["ussd"] = RejectedError(
        "invalid_request", "is no USSD request", field="request"
    )
    page = (await console.browser.post("/modems/m0/ussd", data={"text": "x"})).text
    assert 'role="alert"' in page
    assert "is no USSD request" in page


async def test_an_alarm_is_acknowledged_by_who_operates(console: Console) -> None:
    await put_alarm(console)
    console.answers["alarm_acknowledge"] = {"acknowledged": []}
    data = {"kind": "line_down", "subject": "m0"}
    answer = await console.browser.post("/alarms/acknowledge", data=data)
    assert answer.headers["location"] == "/alarms"
    asked = {"kind": "line_down", "subject": "m0", "by": "user:ada"}
    assert ("alarm_acknowledge", asked) in console.asked
    console.visitor = rights_but(Right.OPERATE)
    assert (await console.browser.post("/alarms/acknowledge", data=data)).status_code == 403
    assert 'action="/alarms/acknowledge"' not in await (await _fresh(console)).page("/alarms")


async def test_alarms_that_are_over_are_shown_for_as_far_back_as_asked(console: Console) -> None:
    past = START - timedelta(days=20)
    await put_alarm(console, detail="long ago", began_at=past, ended_at=past + timedelta(hours=1))
    assert "long ago" not in await console.page("/alarms")
    assert "long ago" in await console.page("/alarms?days=30")


async def test_failures_are_told_by_class_with_the_remedy(console: Console) -> None:
    await put_samples(console, Sample(series=Series.FAILED, subject="line", count=5, total=5))
    page = await console.page("/failures")
    row = page.split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    assert "Line" in row
    assert ">5<" in row
    assert "top up" in row


async def test_reading_the_file_again_says_what_came_of_it(console: Console) -> None:
    console.answers["reload"] = {"taken": ["[[modem]] m0 rate"], "left": ["[mqtt] url"]}
    answer = await console.browser.post("/settings/reload")
    assert answer.headers["location"] == "/settings"
    page = await console.browser.get("/settings")
    assert "Taken up: [[modem]] m0 rate." in page.text
    assert "Only after a restart: [mqtt] url." in page.text
    console.visitor = rights_but(Right.OPERATE)
    assert (await console.browser.post("/settings/reload")).status_code == 403


async def test_no_secret_is_in_the_settings(console: Console) -> None:
    page = await console.page("/settings")
    assert "1234" not in page
    assert "set, not shown" in page


async def test_a_chart_has_an_instant_for_each_minute_and_null_for_what_is_not_known(
    console: Console,
) -> None:
    await put_samples(console, Sample(series=Series.SENT, count=3, total=3), before=120)
    chart = (await console.browser.get("/charts/throughput?hours=1")).json()
    sent = chart["series"][0]["values"]
    assert len(chart["at"]) == len(sent) == 60
    assert sent[-2:] == [3.0, None]


async def test_a_chart_that_is_none(console: Console) -> None:
    assert (await console.browser.get("/charts/nothing")).status_code == 404
    assert (await console.browser.get("/charts/throughput?hours=100000")).status_code == 404


async def test_an_address_that_is_none_is_a_page_that_says_so(console: Console) -> None:
    answer = await console.browser.get("/nowhere")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
