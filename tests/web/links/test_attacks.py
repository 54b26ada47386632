"""The redirect as an attacker sees it: nothing of a request leads anywhere."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.visiting import BROWSER, TOKEN, URL, Visited

from gateway.web.links import clients
from gateway.web.links.clients import BURST, MISS_BURST

LINK = f"/l/{TOKEN}"


async def ask(visited: Visited, path: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    """Ask as a client that sends what it likes, past every library that would tidy it up."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode("utf-8", "surrogateescape"),
        "query_string": b"next=https://evil.example&url=//evil.example",
        "scheme": "http",
        "client": ("192.0.2.9", 5),
        "headers": [(k.encode(), v.encode()) for k, v in (BROWSER | headers).items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await visited.site(scope, receive, send)
    start, *rest = sent
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    body = b"".join(one.get("body", b"") for one in rest)
    return {"status": start["status"], "headers": found, "body": body.decode()}


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example\r\nX: y"},
        {"x-forwarded-host": "evil.example"},
        {"forwarded": "host=evil.example;proto=https"},
        {"x-original-url": "//evil.example", "x-rewrite-url": "//evil.example"},
        {"referer": "https://evil.example/", "origin": "https://evil.example"},
        {"accept-language": "de\r\nLocation: https://evil.example", "cookie": "a=" + "b" * 4000},
    ],
)
async def test_no_header_leads_elsewhere(visited: Visited, headers: dict[str, str]) -> None:
    answer = await ask(visited, LINK, **headers)
    assert (answer["status"], answer["headers"]["location"]) == (302, URL)
    page = await ask(visited, "/l/Nothinghere1", **headers)
    assert "evil" not in page["body"]
    assert "location" not in page["headers"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/l",
        "/l/",
        f"/l/{TOKEN}/",
        f"/l/{TOKEN}//evil.example",
        f"//evil.example/l/{TOKEN}",
        f"/L/{TOKEN}",
        f"/l/../l/{TOKEN}",
        f"/x/l/{TOKEN}",
        f"/l/{TOKEN}\r\nLocation: https://evil.example",
        f"/l/{TOKEN}\x00",
        f"/l/{TOKEN}%00",
        f"/l/{TOKEN};x",
        "/l/https://evil.example",
        "/l//evil.example",
        "/l/\\evil.example",
        "/l/' OR '1'='1",
        "/l/%41bcdefghijkl",
        "/l/" + "A" * 100_000,
        "/l/\u0410bcdefghijkl",
        "/robots.txt",
        "/openapi.json",
        "/docs",
        "/metrics",
        "/api/v1/messages",
        "/.env",
    ],
)
async def test_no_other_path_answers(visited: Visited, path: str) -> None:
    answer = await ask(visited, path)
    assert answer["status"] == 404
    assert "location" not in answer["headers"]
    assert visited.clicks == []


async def test_a_token_is_told_by_its_capitals(visited: Visited) -> None:
    assert (await ask(visited, f"/l/{TOKEN.lower()}"))["status"] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "X"])
async def test_no_other_method_does_anything(visited: Visited, method: str) -> None:
    assert (await ask(visited, LINK, method))["status"] == 405
    assert visited.clicks == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(path=st.text(max_size=40), value=st.text(max_size=40))
async def test_whatever_is_asked_is_answered_and_leads_nowhere_else(
    visited: Visited, path: str, value: str
) -> None:
    visited.site._clients = type(visited.site._clients)()
    safe = value.encode("utf-8", "replace").decode()
    answer = await ask(visited, f"/l/{path}", **{"user-agent": safe, "host": safe})
    assert answer["status"] in (302, 404)
    assert answer["headers"].get("location", URL) == URL


@pytest.fixture
def unforgiving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no bucket fill up meanwhile, however slow the machine is."""
    monkeypatch.setattr(clients, "RATE", 0.0)
    monkeypatch.setattr(clients, "MISS_RATE", 0.0)


@pytest.mark.usefixtures("unforgiving")
async def test_who_guesses_is_answered_no_more_not_even_rightly(visited: Visited) -> None:
    guesser, other = visited.as_client("192.0.2.66"), visited.as_client("192.0.2.67")
    statuses = []
    for number in range(int(MISS_BURST) + 1):
        answer = await guesser.get(f"/l/Guess{number:05d}")
        statuses.append(answer.status_code)
    assert statuses == [404] * int(MISS_BURST) + [429]
    assert (await guesser.get(LINK)).status_code == 429
    assert (await other.get(LINK)).status_code == 302


@pytest.mark.usefixtures("unforgiving")
async def test_who_asks_without_end_is_told_to_wait(visited: Visited) -> None:
    client = visited.as_client("192.0.2.68")
    statuses = [(await client.get(LINK)).status_code for _ in range(int(BURST) + 5)]
    assert statuses == [302] * int(BURST) + [429] * 5


async def test_many_links_of_one_browser_are_a_machines(visited: Visited) -> None:
    for number in range(12):
        await visited.link(token=f"Manylinks{number:02d}")
        await visited.browser.get(f"/l/Manylinks{number:02d}")
    assert [click.machine for click in visited.clicks] == [None] * 10 + ["many_links"] * 2
