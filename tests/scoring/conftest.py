"""Real data for the tests of scoring, where it lies beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def _folder(name: str) -> Path:
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"no {folder}: the real data is not beside the project")
    return folder


@pytest.fixture(scope="session")
def orders_data() -> Path:
    """Online Retail II (its README says what is in it)."""
    return _folder("orders")


@pytest.fixture(scope="session")
def experiment_data() -> Path:
    """Hillstrom's e-mail experiment."""
    return _folder("experiment")


@pytest.fixture(scope="session")
def bandit_data() -> Path:
    """Open Bandit, men, random policy."""
    return _folder("bandit")
