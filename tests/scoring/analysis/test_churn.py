"""A held-out day of a simulated shop: what is told is of it alone, and what drives it is found."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from scoring.analysis import churn, drivers
from scoring.errors import NotEnoughDataError
from scoring.evaluation.report import OURS
from scoring.lake import Lake
from scoring.simulate import DemoShop, simulate

SHOP = DemoShop(customers=1200, days=365, seed=3)
CUTOFF = SHOP.until - timedelta(days=90)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return Lake(simulate(tmp_path_factory.mktemp("shop") / "lake", SHOP))


@pytest.fixture(scope="module")
def held(lake: Lake) -> churn.HeldOut:
    return churn.hold_out(lake, CUTOFF, times=20)


def test_every_model_tells_of_the_same_people(held: churn.HeldOut) -> None:
    rows = held.report.rows
    assert held.report.models == [*churn.BESIDE, OURS]
    assert rows["person_id"].tolist() == held.X.index.tolist()
    assert rows[held.report.models].notna().all(axis=None)
    assert 0 < held.churned.mean() < 1


def test_the_model_saw_nothing_of_what_came(lake: Lake, held: churn.HeldOut) -> None:
    """Who buys after the cut-off may not be known before it, not even by being there."""
    assert held.model.cutoff_ == np.datetime64(CUTOFF)
    assert (held.X["since"] >= 0).all()


def test_silence_drives_churn_and_rises_with_it(held: churn.HeldOut) -> None:
    found = drivers.importance(held, repeats=1)
    assert found["feature"][0] == "since"
    assert not set(found["feature"]) & set(drivers.TIED)
    lines = drivers.dependence(held, "since", "frequency", points=4).groupby("by")["churn"]
    assert all(line.iloc[-1] > line.iloc[0] for _, line in lines)


def test_what_follows_from_a_changed_column_changes_with_it() -> None:
    X = pd.DataFrame(
        {"since": [100.0], "age": [300.0], "frequency": [4.0], "gap_mean": [50.0], "orders_90": 2.0}
    ).assign(recency=290.0, orders_180=2.0)
    found = drivers.tied(X).iloc[0]
    assert found[["recency", "since_per_gap", "orders_90", "orders_180"]].tolist() == [200, 2, 0, 2]


def test_a_day_without_known_labels_is_refused(lake: Lake) -> None:
    with pytest.raises(NotEnoughDataError):
        churn.hold_out(lake, SHOP.until - timedelta(days=SHOP.days - 60))
