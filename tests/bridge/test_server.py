"""The bridge's addresses: who is let in, what each fault is answered with, and when it is 200."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from support.bridging import Wire
from support.hooks import (
    SEGMENT_KEY,
    SHOPIFY_ORDER,
    SHOPIFY_PRODUCT,
    SHOPIFY_REFUND,
    WOO_ORDER,
    WOO_SECRET,
    shopify_call,
    signed,
    track,
    woo_call,
)

from gateway.mqtt import BrokerLostError

SHOPIFY = "/shopify/acme"
WOO = "/woocommerce/acme"


def events(wire: Wire) -> list[dict[str, Any]]:
    assert {topic for topic, _ in wire.published} <= {"shopbell/v1/acme/events"}
    return [json.loads(payload) for _, payload in wire.published]


async def post(
    client: httpx.AsyncClient, path: str, body: bytes, headers: dict[str, str]
) -> httpx.Response:
    return await client.post(path, content=body, headers=headers)


async def test_a_webhook_of_shopify_is_an_event_under_its_id(
    client: httpx.AsyncClient, wire: Wire
) -> None:
    answer = await post(client, SHOPIFY, *shopify_call("orders/create", SHOPIFY_ORDER))
    assert (answer.status_code, answer.json()) == (200, {"events": 1})
    [event] = events(wire)
    assert (event["id"], event["type"]) == ("w-1", "shop.order.completed.v1")
    assert event["source"] == "acme.myshopify.example"


async def test_a_webhook_of_woocommerce_is_an_event_under_its_id(
    client: httpx.AsyncClient, wire: Wire
) -> None:
    answer = await post(client, WOO, *woo_call("order.created", WOO_ORDER))
    assert (answer.status_code, answer.json()) == (200, {"events": 1})
    [event] = events(wire)
    assert (event["id"], event["source"]) == ("d-1", "https://shop.example/")


async def test_the_ping_of_a_new_webhook_is_answered(client: httpx.AsyncClient, wire: Wire) -> None:
    """It is a form, and not signed."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await post(client, WOO, b"webhook_id=7", form)
    assert (answer.status_code, wire.published) == (200, [])
    for body in (b"webhook_id=7&x=1", b'{"webhook_id": 7}'):
        assert (await post(client, WOO, body, form)).status_code == 401
    assert (await post(client, "/woocommerce/other", b"webhook_id=7", form)).status_code == 404


@pytest.mark.parametrize(
    ("path", "call", "header"),
    [
        (SHOPIFY, shopify_call("orders/create", SHOPIFY_ORDER), "X-Shopify-Hmac-Sha256"),
        (WOO, woo_call("order.created", WOO_ORDER), "X-WC-Webhook-Signature"),
    ],
)
async def test_who_cannot_sign_is_not_let_in(
    client: httpx.AsyncClient,
    wire: Wire,
    path: str,
    call: tuple[bytes, dict[str, str]],
    header: str,
) -> None:
    body, headers = call
    wrong = ["", "x", "é", signed(body, "another"), signed(body + b" ", WOO_SECRET)]
    for signature in wrong:
        answer = await client.post(
            path,
            content=body,
            headers={**headers, header: signature.encode()},  # type: ignore[dict-item]
        )
        assert answer.status_code == 401
    unsigned = {key: value for key, value in headers.items() if key != header}
    assert (await post(client, path, body, unsigned)).status_code == 401
    assert wire.published == []


@pytest.mark.rule("G-15")
async def test_a_store_is_told_nothing_by_the_secret_of_another(
    client: httpx.AsyncClient, wire: Wire
) -> None:
    answer = await post(client, "/shopify/other", *shopify_call("orders/create", SHOPIFY_ORDER))
    assert answer.status_code == 401
    for path in ("/shopify/nobody", "/woocommerce/other", "/nothing"):
        call = shopify_call("orders/create", SHOPIFY_ORDER)
        assert (await post(client, path, *call)).status_code == 404
    assert (await client.get(SHOPIFY)).status_code == 405
    assert wire.published == []


async def test_while_the_broker_is_away_the_shop_comes_again(
    client: httpx.AsyncClient, wire: Wire
) -> None:
    wire.trouble = BrokerLostError("gone")
    call = shopify_call("products/create", SHOPIFY_PRODUCT)
    answer = await post(client, SHOPIFY, *call)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert (await client.get("/healthz")).status_code == 503
    wire.trouble = None
    assert (await client.get("/healthz")).status_code == 200
    assert (await post(client, SHOPIFY, *call)).status_code == 200
    assert [event["data"]["properties"]["change"] for event in events(wire)] == ["new"]


async def test_the_same_webhook_twice_tells_nothing_else(
    client: httpx.AsyncClient, wire: Wire
) -> None:
    """What was remembered by the first would make another event of the second, a conflict."""
    call = shopify_call("products/create", SHOPIFY_PRODUCT)
    for told in (1, 0):
        assert (await post(client, SHOPIFY, *call)).json() == {"events": told}
    order = shopify_call("orders/create", SHOPIFY_ORDER, "w-2")
    for _ in range(2):
        assert (await post(client, SHOPIFY, *order)).json() == {"events": 1}
    _, first, second = events(wire)
    assert first == second


