"""Names under which the console answers: ours, this machine's, addresses; nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.visitors import Visited, read_settings

from gateway.access import Right, Role
from gateway.web.guard.hosts import is_known_host


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8025", True),
        ("localhost:8025", True),
        ("LOCALHOST", True),
        ("shop.localhost:8025", True),
        ("[::1]:8025", True),
        ("192.168.1.7:8025", True),
        ("console.example", True),
        ("console.example:443", True),
        ("console.example.", True),
        ("evil.example:8025", False),
        ("console.example.evil.example", False),
        ("localhost.evil.example", False),
        ("notlocalhost", False),
        ("127.0.0.1.evil.example", False),
        ("127.0.0.1@evil.example", False),
        ("", False),
        ("[", False),
    ],
)
def test_who_is_known(tmp_path: Path, host: str, known: bool) -> None:
    settings = read_settings(tmp_path, 'url = "https://console.example"')
    assert is_known_host(host, settings.console) is known


async def test_a_page_that_had_its_name_lead_here_gets_nothing(guarded: Visited) -> None:
    """The attack: the victim is signed in, and the stranger's name now leads to the console."""
    async with await guarded.signed_in(Role.ADMIN) as browser:
        assert (await browser.get("/page")).status_code == 200
        answer = await browser.get("/page", headers={"host": "evil.example:8025"})
    assert answer.status_code == 421
    assert "evil.example" not in answer.text
    assert "admin" not in answer.text


async def test_a_program_asks_under_whatever_name_its_machine_has(guarded: Visited) -> None:
    """No page of a browser can show a token that it does not know."""
    async with await guarded.program(Right.READ) as program:
        answer = await program.get("/api/thing", headers={"host": "box.lan:8025"})
    assert answer.status_code == 200
