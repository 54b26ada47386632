"""Fixtures of the modem's tests; what they are made of is in `bench` and `peer`."""

from __future__ import annotations

import pytest

from tests.modem.bench import MemorySink
from tests.modem.peer import Peer


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()
