"""How much a shop sends is for this machine and for whoever has the right, and nobody else."""

from __future__ import annotations

import httpx
import pytest
from support.visitors import Visited

from gateway.access import Right, Role
from gateway.web.metrics.door import OF_PROXIES, is_this_machine

LOCAL = "http://127.0.0.1:8025"


async def ask(browser: httpx.AsyncClient, **headers: str) -> int:
    async with browser:
        return (await browser.get("/metrics", headers=headers)).status_code


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
async def test_this_machine_reads_without_a_token(watched: Visited, address: str) -> None:
    assert await ask(watched.browser(address=address)) == 200


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "::ffff:192.0.2.1", "2001:db8::1"])
async def test_another_machine_does_not(watched: Visited, address: str) -> None:
    assert await ask(watched.browser(address=address)) == 401


@pytest.mark.parametrize("header", OF_PROXIES)
async def test_a_proxy_on_this_machine_is_not_this_machine(watched: Visited, header: str) -> None:
    """The attack: the internet asks, and the proxy's own address is the loopback."""
    assert await ask(watched.browser(address="127.0.0.1"), **{header: "192.0.2.1"}) == 401


async def test_a_console_behind_a_proxy_believes_no_loopback(watched_by_tls: Visited) -> None:
    """The attack: the same, through a proxy that says of nobody for whom it asks."""
    assert await ask(watched_by_tls.browser(address="127.0.0.1")) == 401


def test_a_name_that_is_not_ours_is_not_this_machine() -> None:
    assert is_this_machine("127.0.0.1", {"host": "localhost:8025"})
    assert is_this_machine("::1", {"host": "[::1]:8025"})
    for host in ("shop.example", "192.0.2.1:8025", "", "[", "127.0.0.1.shop.example"):
        assert not is_this_machine("127.0.0.1", {"host": host})
    assert not is_this_machine(None, {"host": "localhost"})
    assert not is_this_machine("testclient", {"host": "localhost"})


async def test_a_token_with_the_right_reads(watched: Visited) -> None:
    assert await ask(await watched.program(Right.METRICS)) == 200


async def test_a_token_without_it_does_not(watched: Visited) -> None:
    assert await ask(await watched.program(Right.READ, Right.ADMIN)) == 403


async def test_a_token_of_one_store_does_not_read_of_all(watched: Visited) -> None:
    assert await ask(await watched.program(Right.METRICS, store="acme")) == 403


async def test_a_viewer_reads_in_the_browser(watched: Visited) -> None:
    assert await ask(await watched.signed_in(Role.VIEWER)) == 200
