"""Lakes of simulated shops, each made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.pipeline import train
from tests.scoring.pipeline.fakes import PARTS
from tests.scoring.pipeline.shops import Shop, lake_of


@pytest.fixture(scope="session")
def shop() -> Shop:
    return Shop()


@pytest.fixture(scope="session")
def lake(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop of 400 people over 500 days."""
    return lake_of(tmp_path_factory.mktemp("shop") / "lake", shop)


@pytest.fixture(scope="session")
def models(lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the quick part learnt from it."""
    folder = tmp_path_factory.mktemp("models")
    train(lake, folder, parts=PARTS)
    return folder
