"""``shopbell score run --engine spark`` gives the same advice as DuckDB does."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from support.command import Shopbell

from tests.scoring.pipeline.shops import Shop, lake_of

SECONDS = 300
"""Starting Java and compiling for it is what takes time; a busy machine multiplies it."""

NUMBERS = ["churn", "value", "value_low", "value_high"]

pytestmark = [
    pytest.mark.timeout(2 * SECONDS),
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
]


def on_spark(*words: str) -> subprocess.CompletedProcess[str]:
    """Run ``shopbell`` in a process of its own, as Java outlives every attempt to close it."""
    return subprocess.run(
        [sys.executable, "-c", "from gateway.cli import main; main()", *words],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_both_engines_give_the_same_scores(shopbell: Shopbell, tmp_path: Path) -> None:
    """Every column; amounts may differ in their last digits."""
    lake_of(tmp_path / "lake", Shop(people=120))
    assert shopbell("score", "train", "lake", "models").code == 0
    assert shopbell("score", "run", "lake", "models", "duckdb.parquet").code == 0
    done = on_spark("score", "run", "lake", "models", "spark.parquet", "--engine", "spark")
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout.splitlines()[-1] == "spark.parquet: 120 people, as of 2026-06-30"
    here, there = (
        pd.read_parquet(f"{name}.parquet").set_index("person_id").sort_index()
        for name in ("duckdb", "spark")
    )
    assert here[NUMBERS].notna().sum().min() > 50
    pd.testing.assert_frame_equal(there[NUMBERS], here[NUMBERS], rtol=1e-9, atol=1e-9)
    exact = here.columns.difference([*NUMBERS, "made_at"])
    pd.testing.assert_frame_equal(there[exact], here[exact], check_exact=True)
