"""What changes something is asked by our own pages, or by a program with a token."""

from __future__ import annotations

import pytest
from support.visitors import ADDRESS, OURS, Visited

from gateway.access import Right, Role
from gateway.web.guard.same_site import is_ours

HTTPS = "https://console.example"


@pytest.mark.parametrize(
    ("headers", "own", "ours"),
    [
        ({"sec-fetch-site": "same-origin"}, None, True),
        ({"sec-fetch-site": "none"}, None, True),
        ({"sec-fetch-site": "same-site"}, None, False),
        ({"sec-fetch-site": "cross-site"}, None, False),
        # What the browser says of the site goes before what else is there.
        ({"sec-fetch-site": "cross-site", "origin": "http://box:8025"}, None, False),
        ({"origin": "http://box:8025"}, None, True),
        ({"origin": "http://box:9999"}, None, False),
        ({"origin": "http://evil.example"}, None, False),
        ({"origin": "http://evil.example/box:8025"}, None, False),
        ({"origin": "null"}, None, False),
        ({"origin": ""}, None, False),
        ({"origin": "http://[:8025"}, None, False),
        ({"origin": HTTPS}, HTTPS, True),
        ({"origin": "http://console.example", "host": "console.example"}, HTTPS, False),
        ({"origin": HTTPS, "host": "console.example:443"}, None, True),
        ({}, None, False),
        ({"authorization": "Bearer x"}, None, True),
        ({"authorization": "Basic x"}, None, False),
    ],
)
def test_who_may_change_something(headers: dict[str, str], own: str | None, ours: bool) -> None:
    given = {"host": "box:8025"} | headers
    assert is_ours("POST", given, has_cookie=True, own=own) is ours
    assert is_ours("GET", given, has_cookie=True, own=own)


def test_a_program_without_a_cookie_is_nobodys_victim() -> None:
    assert is_ours("POST", {"host": "box"}, has_cookie=False, own=None)
    assert not is_ours("POST", {"sec-fetch-site": "cross-site"}, has_cookie=False, own=None)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_form_of_another_site_does_nothing(guarded: Visited, method: str) -> None:
    """The attack: an operator who is signed in opens a page that posts to the console."""
    async with await guarded.signed_in(Role.OPERATOR) as browser:
        assert (await browser.post("/page", headers=OURS)).status_code == 200
        for headers in (
            {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
            {"sec-fetch-site": "same-site"},
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {},
        ):
            answer = await browser.request(method, "/page", headers=headers)
            assert answer.status_code == 403, headers
            assert answer.text != '"done"'


async def test_an_old_browser_of_ours_is_known_by_the_origin(guarded: Visited) -> None:
    async with await guarded.signed_in(Role.OPERATOR) as browser:
        assert (await browser.post("/page", headers={"origin": ADDRESS})).status_code == 200


async def test_a_program_needs_no_site(guarded: Visited) -> None:
    async with await guarded.program(Right.SEND) as program:
        assert (await program.post("/api/thing", json={})).status_code == 200


async def test_with_a_cookie_the_api_is_guarded_alike(guarded: Visited) -> None:
    async with await guarded.signed_in(Role.OPERATOR) as browser:
        answer = await browser.post("/api/thing", json={}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "other_site"
