"""What a person gets who opens a link, and what a preview gets."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs
from support.visiting import OUT, TOKEN, URL, Visited
from support.world import ACME, START

from gateway.db.tables import PRODUCTS
from gateway.domain.errors import StorageError
from gateway.web.links import site as module

LINK = f"/l/{TOKEN}"
PREVIEW = {"user-agent": "WhatsApp/2.23.18.78 i"}


async def sell(visited: Visited, **fields: Any) -> None:
    """Let the shop have the product that a link `Productlink1` is about."""
    row = {
        "store": ACME,
        "product_id": "p1",
        "name": "Tea pot",
        "tags": "[]",
        "discontinued": False,
        "first_seen_at": START,
        "changed_at": START,
    }
    await visited.database.write(lambda c: c.execute(PRODUCTS.insert(), row | fields))
    await visited.link(token="Productlink1", product_id="p1")


async def test_a_person_is_led_on_and_counted(visited: Visited) -> None:
    answer = await visited.browser.get(LINK)
    assert (answer.status_code, answer.headers["location"]) == (302, URL)
    [click] = visited.clicks
    assert (click.token, click.url, click.machine, click.campaign) == (
        TOKEN,
        URL,
        None,
        "campaign.sale",
    )
    assert click.person is None


async def test_nothing_is_kept_on_the_way_and_nothing_is_told_to_the_shop(visited: Visited) -> None:
    headers = (await visited.browser.get(LINK)).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers
    assert "set-cookie" not in headers


async def test_a_machine_is_led_on_too_and_counted_apart(visited: Visited) -> None:
    answer = await visited.browser.get(LINK, headers={"user-agent": "curl/8.5.0"})
    assert answer.headers["location"] == URL
    assert [click.machine for click in visited.clicks] == ["library"]


async def test_a_head_is_answered_and_is_no_click(visited: Visited) -> None:
    answer = await visited.browser.head(LINK)
    assert (answer.status_code, answer.headers["location"]) == (302, URL)
    assert visited.clicks == []


async def test_an_untracked_link_leads_on_and_counts_nothing(visited: Visited) -> None:
    await visited.link(token="Untracked123", level="none", url="https://shop.example/order")
    answer = await visited.browser.get("/l/Untracked123")
    assert answer.headers["location"] == "https://shop.example/order"
    assert visited.clicks == []


@pytest.mark.rule("E-3")
async def test_only_a_link_of_their_own_names_the_person(visited: Visited) -> None:
    names = {"person": "PERSON", "job": "job-1"}
    await visited.link(token="Individual12", level="individual", **names)
    await visited.link(token="Aggregate123", level="aggregate", **names)
    for token in ("Individual12", "Aggregate123"):
        await visited.browser.get(f"/l/{token}")
    assert [(one.person, one.job) for one in visited.clicks] == [
        ("PERSON", "job-1"),
        (None, None),
    ]


@pytest.mark.rule("E-3")
async def test_a_click_on_a_private_page_is_counted_without_the_page(visited: Visited) -> None:
    await visited.link(token="Countcount12", kind="count", url="")
    cart = {"url": "https://shop.example/cart/1", "product_id": "p1"}
    await visited.link(token="Privatepage1", counted="Countcount12", **cart)
    answer = await visited.browser.get("/l/Privatepage1")
    assert answer.headers["location"] == cart["url"]
    [click] = visited.clicks
    assert (click.token, click.url, click.product_id) == ("Countcount12", None, None)
    assert (await visited.browser.get("/l/Countcount12")).status_code == 404


async def test_a_link_that_is_over_says_so(visited: Visited) -> None:
    visited.clock.instant += timedelta(days=90)
    answer = await visited.browser.get(LINK)
    assert answer.status_code == 410
    assert "This link is over" in answer.text
    assert visited.clicks == []


async def test_what_is_not_there_is_said_in_the_persons_language(visited: Visited) -> None:
    german = {"accept-language": "de-AT,de;q=0.9"}
    answer = await visited.browser.get("/l/Nothinghere1", headers=german)
    assert answer.status_code == 404
    assert "Hier ist nichts" in answer.text
    assert '<html lang="de">' in answer.text


async def test_a_preview_gets_a_card_and_is_no_click(visited: Visited) -> None:
    await sell(
        visited,
        price=23.9,
        currency="GBP",
        brand="Acme",
        image_url="https://shop.example/i.jpg?a=1&b=2",
    )
    answer = await visited.browser.get("/l/Productlink1", headers=PREVIEW)
    assert answer.status_code == 200
    assert visited.clicks == []
    for tag in (
        '<meta property="og:title" content="Tea pot">',
        '<meta property="og:site_name" content="Acme &amp; Söhne">',
        '<meta property="og:image" content="https://shop.example/i.jpg?a=1&amp;b=2">',
        '<meta property="og:description" content="£23.90 · Acme">',
        '<meta property="product:price:amount" content="23.90">',
        '<meta property="product:price:currency" content="GBP">',
        '<meta name="twitter:card" content="summary_large_image">',
    ):
        assert tag in answer.text
    assert (await visited.browser.get("/l/Productlink1")).status_code == 302


async def test_a_person_who_is_taken_for_a_preview_can_go_on(visited: Visited) -> None:
    answer = await visited.browser.get(LINK, headers=PREVIEW)
    assert 'href="https://shop.example/tea?a=1&amp;b=%2F"' in answer.text


@pytest.mark.parametrize(
    "image",
    [
        "http://shop.example/i.jpg",
        "javascript:alert(1)",
        "https://me@evil.example/i",
        "//x/i",
        "h:",
    ],
)
async def test_only_pictures_over_https_are_shown(visited: Visited, image: str) -> None:
    await sell(visited, image_url=image)
    answer = await visited.browser.get("/l/Productlink1", headers=PREVIEW)
    assert "og:image" not in answer.text
    assert '<meta name="twitter:card" content="summary">' in answer.text


async def test_what_a_store_told_is_only_text(visited: Visited) -> None:
    evil = "\"><script>alert(1)</script><meta http-equiv='refresh' content='0;//evil'>"
    await sell(visited, name=evil, brand=evil, image_url=f"https://shop.example/{evil}")
    answer = await visited.browser.get("/l/Productlink1", headers=PREVIEW)
    assert "<script" not in answer.text
    assert "http-equiv" not in answer.text.replace("meta http-equiv=&#x27;refresh", "")
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.rule("US-6")
async def test_to_open_the_way_out_changes_nothing_and_to_confirm_it_does(visited: Visited) -> None:
    for _ in range(2):
        answer = await visited.browser.get(f"/l/{OUT}")
        assert answer.status_code == 200
        assert '<form method="post">' in answer.text
        assert "Acme &amp; Söhne" in answer.text
    await visited.browser.head(f"/l/{OUT}")
    await visited.browser.get(f"/l/{OUT}", headers=PREVIEW)
    assert visited.left == []
    answer = await visited.browser.post(f"/l/{OUT}")
    assert answer.status_code == 200
    assert [link.token for link in visited.left] == [OUT]
    assert visited.clicks == []


async def test_a_link_to_a_page_takes_no_post(visited: Visited) -> None:
    answer = await visited.browser.post(LINK)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert (await visited.browser.put(f"/l/{OUT}")).status_code == 405
    assert visited.left == []


async def test_a_database_that_fails_is_a_pause_and_not_the_end(visited: Visited) -> None:
    async def fail(query: object) -> object:
        raise StorageError("the disk is away")

    visited.database.read = fail
    answer = await visited.browser.get(LINK)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "disk" not in answer.text


async def test_a_database_that_does_not_answer_is_waited_for_so_long(
    visited: Visited, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(query: object) -> object:
        return await asyncio.Event().wait()

    monkeypatch.setattr(module, "PATIENCE", 0.01)
    visited.database.read = hang
    assert (await visited.browser.get(LINK)).status_code == 503


async def test_a_fault_of_ours_is_logged_and_answered(visited: Visited) -> None:
    async def fail(query: object) -> object:
        raise RuntimeError("a fault")

    visited.database.read = fail
    with capture_logs() as logs:
        answer = await visited.browser.get(LINK)
    assert answer.status_code == 500
    assert "fault" not in answer.text
    assert [line["event"] for line in logs] == ["link_not_answered"]
