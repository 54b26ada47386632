"""Shops at the edge: a right answer, or one clear sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from scoring.errors import LakeError, ScoringError
from scoring.pipeline import Outcome, run, train
from tests.scoring.pipeline.fakes import PARTS
from tests.scoring.pipeline.shops import Shop, lake_of, orders_of


def churn_of(folder: Path, shop: Shop, orders: pd.DataFrame) -> Outcome:
    lake_of(folder / "lake", shop, orders)
    return train(folder / "lake", folder / "models", parts=PARTS)[0]


def test_no_lake_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="shopbell lake"):
        train(tmp_path / "nothing", tmp_path / "models", parts=PARTS)


def test_a_lake_without_customers_says_so(tmp_path: Path) -> None:
    lake_of(tmp_path / "lake", orders=orders_of(Shop(people=1)).head(1))
    for file in (tmp_path / "lake" / "orders").rglob("*.parquet"):
        pq.write_table(pq.read_table(file).slice(0, 0), file)
    with pytest.raises(ScoringError, match="order"):
        train(tmp_path / "lake", tmp_path / "models", parts=PARTS)


def test_a_young_shop_is_told_how_many_days_would_be_enough(tmp_path: Path) -> None:
    shop = Shop(people=30, days=100)
    outcome = churn_of(tmp_path, shop, orders_of(shop))
    assert outcome.model_id is None
    assert "days of orders, 181 would be enough" in outcome.told


def test_dates_without_a_clock_are_taken(tmp_path: Path) -> None:
    shop = Shop(people=150, clock=False)
    assert churn_of(tmp_path, shop, orders_of(shop)).model_id


def test_a_month_without_orders_stops_nothing(tmp_path: Path) -> None:
    shop = Shop(people=200)
    orders = orders_of(shop)
    gap = orders["local_at"].dt.strftime("%Y-%m") == "2026-02"
    assert churn_of(tmp_path, shop, orders[~gap].reset_index(drop=True)).model_id
    summary = run(tmp_path / "lake", tmp_path / "models", tmp_path / "scores.parquet", parts=PARTS)
    assert summary.people == orders.loc[~gap, "person"].nunique()


def test_an_order_that_is_yet_to_come_is_named(tmp_path: Path) -> None:
    shop = Shop(people=20)
    orders = orders_of(shop)
    orders.loc[len(orders) - 1, "local_at"] = pd.Timestamp(date(2099, 1, 1))
    with pytest.raises(LakeError, match=r"orders\.local_at: there is an order of 2099-01-01"):
        churn_of(tmp_path, shop, orders)


def test_an_error_that_is_no_lack_of_data_is_not_hidden(lake: Path, tmp_path: Path) -> None:
    """Only what a part says on purpose is told and passed over; a mistake of ours ends it."""

    class Broken:
        name = "churn"

        def train(self, ground: object) -> None:
            raise ZeroDivisionError

        def scorer(self, model: object, ground: object) -> None: ...

    with pytest.raises(ZeroDivisionError):
        train(lake, tmp_path, parts=[Broken()])  # type: ignore[list-item]
