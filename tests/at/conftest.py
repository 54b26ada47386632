"""What the tests of the AT protocol share."""

from __future__ import annotations

from pathlib import Path

import pytest

TRANSCRIPTS = Path(__file__).parents[3] / "shared" / "data" / "modem" / "transcripts"


@pytest.fixture(scope="session")
def transcripts() -> Path:
    if not TRANSCRIPTS.is_dir():
        pytest.skip("the transcripts of real modems are not on this machine")
    return TRANSCRIPTS
