"""03-customers names segments, cohorts and value, and is near the truth on any seed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from notebooks.browser import look
from notebooks.running import NUMBER, figures, run, words

from scoring.reports.execution import NotebookFailedError
from scoring.simulate import DemoShop, simulate


@pytest.mark.timeout(300)
def test_the_claims_hold_and_nothing_looks_like_a_number(demo: Path, tmp_path: Path) -> None:
    """Every cell's assertion of what is true holds; the page draws and names no phone."""
    told = run("03-customers", demo)
    assert "**best**" in words(told)
    assert not NUMBER.search(words(told))
    seen = look(told, tmp_path)
    assert (seen.figures, seen.complaints, seen.code) == (len(figures(told)), [], False)
    assert seen.figures == 7


@pytest.mark.timeout(300)
def test_a_short_history_ends_in_one_sentence(tmp_path: Path) -> None:
    """What cannot be learnt from is said, where a model would fail with a traceback."""
    lake = simulate(tmp_path / "lake", DemoShop(customers=200, days=120))
    shutil.rmtree(lake / "truth")
    with pytest.raises(NotebookFailedError, match="181 days are needed to learn from"):
        run("03-customers", lake)
