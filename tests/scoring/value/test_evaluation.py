"""The evaluation of value: one table for all models, and no label from beyond."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scoring.evaluation.value import OURS, STATISTICS, evaluate_value, tenths
from scoring.lake import Lake
from scoring.lake.importers import import_file
from scoring.snapshots import Snapshots, snapshots
from tests.scoring.value.spenders import spenders

DAY = np.datetime64("2020-06-01")


def snapshot(people: int, day: np.datetime64, seed: int) -> Snapshots:
    """Simulated people at one cut-off."""
    made = spenders(people, seed=seed)
    made.X["report_delay"] = np.nan
    return Snapshots(
        X=made.X,
        cutoff=np.full(people, day),
        bought=made.purchases > 0,
        purchases=made.purchases,
        spend=made.spend,
        horizon=90,
    )


def test_every_model_is_judged_by_every_figure_with_an_interval() -> None:
    train, test = snapshot(2_000, DAY - 90, 1), snapshot(2_000, DAY, 2)
    found = evaluate_value(train, test, times=30)
    assert list(found.table.columns) == list(STATISTICS)
    assert OURS in found.table.index
    assert all(cell.low <= cell.estimate <= cell.high for cell in found.table.to_numpy().flat)
    assert found.table.loc[OURS, "sum/actual"].estimate == pytest.approx(
        found.predictions[OURS].sum() / test.spend.sum()
    )
    assert 0.75 < found.coverage.estimate < 0.98


def test_labels_from_beyond_the_test_are_refused() -> None:
    with pytest.raises(ValueError, match="labels reach beyond 2020-06-01"):
        evaluate_value(snapshot(400, DAY - 89, 1), snapshot(400, DAY, 2))


def test_tenths_hold_everybody_once() -> None:
    random = np.random.default_rng(0)
    spend = random.gamma(1, 10, 1_003)
    table = tenths(spend, random.random(1_003))
    assert table["people"].sum() == 1_003
    assert (table["people"] * table["spent"]).sum() == pytest.approx(spend.sum())


def test_on_a_real_shop_it_is_ahead_in_order_and_right_in_level(
    orders_data: Path, tmp_path: Path
) -> None:
    """Online Retail II at a cut-off that was used for choices too, with last year's same day."""
    import_file(orders_data / "orders.parquet", tmp_path / "lake", store="or2", currency="GBP")
    lake = Lake(tmp_path / "lake")
    days = ["2010-06-12", "2011-01-13", "2011-02-12", "2011-03-14"]
    test = snapshots(lake, ["2011-06-12"])
    found = evaluate_value(snapshots(lake, days), test, times=10)
    figures = found.table.map(lambda cell: cell.estimate)
    others = figures.drop(index=OURS)
    assert figures.loc[OURS, "gini"] > others["gini"].max() - 0.005
    assert figures.loc[OURS, "spearman"] > others["spearman"].max()
    assert 0.85 < figures.loc[OURS, "sum/actual"] < 1.15
    assert 0.78 < found.coverage.estimate < 0.9
    assert pd.Series(found.model.next_order(test.X)).between(0, 365).mean() > 0.3
