"""What every folder of tests has."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

# Nothing here judges by the clock: a busy machine is no fault of the code.
settings.register_profile(
    "house", settings.get_profile(settings.get_current_profile_name()), deadline=None
)
settings.load_profile("house")

# What a shell starts in the background has interruptions ignored, and so has what that starts. A
# handler of ours is none of theirs, and gives them back what they would do.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What tests start would compile all that it imports, every time: most of a start of `shopbell`.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

pytest_plugins = ["support.databases", "support.detector", "support.plugin"]

SLOW = (
    "faults",
    "season",
    "integration",
    "browser",
    "notebooks",
    "scoring",
    "lake",
    "test_bench.py",
)
"""Folders that take longest: first those whose tests run processes against each other in real time,
then those that compute."""


def pytest_addoption(parser: pytest.Parser) -> None:
    stick = parser.getgroup("modem", "a real stick")
    stick.addoption("--modem", metavar="PORT", help="run the modem's contract on this stick too")
    stick.addoption(
        "--modem-number", metavar="+NUMBER", help="who gets its messages: a number of yours"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes minutes, so that no worker is left alone with it in the end."""
    items.sort(key=lambda item: _rank(item.path.parts))


def _rank(parts: tuple[str, ...]) -> int:
    return next((rank for rank, name in enumerate(SLOW) if name in parts), len(SLOW))


@pytest.fixture(scope="session", autouse=True)
def _no_loop_left_open() -> Iterator[None]:
    """Keep looptime from making an event loop in tests that have none, which nobody would close."""
    asyncio.set_event_loop(None)
    yield
    asyncio.set_event_loop(None)


@pytest.fixture(scope="session", autouse=True)
def _as_important_as_before() -> Iterator[None]:
    """Fail a run in which a test made its own process modest: all after it would starve."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    yield
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
