"""Churn on a real shop (Online Retail II): the season of its second autumn is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.evaluation import evaluate_churn
from scoring.evaluation.report import OURS
from scoring.lake import Lake
from scoring.lake.importers import import_file


@pytest.mark.timeout(300)  # it learns from years of a real shop; a busy machine takes its time
def test_the_second_autumn_is_told_in_order_and_level(orders_data: Path, tmp_path: Path) -> None:
    """Labels that are known by then are of spring, when 64 % left; of this autumn's it is 49 %."""
    import_file(orders_data / "orders.parquet", tmp_path / "lake", store="gifts", currency="GBP")
    report = evaluate_churn(Lake(tmp_path / "lake"), cutoffs=["2011-09-10"], times=50)
    figures = report.summary
    assert len(report.rows) == 4_313
    assert figures.loc["RFM logistic", "auc"].estimate > 0.755
    assert figures.loc[OURS, "auc_ahead"].estimate == 0
    assert figures.loc["RFM logistic", "auc_ahead"].low > 0
    assert figures.loc["RFM logistic", "brier_below"].low > 0
    assert figures.loc[OURS, "worst_ece"] < 0.10 < figures.loc["RFM logistic", "worst_ece"]