async def test_refunds_are_added_up_over_the_file(client: httpx.AsyncClient, wire: Wire) -> None:
    for number, total in ((1, "23.90"), (2, "47.80")):
        call = shopify_call("refunds/create", SHOPIFY_REFUND | {"id": number}, f"r-{number}")
        assert (await post(client, SHOPIFY, *call)).status_code == 200
        assert events(wire)[-1]["data"]["properties"]["total"] == total


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"x" * (1024 * 1024 + 1), 413, "1 MiB"),
        (b"{", 400, "not JSON"),
        (b"[]", 400, "must be a JSON object"),
        (b'{"id": 1, "id": 2}', 400, "twice"),
        (b"\xff", 400, "UTF-8"),
        (b"[" * 100_000, 400, "nested"),
        (json.dumps({"id": 1, "customer": {"id": 2}}).encode(), 422, "total_price is required"),
        (
            json.dumps(SHOPIFY_ORDER | {"currency": "EURO"}).encode(),
            422,
            "currency must be a currency of ISO 4217",
        ),
    ],
)
async def test_what_cannot_be_read_is_refused_with_its_reason(
    client: httpx.AsyncClient, wire: Wire, body: bytes, status: int, says: str
) -> None:
    _, headers = shopify_call("orders/create", {})
    headers["X-Shopify-Hmac-Sha256"] = signed(body, "hush-hush")
    answer = await post(client, SHOPIFY, body, headers)
    assert (answer.status_code, wire.published) == (status, [])
    assert says in answer.json()["error"]


async def test_a_body_that_is_too_large_is_not_read_to_its_end(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100:
            sent += 1
            yield b"x" * 64 * 1024

    answer = await client.post(SHOPIFY, content=endless())
    assert answer.status_code == 413
    assert sent < 20


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"X-Shopify-Topic": "orders/edited"}, 422, "orders/create"),
        ({"X-Shopify-Topic": ""}, 400, "X-Shopify-Topic is required"),
        ({"X-Shopify-Webhook-Id": ""}, 400, "X-Shopify-Webhook-Id is required"),
        ({"X-Shopify-Webhook-Id": "a b"}, 400, "X-Shopify-Webhook-Id is required"),
        ({"X-Shopify-Shop-Domain": "evil.example/x?"}, 400, "X-Shopify-Shop-Domain"),
    ],
)
async def test_each_header_is_needed(
    client: httpx.AsyncClient, changes: dict[str, str], status: int, says: str
) -> None:
    body, headers = shopify_call("orders/create", SHOPIFY_ORDER)
    answer = await post(client, SHOPIFY, body, headers | changes)
    assert answer.status_code == status
    assert says in answer.json()["error"]


ORDER = track(
    "Order Completed",
    order_id="1001",
    total=51.75,
    revenue=47.8,
    currency="GBP",
    products=[{"product_id": "p1", "price": 23.9, "quantity": 2}],
)


async def test_segments_call_is_known_by_its_write_key(
    client: httpx.AsyncClient, wire: Wire
) -> None:
    answer = await client.post("/v1/track", json=ORDER, auth=(SEGMENT_KEY, ""))
    assert answer.json() == {"success": True, "events": 1}
    [event] = events(wire)
    assert (event["id"], event["data"]["userId"]) == ("m-1", "8812")
    for auth in (("another", ""), ("", ""), None):
        answer = await client.post("/v1/track", json=ORDER, auth=auth)
        assert answer.status_code == 401
    for header in ("Basic ?", "Bearer write-key", "Basic"):
        answer = await client.post("/v1/track", json=ORDER, headers={"Authorization": header})
        assert answer.status_code == 401


async def test_one_wrong_message_takes_no_other_of_its_batch_along(
    client: httpx.AsyncClient, wire: Wire
) -> None:
    wrong = ORDER | {"messageId": "m-2", "properties": {"order_id": "1"}}
    batch = [wrong, ORDER, {"type": "page", "messageId": "m-3"}, 7, {"type": "track"}]
    answer = await client.post("/v1/batch", json={"batch": batch}, auth=(SEGMENT_KEY, ""))
    said = answer.json()
    assert (answer.status_code, said["events"], len(wire.published)) == (200, 1, 1)
    assert [one["message"] for one in said["refused"]] == [0, 3, 4]
    assert "is required" in said["refused"][0]["reason"]
    alone = await client.post("/v1/batch", json={"batch": [wrong]}, auth=(SEGMENT_KEY, ""))
    assert alone.status_code == 422
    none = await client.post("/v1/batch", json={"batch": "x"}, auth=(SEGMENT_KEY, ""))
    assert none.status_code == 400


async def test_a_batch_comes_again_as_a_whole_when_the_broker_is_away(
    client: httpx.AsyncClient, wire: Wire
) -> None:
    wire.trouble = BrokerLostError("gone")
    answer = await client.post("/v1/batch", json={"batch": [ORDER]}, auth=(SEGMENT_KEY, ""))
    assert answer.status_code == 503


@pytest.mark.rule("G-14")
async def test_nothing_of_a_person_is_logged(client: httpx.AsyncClient, logged: list[Any]) -> None:
    await post(client, SHOPIFY, *shopify_call("orders/create", SHOPIFY_ORDER))
    wrong = SHOPIFY_ORDER | {"currency": "07700 900123", "total_price": "Ada"}
    await post(client, SHOPIFY, *shopify_call("orders/create", wrong))
    await post(client, WOO, *woo_call("order.created", WOO_ORDER | {"status": "trash"}))
    assert [one["event"] for one in logged] == ["call_told", "call_refused", "call_ignored"]
    for secret in ("900123", "Ada", "998123", "shop.example/1", "@"):
        assert secret not in str(logged)
