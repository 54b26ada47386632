"""The gate compares a campaign's hours with those that the campaign could have taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.lake import Lake
from scoring.pipeline.gate import decide
from scoring.pipeline.ground import Ground
from scoring.simulate import DemoShop, simulate
from scoring.timing.gate import Level


@pytest.mark.timeout(240)
def test_hours_of_campaigns_on_single_days_are_told(tmp_path: Path) -> None:
    """Campaigns of other weekdays were no choice: with them every policy would seem unknown."""
    lake = Lake(simulate(tmp_path / "lake", DemoShop(customers=4_000, explored=1.0)))
    evidence = decide(Ground(lake, "demo"))
    sends = evidence.drawn()
    assert sends.hours.tolist() == list(range(8, 22))
    assert sends.personal.max() < len(sends.hours)
    assert evidence.verdict.level is Level.PERSONAL
