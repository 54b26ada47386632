"""04-churn holds the model against baselines and the truth, and says to how many writing pays."""

from __future__ import annotations

from pathlib import Path

import pytest
from notebooks.browser import look
from notebooks.running import NUMBER, figures, run, words


@pytest.mark.timeout(300)
def test_the_claims_hold_and_nothing_looks_like_a_number(demo: Path, tmp_path: Path) -> None:
    """Every cell's assertion of what is true holds; the page draws and names no phone."""
    told = run("04-churn", demo)
    assert "Writing pays above a chance of 67%" in words(told)
    assert not NUMBER.search(words(told))
    seen = look(told, tmp_path)
    assert (seen.figures, seen.complaints, seen.code) == (len(figures(told)), [], False)
    assert seen.figures == 5
