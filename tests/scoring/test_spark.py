"""The same features on Spark as on DuckDB: whole numbers to the last digit, the rest to 1e-9."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.scoring.shop import Shop, shop_lake
from scoring.engine import connect
from scoring.errors import ScoringError
from scoring.features import NAMES, features
from scoring.lake import Lake
from scoring.lake.importers import import_file
from tests.scoring.conftest import DATA
from tests.scoring.on_spark import stacked

SECONDS = 300
"""Starting Java and compiling for it is what takes time; a busy machine multiplies it."""

pytestmark = [
    pytest.mark.timeout(SECONDS + 60),
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
]

LAST = {"simulated": date(2026, 6, 30), "online_retail": date(2011, 12, 9)}

WHOLE = [name for name in NAMES if "value" not in name and not name.endswith(("_mean", "_sd"))]
WHOLE = [name for name in WHOLE if not name.startswith(("share", "since_", "returned", "report"))]
WHOLE = [name for name in WHOLE if name != "weekend"]
"""Features that are counts or days."""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A simulated shop with messages, clicks and replies; and the real one where it is there."""
    place = tmp_path_factory.mktemp("lakes")
    shop = Shop(people=2_000, orders=20_000, days=500, messages=8.0, until=LAST["simulated"])
    found = {"simulated": shop_lake(place / "simulated", shop)}
    lines = DATA / "orders" / "order_lines.parquet"
    if lines.is_file():
        import_file(lines, place / "real", store="uk", currency="GBP")
        found["online_retail"] = place / "real"
    return found


@pytest.fixture(scope="module")
def computed(
    folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, pd.DataFrame]:
    """Features of all lakes and snapshots of one, from one Spark that ends without complaint."""
    out = tmp_path_factory.mktemp("spark")
    pairs = [word for name, folder in folders.items() for word in (str(folder), str(LAST[name]))]
    script = Path(__file__).with_name("on_spark.py")
    command = [sys.executable, str(script), str(out), *pairs]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=SECONDS, check=False, cwd=script.parents[2]
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert " ERROR " not in done.stderr
    files = {name: f"features-{number}.parquet" for number, name in enumerate(folders)}
    files["snapshots"] = "snapshots.parquet"
    return {name: pd.read_parquet(out / file) for name, file in files.items()}


@pytest.mark.parametrize("name", LAST)
def test_both_engines_agree(
    name: str, folders: dict[str, Path], computed: dict[str, pd.DataFrame]
) -> None:
    """Every column; sums of money may differ in their last digits."""
    if name not in folders:
        pytest.skip(f"no {DATA}: the real data is not beside the project")
    here = features(Lake(folders[name]), LAST[name])
    assert len(here) > 1_000
    assert here.notna().any().sum() >= 30
    _same(computed[name], here)


def test_snapshots_agree(folders: dict[str, Path], computed: dict[str, pd.DataFrame]) -> None:
    """The labels as well, and two cut-offs in one query."""
    there = computed["snapshots"]
    stack = stacked(Lake(folders["simulated"]), LAST["simulated"])
    _same(there[list(NAMES)], stack.X)
    assert (there["purchases"].to_numpy() == stack.purchases).all()
    assert (there["cutoff"].to_numpy() == stack.cutoff).all()
    np.testing.assert_allclose(there["spend"], stack.spend, rtol=1e-9)


def _same(there: pd.DataFrame, here: pd.DataFrame) -> None:
    assert there.index.tolist() == here.index.tolist()
    pd.testing.assert_frame_equal(there[WHOLE], here[WHOLE], check_exact=True)
    # A spread of 0 has digits of which nothing relative can be said.
    pd.testing.assert_frame_equal(there[list(NAMES)], here[list(NAMES)], rtol=1e-9, atol=1e-9)


def test_an_engine_that_is_not_there_is_named() -> None:
    """With those that are."""
    with pytest.raises(ScoringError, match="no engine 'polars'; there are: duckdb, spark"):
        connect("polars")
