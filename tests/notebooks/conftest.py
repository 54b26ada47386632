"""Demo lakes of several seeds, each made once a worker."""

from __future__ import annotations

from pathlib import Path

import pytest
from notebooks.running import CUSTOMERS, SEEDS

from scoring.simulate import DemoShop, simulate


@pytest.fixture(scope="session", params=SEEDS, ids=lambda seed: f"seed{seed}")
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo lake."""
    place = tmp_path_factory.mktemp(f"demo{request.param}")
    return simulate(place / "lake", DemoShop(customers=CUSTOMERS, seed=request.param))
