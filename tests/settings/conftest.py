"""A place for a configuration and its secrets."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configuration import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a configuration beside its secrets."""
    (tmp_path / "mqtt.password").write_text("hunter2\n")
    (tmp_path / "m0.pin").write_text("1234\n")

    def put(text: str) -> Path:
        file = tmp_path / "shopbell.toml"
        file.write_text(text)
        return file

    return put
