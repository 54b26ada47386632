"""Campaigns, modems and alarms over HTTP."""

from __future__ import annotations

from typing import Any, Final

from support.campaigns import SALE
from support.visitors import OURS

from gateway.access import Right, Role
from gateway.db.console.audit import Sift, read_entries

from .conftest import Api

SPRING: Final = "/api/v1/stores/acme/campaigns/spring"


async def test_a_campaign_is_foreseen_launched_steered_and_followed(api: Api) -> None:
    await api.shop.know(2)
    api.folder.text = SALE + "deadline = 2026-11-29T09:00:00"
    async with await api.program(Right.READ, Right.OPERATE) as program:
        listed = (await program.get("/api/v1/campaigns")).json()
        forecast = (await program.get(f"{SPRING}/forecast")).json()
        launched = await program.post(f"{SPRING}/launch", json={})
        paused = await program.post(f"{SPRING}/steer", json={"word": "pause"})
        progress = (await program.get(f"{SPRING}/progress")).json()
        report = await program.get(f"{SPRING}/report")
        wrong = await program.post(f"{SPRING}/steer", json={"word": "burn"})
    assert [one["campaign"] for one in listed["campaigns"]] == ["spring"]
    assert (forecast["persons"], forecast["refused"]) == (10, None)
    assert (launched.status_code, launched.json()["persons"]) == (202, 2)
    assert paused.json() == {"state": "paused"}
    assert (progress["state"], progress["persons"]) == ("paused", 2)
    assert report.status_code == 404
    assert wrong.json()["field"] == "word"


async def test_a_campaign_that_comes_late_is_launched_by_who_insists(api: Api) -> None:
    await api.shop.know(2)
    api.folder.text = SALE + "sale_ends = 2026-11-29T09:00:00"
    api.folder.late = 3
    async with await api.program(Right.OPERATE) as program:
        refused = await program.post(f"{SPRING}/launch", json={})
        insisted = await program.post(f"{SPRING}/launch", json={"even_if_late": True})
    assert refused.status_code in (409, 422)
    assert insisted.status_code == 202
    entries = await api.database.read(lambda c: read_entries(c, Sift(), 9))
    assert [(one.action, one.subject, one.result) for one in entries] == [
        ("campaign.launch", "acme/spring", "done"),
        ("campaign.launch", "acme/spring", refused.json()["code"]),
    ]


async def test_campaigns_are_their_stores(api: Api) -> None:
    async with await api.program(Right.READ, Right.OPERATE, store="tea") as other:
        answers: list[Any] = [
            await other.get(f"{SPRING}/forecast"),
            await other.get(f"{SPRING}/progress"),
            await other.get(f"{SPRING}/report"),
            await other.post(f"{SPRING}/launch", json={}),
            await other.post(f"{SPRING}/steer", json={"word": "stop"}),
            await other.get("/api/v1/campaigns", params={"store": "acme"}),
        ]
    assert {answer.status_code for answer in answers} == {404}


async def test_modems_and_carriers_are_told(api: Api) -> None:
    async with await api.program(Right.READ) as reader:
        [modem] = (await reader.get("/api/v1/modems")).json()["items"]
        [carrier] = (await reader.get("/api/v1/carriers")).json()["items"]
    assert (modem["name"], modem["state"], modem["since"]) == (
        "m0",
        "missing",
        "2026-11-23T09:00:00.000Z",
    )
    assert (carrier["name"], carrier["counters"]["sent"]) == ("carrier:main", 0)


async def test_alarms_are_told_and_taken_note_of(api: Api) -> None:
    from gateway.db.tables import ALARMS

    row = {
        "node": "box-1",
        "kind": "line_down",
        "subject": "m0",
        "severity": "critical",
        "detail": "m0 is out of service",
        "began_at": api.clock.now(),
    }
    await api.database.write(lambda c: c.execute(ALARMS.insert(), row))
    async with await api.program(Right.READ, Right.OPERATE) as program:
        [on] = (await program.get("/api/v1/alarms")).json()["open"]
        seen = await program.post("/api/v1/alarms/acknowledge", json={"kind": "line_down"})
        [after] = (await program.get("/api/v1/alarms")).json()["open"]
        unknown = await program.post("/api/v1/alarms/acknowledge", json={"kind": "boredom"})
    assert (on["kind"], on["acknowledged_by"]) == ("line_down", None)
    assert seen.json() == {"acknowledged": 1}
    assert after["acknowledged_by"].startswith("token:")
    assert unknown.status_code == 404


async def test_a_browser_of_ours_may_ask_and_one_of_another_site_may_not(api: Api) -> None:
    async with await api.signed_in(Role.OPERATOR) as browser:
        asked = await browser.get("/api/v1/me")
        steer = {"word": "pause"}
        ours = await browser.post(f"{SPRING}/steer", json=steer, headers=OURS)
        other = await browser.post(
            f"{SPRING}/steer", json=steer, headers={"sec-fetch-site": "cross-site"}
        )
    assert asked.json()["kind"] == "user"
    assert (ours.status_code, other.status_code) == (404, 403)
    assert other.json()["code"] == "other_site"
