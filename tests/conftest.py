"""What every folder of tests has."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path

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

WAIT = ("faults", "integration", "browser", "recover")
"""Folders whose tests have processes work against each other in real time."""

COMPUTE = ("notebooks", "scoring", "season", "lake", "test_bench.py")
"""Folders whose tests take longest of those that compute."""


def pytest_addoption(parser: pytest.Parser) -> None:
    stick = parser.getgroup("modem", "a real stick")
    stick.addoption("--modem", metavar="PORT", help="run the modem's contract on this stick too")
    stick.addoption(
        "--modem-number", metavar="+NUMBER", help="who gets its messages: a number of yours"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes minutes: files that wait and files that compute in turns.

    So the processor has something to do while others wait, and no worker is left alone with a long
    file in the end.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    waiting = [path for path in files if _among(WAIT, path)]
    computing = [path for path in files if _among(COMPUTE, path)]
    others = [path for path in files if not _among(WAIT + COMPUTE, path)]
    turns = chain.from_iterable(zip_longest(waiting, computing + others))
    items[:] = [item for path in turns if path is not None for item in files[path]]


def _among(folders: tuple[str, ...], path: Path) -> bool:
    return not set(folders).isdisjoint(path.parts)


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
