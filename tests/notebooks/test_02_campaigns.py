"""02-campaigns calls no campaign paid that truly brought nothing, on any seed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from notebooks.running import NUMBER, figures, run, words

from scoring.reports import execute, notebooks_folder
from scoring.simulate import DemoShop, simulate

PAGE = notebooks_folder() / "02-campaigns.ipynb"


@pytest.mark.timeout(300)
def test_the_claims_hold_and_nothing_looks_like_a_number(demo: Path) -> None:
    """Every cell's assertion of what is true holds, and the page names no phone."""
    told = run("02-campaigns", demo)
    assert "flash-sale: **paid**" in words(told)
    assert len(figures(told)) == 5
    assert not NUMBER.search(words(told))


@pytest.mark.timeout(300)
def test_one_campaign_has_a_page_of_its_own(demo: Path) -> None:
    """What the owner asks of one campaign is told of that one alone."""
    told = execute(PAGE, {"CAMPAIGN": "flash-sale-17"}, environ={"LAKE": str(demo)})
    assert "Campaigns: 1;" in words(told)
    assert "**paid** (1): flash-sale-17" in words(told)
    assert "news" not in words(told)


@pytest.mark.timeout(300)
def test_what_is_not_known_is_said_and_the_rest_is_told(tmp_path: Path) -> None:
    """A campaign of yesterday has clicks and no verdict; a shop without holdouts none at all."""
    lake = simulate(tmp_path / "lake", DemoShop(customers=1000, days=120))
    young = execute(PAGE, {"CAMPAIGN": "survey-04"}, environ={"LAKE": str(lake)})
    assert "**too early** (1): survey-04" in words(young)
    for name in ("assignments", "costs", "truth"):
        shutil.rmtree(lake / name)
    blind = words(execute(PAGE, environ={"LAKE": str(lake)}))
    assert "what they brought is not known" in blind
    assert "EUR for them: unknown" in blind
    assert "**no holdout** (3)" in blind
    assert "✗" not in blind
