"""The pages of campaigns: what stands on them, who may steer, and nothing of a text runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.campaigns import SPRING
from support.consoling import Console, rights_but, visiting
from support.outlooks import a_forecast, an_outlook
from support.world import ACME, START

from gateway.access import Right, Role
from gateway.commerce.campaigns.document import Looked, outlook_document
from gateway.commerce.campaigns.parsing import parse_campaign
from gateway.domain.errors import ContentError, RejectedError

EVIL = "<script>alert(1)</script>\"'{{ 7*7 }}"
HERE = f"/campaigns/{ACME}/{SPRING}"


def entry(**fields: Any) -> dict[str, Any]:
    return {
        "campaign": SPRING,
        "store": ACME,
        "on_file": True,
        "state": None,
        "reason": None,
        "persons": None,
        "launched_at": None,
        "starts_at": None,
        "ends_at": None,
        "finished_at": None,
        "template": "hello",
        "segment": "all",
    } | fields


def progress(**fields: Any) -> dict[str, Any]:
    return {
        "store": ACME,
        "name": SPRING,
        "state": "running",
        "reason": None,
        "persons": 100,
        "left": 40,
        "waiting": 10,
        "sent": 50,
        "delivered": 45,
        "failed": 1,
        "cancelled": 0,
        "held": 9,
        "skipped": {"no_consent": 3},
        "opted_out": 2,
        "starts_at": START,
        "ends_at": None,
        "finished_at": None,
        "next_at": None,
        "at": START,
        "rate_per_second": 0.5,
        "finish_at": START + timedelta(hours=1),
    } | fields


def forecast(**texts: str) -> dict[str, Any]:
    spec = parse_campaign(SPRING, 'segment = "all"\ntemplate = "hello"\n', START.tzinfo)  # type: ignore[arg-type]
    looked = Looked(
        store=ACME,
        spec=spec,
        outlook=an_outlook(a_forecast(10, 9, refused={"no_consent": 1})),
        currency="GBP",
    )
    found = outlook_document(looked) | {"refused": None, "texts": texts}
    return found | {"arms": dict.fromkeys(texts, 9)}


@pytest.fixture
def console(console: Console) -> Console:
    console.answers["campaign_list"] = {"campaigns": [entry()], "faults": []}
    return console


async def test_the_list_has_each_campaign_and_what_cannot_be_read(console: Console) -> None:
    listed = {"campaigns": [entry(), entry(campaign="sale", state="running", persons=12)]}
    console.answers["campaign_list"] = listed | {"faults": [{"store": ACME, "reason": EVIL}]}
    page = await console.page("/campaigns")
    assert f'href="{HERE}"' in page
    assert "not launched" in page
    assert "running" in page
    assert "<script>alert" not in page


async def test_without_campaigns_it_says_how_one_is_made(console: Console) -> None:
    console.answers["campaign_list"] = {"campaigns": [], "faults": []}
    assert "campaigns/spring-sale.toml" in await console.page("/campaigns")


async def test_a_campaign_under_way_shows_how_far_it_is(console: Console) -> None:
    console.answers["campaign_list"] = {"campaigns": [entry(state="running")], "faults": []}
    console.answers["campaign_progress"] = progress()
    page = await console.page(HERE)
    assert "60 of 100 persons decided" in page
    assert "30.0 a minute" in page
    assert "3: no consent" in page
    assert f"/live/campaign?of={ACME}/{SPRING}" in page


async def test_a_forecast_is_shown_with_each_text_as_it_would_be_read(console: Console) -> None:
    console.answers["campaign_forecast"] = forecast(plain=f"Hello {EVIL}")
    page = await console.page(f"{HERE}/forecast")
    assert "1: no consent" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "error", [ContentError("there is no 'x'", place="template"), RejectedError("late", "is late")]
)
async def test_what_cannot_be_reckoned_says_why(console: Console, error: Exception) -> None:
    console.answers["campaign_forecast"] = error
    assert "It cannot be launched as it is" in await console.page(f"{HERE}/forecast")


async def test_a_campaign_that_is_not_there_is_not_found(console: Console) -> None:
    answer = await console.browser.get(f"/campaigns/{ACME}/other")
    assert answer.status_code == 404


async def test_what_is_of_another_store_is_not_there(console: Console) -> None:
    console.visitor = visiting(Role.OPERATOR, store="other")
    console.answers["campaign_list"] = {"campaigns": [], "faults": []}
    await console.page("/campaigns")
    assert console.asked == [("campaign_list", {"store": "other"})]
    answer = await console.browser.post(f"{HERE}/launch")
    assert answer.status_code == 404
    assert "campaign_launch" not in [op for op, _ in console.asked]


@pytest.mark.parametrize(
    ("form", "late"), [({}, False), ({"even_if_late": "yes"}, True)], ids=["in time", "late"]
)
async def test_it_is_launched_by_who_may(
    console: Console, form: dict[str, str], late: bool
) -> None:
    console.answers["campaign_launch"] = {"persons": 1200, "canaries": 2, "remarks": []}
    answer = await console.browser.post(f"{HERE}/launch", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    fields = {"store": ACME, "name": SPRING, "even_if_late": late}
    assert console.asked == [("campaign_launch", fields)]


async def test_a_refusal_is_told_on_the_page(console: Console) -> None:
    console.answers["campaign_launch"] = RejectedError("too_late", "3 would be late")
    answer = await console.browser.post(f"{HERE}/launch")
    assert "Not%20launched%3A%203%20would%20be%20late" in answer.headers["set-cookie"]


@pytest.mark.parametrize("word", ["pause", "resume", "approve", "stop"])
async def test_it_is_steered_by_who_may(console: Console, word: str) -> None:
    console.answers["campaign_steer"] = {"state": "paused"}
    answer = await console.browser.post(f"{HERE}/steer", data={"word": word})
    assert answer.status_code == 303
    assert console.asked == [("campaign_steer", {"store": ACME, "name": SPRING, "word": word})]


async def test_who_may_not_operate_steers_nothing_and_sees_no_buttons(console: Console) -> None:
    console.visitor = rights_but(Right.OPERATE)
    assert "Launch it" not in await console.page(HERE)
    for path, data in (("launch", {}), ("steer", {"word": "stop"})):
        answer = await console.browser.post(f"{HERE}/{path}", data=data)
        assert answer.status_code == 403
    assert [op for op, _ in console.asked] == ["campaign_list"]
