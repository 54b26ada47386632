"""02-campaigns calls no campaign paid that truly brought nothing, on any seed."""

from __future__ import annotations

from pathlib import Path

import pytest
from notebooks.running import NUMBER, figures, run, words

from scoring.reports import execute, notebooks_folder


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
    page = notebooks_folder() / "02-campaigns.ipynb"
    told = execute(page, {"CAMPAIGN": "flash-sale-17"}, environ={"LAKE": str(demo)})
    assert "Campaigns: 1;" in words(told)
    assert "**paid** (1): flash-sale-17" in words(told)
    assert "news" not in words(told)
