"""Desks about persons, over a queue of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.desks import Asking, desk_operations, settings_in
from support.world import World


@pytest.fixture
def ask(world: World, database_url: str, tmp_path: Path) -> Asking:
    """Asks a gateway with one store."""
    return Asking(desk_operations(world, database_url, settings_in(tmp_path)))
