"""Every model, end to end: train, save, load, score, check; and the gateway takes the file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from gateway.lake.scores import check_scores
from scoring.files import read_card
from scoring.pipeline import Outcome, check, run, train
from tests.scoring.pipeline.shops import Shop

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whole")


@pytest.fixture(scope="module")
def outcomes(lake: Path, folder: Path) -> dict[str, Outcome]:
    return {one.part: one for one in train(lake, folder / "models")}


@pytest.fixture(scope="module")
def scores(lake: Path, folder: Path, outcomes: dict[str, Outcome]) -> pd.DataFrame:
    run(lake, folder / "models", folder / "scores.parquet", now=NOW)
    return pq.read_table(folder / "scores.parquet").to_pandas().set_index("person_id")


def test_what_the_shop_has_data_for_is_learnt(outcomes: dict[str, Outcome]) -> None:
    learnt = {name for name, one in outcomes.items() if one.model_id}
    assert learnt == {"churn", "value", "timing", "recommend"}
    assert "draws of a treatment" in outcomes["uplift"].told


def test_the_cards_tell_how_good_they_are(outcomes: dict[str, Outcome], folder: Path) -> None:
    """The simulated people differ much in their pace, so ranking them is not hard."""
    churn = read_card(folder / "models" / "acme" / "churn")
    auc = churn.metric("AUC")
    assert auc is not None
    assert auc.low is not None
    assert 0.7 < auc.low <= auc.value < 1
    assert (folder / "models" / "acme" / "churn" / "calibration.png").is_file()
    value = read_card(folder / "models" / "acme" / "value").metric("Gini")
    assert value is not None
    assert value.value > 0.4


def test_who_left_scores_higher_than_who_just_bought(scores: pd.DataFrame, lake: Path) -> None:
    orders = pd.concat([pd.read_parquet(file) for file in (lake / "orders").rglob("*.parquet")])
    last = orders.groupby("person_id")["local_at"].max()
    silent = (pd.Timestamp("2026-06-30") - last.dt.normalize()).dt.days
    known = scores["churn"].dropna()
    assert known[silent[known.index] > 180].mean() > known[silent[known.index] < 20].mean() + 0.3
    assert scores["churn"].notna().equals((silent < 365).reindex(scores.index))


def test_values_lie_in_their_intervals_and_add_up(scores: pd.DataFrame) -> None:
    known = scores.dropna(subset=["value"])
    assert (known["value_low"] <= known["value_high"]).all()
    assert (known["value"] >= 0).all()
    ahead = (known["next_order_at"].dropna() - pd.Timestamp(NOW)).dt.days
    assert ahead.between(-2, 366).all()


def test_hours_are_those_at_which_a_person_bought(scores: pd.DataFrame, shop: Shop) -> None:
    """Person n buys about 14 + n % 6 o'clock, and the shop has enough to show it."""
    assert (scores["best_hours"] == "personal").all()
    curves = np.array([json.loads(text) for text in scores["hours"]]).reshape(shop.people, 7, 24)
    best = curves.sum(axis=1).argmax(axis=1)
    usual = 14 + np.array([int(name[1:]) % 6 for name in scores.index])
    assert np.abs(best - usual).mean() < 2
    assert curves.max() < 1


def test_lists_name_products_and_do_not_overlap(scores: pd.DataFrame) -> None:
    again, new = (scores[name].map(json.loads) for name in ("buy_again", "new_for_you"))
    assert again.map(len).gt(0).sum() > 300
    assert not any(set(a) & set(b) for a, b in zip(again, new, strict=True))
    assert {product[:3] for row in [*again, *new] for product in row} == {"sku"}


def test_the_gateway_takes_the_file(scores: pd.DataFrame, folder: Path, shop: Shop) -> None:
    assert check_scores(folder / "scores.parquet", NOW) == {"acme": shop.people}


def test_the_day_after_training_they_fit(
    lake: Path, folder: Path, outcomes: dict[str, Outcome]
) -> None:
    (verdict,) = check(lake, folder / "models")
    assert verdict.reasons == ()
    assert verdict.notes[0] == "there is no uplift model"
