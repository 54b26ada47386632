"""The table of churn: every model on the same rows, each from what was known by then."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scoring.churn import training_table
from scoring.errors import NotEnoughDataError
from scoring.evaluation import ChurnReport, evaluate_churn
from scoring.evaluation.baselines import BASELINES
from scoring.evaluation.report import OURS
from scoring.lake import Lake
from scoring.lake.importers import import_file
from tests.scoring.simulated import shop

HORIZON = 60


def written(orders: pd.DataFrame, folder: Path) -> Lake:
    """The lake of a simulated shop that opened on 2023-01-01."""
    rows = pd.DataFrame(
        {
            "order": np.arange(len(orders)),
            "person": orders["person_id"],
            "at": pd.Timestamp("2023-01-01 12:00") + pd.to_timedelta(orders["day"], unit="D"),
            "value": orders["value"].round(2),
        }
    )
    file = folder / "orders.parquet"
    rows.to_parquet(file)
    columns = {name: name for name in rows}
    import_file(file, folder / "lake", store="acme", columns=columns, currency="EUR")
    return Lake(folder / "lake")


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    """A year of a small shop."""
    return shop(600, 400, seed=6)


@pytest.fixture(scope="module")
def lake(orders: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Its lake."""
    return written(orders, tmp_path_factory.mktemp("lake"))


@pytest.fixture(scope="module")
def report(lake: Lake) -> ChurnReport:
    """Two cut-offs."""
    cutoffs = ["2023-10-01", "2023-11-01"]
    return evaluate_churn(lake, horizon=HORIZON, cutoffs=cutoffs, times=20)


def test_every_model_tells_of_the_same_people(report: ChurnReport) -> None:
    assert report.models == [*BASELINES, OURS]
    told = report.rows[report.models]
    assert told.notna().all(axis=None)
    assert ((told >= 0) & (told <= 1)).all(axis=None)
    assert not report.rows.duplicated(["person_id", "cutoff"]).any()


def test_our_model_orders_people_better_than_recency_does(report: ChurnReport) -> None:
    summary = report.summary
    assert summary.loc[OURS, "auc"].estimate > summary.loc["recency only", "auc"].estimate
    assert summary.loc["base rate", "auc"].estimate == 0.5


def test_a_lead_is_the_difference_of_the_means(report: ChurnReport) -> None:
    for name in BASELINES:
        row, ours = report.summary.loc[name], report.summary.loc[OURS]
        lead = ours["auc"].estimate - row["auc"].estimate
        assert row["auc_ahead"].estimate == pytest.approx(lead)
        assert row["brier_below"].estimate == pytest.approx(
            row["brier"].estimate - ours["brier"].estimate
        )
    assert report.summary.loc[OURS, "auc_ahead"].high == 0


def test_the_text_names_population_models_and_cut_offs(report: ChurnReport) -> None:
    for word in ["60 days", "last 365", "2023-10-01", "2023-11-01", *report.models]:
        assert word in report.text


def test_records_are_plain_numbers(report: ChurnReport) -> None:
    record = report.records[0]
    assert record["model"] == "base rate"
    assert {"auc", "auc_low", "auc_high", "brier_below_low"} <= set(record)


def test_labels_are_those_that_were_known_on_the_day(
    lake: Lake, orders: pd.DataFrame, tmp_path: Path
) -> None:
    """The same table comes from a lake that ends on the day: nothing later is looked at."""
    cutoff = "2023-08-01"
    day = (pd.Timestamp(cutoff) - pd.Timestamp("2023-01-01")).days
    past = written(orders[orders["day"] <= day], tmp_path)
    ours, theirs = (training_table(each, cutoff, horizon=HORIZON) for each in (lake, past))
    assert len(ours.X) == len(theirs.X)
    assert np.array_equal(np.sort(ours.y), np.sort(theirs.y), equal_nan=True)
    known = ours.cutoffs[np.isfinite(ours.y)]
    assert known.max() + np.timedelta64(HORIZON, "D") <= np.datetime64(cutoff)


def test_a_shop_without_a_past_is_told_how_much_would_do(
    orders: pd.DataFrame, tmp_path: Path
) -> None:
    young = written(orders[orders["day"] < 100], tmp_path)
    with pytest.raises(NotEnoughDataError, match="days of orders, 150 would be enough"):
        evaluate_churn(young, horizon=HORIZON)
