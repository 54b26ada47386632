"""A shop whose campaigns are tested."""

from __future__ import annotations

import pytest
from support.campaigns import Campaigning
from support.deciding import Deciding
from support.world import World


@pytest.fixture
def shop(world: World) -> Campaigning:
    """On a clock that stands still, and without lines."""
    return Campaigning(Deciding(world))
