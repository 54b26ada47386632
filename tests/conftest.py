"""What every folder of tests has."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

pytest_plugins = ["support.plugin"]


@pytest.fixture(scope="session", autouse=True)
def _no_loop_left_open() -> Iterator[None]:
    """Keep looptime from making an event loop in tests that have none, which nobody would close."""
    asyncio.set_event_loop(None)
    yield
    asyncio.set_event_loop(None)
