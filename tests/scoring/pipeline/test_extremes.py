"""Every model on shops at the edge: a right answer, or one clear sentence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from scoring.pipeline import Outcome, run, train
from tests.scoring.pipeline.shops import Shop, lake_of, orders_of

LAST = pd.Timestamp("2026-06-30")


def outcomes_of(folder: Path, shop: Shop, orders: pd.DataFrame) -> dict[str, Outcome]:
    lake_of(folder / "lake", shop, orders.reset_index(drop=True))
    return {one.part: one for one in train(folder / "lake", folder / "models")}


def scores_of(folder: Path) -> pd.DataFrame:
    run(folder / "lake", folder / "models", folder / "scores.parquet")
    return pq.read_table(folder / "scores.parquet").to_pandas().set_index("person_id")


def test_three_customers_are_told_to_be_too_few(tmp_path: Path) -> None:
    shop = Shop(people=3)
    outcomes = outcomes_of(tmp_path, shop, orders_of(shop))
    assert [one.model_id for one in outcomes.values()] == [None] * 5
    assert "would be enough" in outcomes["churn"].told


def test_a_shop_to_which_nobody_returns(tmp_path: Path) -> None:
    """All churned: what is left is that those of yesterday are likelier than those of last year."""
    shop = Shop(people=300)
    outcomes = outcomes_of(tmp_path, shop, orders_of(shop).drop_duplicates("person"))
    assert outcomes["churn"].model_id, outcomes["churn"].told
    churn = scores_of(tmp_path)["churn"].dropna()
    assert churn.min() > 0.8


def test_a_shop_to_which_everybody_returns(tmp_path: Path) -> None:
    """None churned: everybody buys each second week, and nobody is said to leave."""
    shop = Shop(people=200)
    days = pd.date_range(LAST - pd.Timedelta(days=490), LAST, freq="14D")
    orders = pd.DataFrame(
        [
            (person, day + pd.Timedelta(days=-(person % 14), hours=9 + person % 9), 20.0)
            for person in range(shop.people)
            for day in days
        ],
        columns=["person", "local_at", "value"],
    ).sort_values("local_at")
    outcomes = outcomes_of(tmp_path, shop, orders)
    assert outcomes["churn"].model_id, outcomes["churn"].told
    scores = scores_of(tmp_path)
    assert scores["churn"].max() < 0.2
    assert scores["value"].mean() == pytest.approx(20 * 90 / 14, rel=0.35)
