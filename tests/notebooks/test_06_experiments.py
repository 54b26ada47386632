"""06-experiments finds sound draws, and whom messages truly move, on any seed."""

from __future__ import annotations

from pathlib import Path

import pytest
from notebooks.running import NUMBER, figures, run, words


@pytest.mark.timeout(300)
def test_the_claims_hold_and_nothing_looks_like_a_number(demo: Path) -> None:
    """Every cell's assertion of what is true holds, and the page names no phone."""
    told = run("06-experiments", demo)
    assert "30-59, 60-89, 90-120." in words(told)
    assert len(figures(told)) == 6
    assert not NUMBER.search(words(told))
