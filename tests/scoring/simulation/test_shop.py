"""The simulated shop: its lake passes the door, and its truth is what its tables were made from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scoring.errors import ScoringError
from scoring.features.clock import day_number
from scoring.features.labels import label_rows
from scoring.lake import Lake
from scoring.schema import TABLES
from scoring.simulate import DemoShop, Truth, demo_lake, read_truth, simulate
from scoring.uplift import read_experiment

SHOP = DemoShop(customers=4000, seed=7)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(tmp_path_factory.mktemp("shop") / "lake", SHOP)


@pytest.fixture(scope="module")
def lake(folder: Path) -> Lake:
    return Lake(folder)


@pytest.fixture(scope="module")
def truth(folder: Path) -> Truth:
    truth = read_truth(folder)
    assert truth is not None
    return truth


def frame(lake: Lake, name: str) -> pd.DataFrame:
    return lake.connection.to_pyarrow(lake.table(name)).to_pandas()


def test_every_table_is_as_the_schema_says_and_has_rows(lake: Lake) -> None:
    lake.check()
    for name in TABLES:
        assert len(frame(lake, name)), name


def test_the_same_seed_makes_the_same_lake_and_another_one_another(
    folder: Path, tmp_path: Path
) -> None:
    small = DemoShop(customers=200, days=120)
    lakes = [
        Lake(simulate(tmp_path / str(place), DemoShop(customers=200, days=120, seed=seed)))
        for place, seed in enumerate((small.seed, small.seed, 1))
    ]
    orders = [frame(lake, "orders").sort_values("order_id", ignore_index=True) for lake in lakes]
    assert orders[0].equals(orders[1])
    assert not orders[0].equals(orders[2])


def test_a_lake_that_is_there_is_taken_and_nothing_is_written_over(
    folder: Path, tmp_path: Path
) -> None:
    assert demo_lake(folder) == folder
    with pytest.raises(ScoringError, match="not empty"):
        simulate(folder)
    (tmp_path / "lake").mkdir()
    assert demo_lake(tmp_path / "lake", DemoShop(customers=50, days=90)).joinpath("orders").is_dir()


def test_a_real_lake_has_no_truth(tmp_path: Path) -> None:
    assert read_truth(tmp_path) is None


def test_churn_is_true_on_average_in_every_tenth(lake: Lake, truth: Truth) -> None:
    """As many as the truth says do not buy in the last 90 days, at every level of risk."""
    border = day_number(SHOP.until) - SHOP.horizon
    labels = label_rows(lake, [border], SHOP.horizon)
    known = frame(lake, "orders").query("kind == 'sale'").groupby("person_id")["local_at"].min()
    here = known.index[known < pd.Timestamp(border + 1, unit="D")]
    told = truth.persons.loc[here, "churn_before"]
    # An order that a campaign brought is no purchase of the person's own.
    gone = ~told.index.isin(labels["person_id"])
    tenth = pd.qcut(told.rank(method="first"), 10, labels=False)
    gap = pd.Series(gone, index=told.index).groupby(tenth).mean() - told.groupby(tenth).mean()
    assert gap.abs().max() < 0.12
    assert abs(gone.mean() - told.mean()) < 0.06


def test_campaigns_do_what_the_truth_says(lake: Lake, truth: Truth) -> None:
    """All campaigns that lift, together, show their true effect within its interval."""
    lifting = truth.campaigns.query("effect > 0 and day < 500")
    found = [read_experiment(lake, experiment=name).effect(coverage=0.99) for name in lifting.index]
    weights = np.array([1 / one.error**2 for one in found])
    mean = np.average([one.value for one in found], weights=weights)
    true = np.average(lifting["effect"], weights=weights)
    assert abs(mean - true) < 3 * weights.sum() ** -0.5
    assert mean > 0.02


def test_who_is_held_out_gets_nothing(lake: Lake) -> None:
    drawn = frame(lake, "assignments").query("kind == 'treatment'")
    held = drawn[drawn["arm"] == "control"]
    assert held["message_id"].isna().all()
    assert drawn[drawn["arm"] == "message"]["message_id"].notna().all()
    assert abs(len(held) / len(drawn) - SHOP.holdout) < 0.02


def test_only_a_sick_line_gets_worse(lake: Lake) -> None:
    parts = frame(lake, "parts")
    late = parts["sent_at"] > pd.Timestamp(SHOP.until, tz="UTC") - pd.Timedelta(days=20)
    lost = (parts["state"] == "undelivered").groupby([parts["line_id"], late]).mean().unstack()
    rise = (lost[True] - lost[False]).to_dict()
    assert rise.pop("sim-d") > 0.2
    assert max(rise.values()) < 0.03


def test_people_click_more_at_their_best_hour(lake: Lake, truth: Truth) -> None:
    messages = frame(lake, "messages").query("purpose == 'marketing'")
    clicks = frame(lake, "clicks").query("not machine")
    best = truth.persons["best_slot"].loc[messages["person_id"]].to_numpy()
    near = np.abs(messages["local_at"].dt.hour.to_numpy() - best) <= 1
    clicked = messages["message_id"].isin(clicks["message_id"]).to_numpy()
    assert clicked[near].mean() > 1.5 * clicked[~near].mean()


def test_nobody_is_written_to_after_a_stop(lake: Lake) -> None:
    messages = frame(lake, "messages").query("purpose == 'marketing'")
    stops = frame(lake, "replies").query("kind == 'stop'").set_index("person_id")["received_at"]
    later = messages[messages["person_id"].isin(stops.index)]
    after = later["sent_at"].to_numpy() > stops.loc[later["person_id"]].to_numpy()
    assert len(stops)
    assert not after.any()


def test_a_shop_without_customers_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one customer"):
        DemoShop(customers=0)
