"""Fixtures of the modem's tests; what they are made of is in `bench` and `peer`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.modem.bench import MemorySink
from tests.modem.peer import Peer

TRANSCRIPTS = Path(__file__).parents[3] / "shared" / "data" / "modem" / "transcripts"


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture(scope="session")
def transcripts() -> Path:
    if not TRANSCRIPTS.is_dir():
        pytest.skip("the transcripts of real modems are not on this machine")
    return TRANSCRIPTS
