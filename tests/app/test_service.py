"""What the service manager hears."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.app.service import ServiceManager


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[tuple[ServiceManager, socket.socket]]:
    """One that listens, and what it hears."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(1)
        yield ServiceManager(str(tmp_path / "notify")), heard


def test_each_word_is_a_datagram_of_its_own(
    manager: tuple[ServiceManager, socket.socket],
) -> None:
    us, heard = manager
    us.ready()
    us.alive()
    us.stopping()
    assert [heard.recv(200) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_a_reload_says_when_it_began(manager: tuple[ServiceManager, socket.socket]) -> None:
    """Without the time systemd takes no reload for one (sd_notify(3))."""
    us, heard = manager
    us.reloading()
    first, second = heard.recv(200).decode().split("\n")
    assert first == "RELOADING=1"
    assert int(second.removeprefix("MONOTONIC_USEC=")) > 0


def test_a_status_is_told_once_until_it_changes(
    manager: tuple[ServiceManager, socket.socket],
) -> None:
    us, heard = manager
    for text in ("1 of 2", "1 of 2", "2 of 2"):
        us.status(text)
    assert [heard.recv(200), heard.recv(200)] == [b"STATUS=1 of 2", b"STATUS=2 of 2"]
    heard.setblocking(False)
    with pytest.raises(BlockingIOError):
        heard.recv(200)


def test_an_abstract_name_is_understood() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind("\0shopbell-test-manager")
        ServiceManager("@shopbell-test-manager").ready()
        assert heard.recv(200) == b"READY=1"


def test_nobody_who_listens_is_logged_once_and_stops_nothing(tmp_path: Path) -> None:
    us = ServiceManager(str(tmp_path / "nobody"))
    with capture_logs() as logged:
        us.ready()
        us.alive()
    assert [event["event"] for event in logged] == ["service_manager_not_told"]


def test_a_manager_that_hangs_does_not_hold_us(
    manager: tuple[ServiceManager, socket.socket],
) -> None:
    """Its queue is full after some ten datagrams, and a blocking send would stop the loop."""
    us, _ = manager
    for _ in range(2000):
        us.alive()
