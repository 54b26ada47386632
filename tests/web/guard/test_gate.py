"""What goes with every answer, and what is too much to be read."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs
from support.visitors import OURS, Visited

from gateway.access import Right, Role
from gateway.web.guard.gate import MOST_BODY


@pytest.mark.parametrize("path", ["/page", "/nothing", "/api/thing", "/openapi.json"])
async def test_every_answer_has_the_headers(guarded: Visited, path: str) -> None:
    async with guarded.browser() as browser:
        headers = (await browser.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


async def test_a_refusal_of_the_gate_has_them_too(guarded: Visited) -> None:
    async with guarded.browser() as browser:
        answer = await browser.get("/page", headers={"host": "evil.example"})
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("path", ["/stumble", "/api/stumble"])
async def test_a_fault_of_ours_has_them_and_tells_nothing_of_it(
    guarded: Visited, path: str
) -> None:
    async def stumble() -> None:
        raise ValueError("the secret of the house")

    guarded.site.add_api_route(path, stumble)
    with capture_logs() as logs:
        async with guarded.browser() as browser:
            answer = await browser.get(path)
    assert answer.status_code == 500
    assert "content-security-policy" in answer.headers
    assert ("<main" in answer.text) is not path.startswith("/api/")
    assert "secret" not in answer.text
    [logged] = [entry for entry in logs if entry["event"] == "request_failed"]
    assert logged["id"] in answer.text


async def test_over_tls_it_stays_with_tls(guarded_by_tls: Visited) -> None:
    async with guarded_by_tls.browser(base="https://console.example") as browser:
        assert "strict-transport-security" in (await browser.get("/page")).headers


@pytest.mark.parametrize("told", [True, False])
async def test_a_body_without_end_is_not_read(guarded: Visited, told: bool) -> None:
    """The attack: a gigabyte to whoever reads forms. Whether its length is told or not."""
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100 * MOST_BODY:
            sent += 65536
            yield b"x" * 65536

    headers = {"content-length": str(100 * MOST_BODY)} if told else {}
    headers["content-type"] = "application/json"
    async with await guarded.program(Right.SEND) as program:
        answer = await program.post("/api/thing", content=body(), headers=headers)
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"
    assert sent <= 2 * MOST_BODY


async def test_what_fits_is_read(guarded: Visited) -> None:
    async with await guarded.signed_in(Role.OPERATOR) as browser:
        answer = await browser.post("/api/thing", json={"a": "x" * 900_000}, headers=OURS)
    assert answer.status_code == 200
