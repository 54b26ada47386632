"""The check tells a shop that stayed as it was from one that changed, and says what changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scoring.pipeline import Verdict, check, train
from tests.scoring.pipeline.fakes import PARTS
from tests.scoring.pipeline.shops import Shop, lake_of, orders_of

LATER = Shop(people=600, days=800, until=date(2026, 6, 30), stay=700)
TRAINED = pd.Timestamp("2026-03-20")


def verdict_on(folder: Path, before: pd.DataFrame, after: pd.DataFrame) -> Verdict:
    """Train on what was there on a day of March, and check at the end of June."""
    lake_of(folder / "before", LATER, before)
    train(folder / "before", folder / "models", parts=PARTS)
    lake_of(folder / "after", LATER, after)
    (verdict,) = check(folder / "after", folder / "models", parts=PARTS)
    return verdict


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    return orders_of(LATER)


def test_right_after_training_the_models_fit(lake: Path, models: Path) -> None:
    (verdict,) = check(lake, models, parts=PARTS)
    assert not verdict.retrain
    assert verdict.figures["psi"]["since"] == 0
    assert any("first on 2026-09-28" in note for note in verdict.notes)


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory, orders: pd.DataFrame) -> Verdict:
    """What is said of a shop that goes on as it was."""
    before = orders[orders["local_at"] < TRAINED]
    return verdict_on(tmp_path_factory.mktemp("unchanged"), before, orders)


def test_labels_that_came_of_age_are_held_against_the_card(unchanged: Verdict) -> None:
    aged = unchanged.figures["aged_90"]
    assert aged["cutoff"] == "2026-04-01"
    assert aged["auc"] > 0.7
    assert 0.8 < aged["level"] < 1.25
    assert not unchanged.retrain


def test_a_history_that_grew_is_no_reason(unchanged: Verdict) -> None:
    """Nobody joined in the last months, so everybody is known for longer: nothing else changed."""
    assert unchanged.figures["psi"]["age"] > 0.25
    assert any("age" in note and "no reason" in note for note in unchanged.notes)


def test_a_shop_that_most_people_left_is_to_be_trained_anew(
    tmp_path: Path, orders: pd.DataFrame
) -> None:
    before = orders[orders["local_at"] < TRAINED]
    gone = (orders["local_at"] >= TRAINED) & (orders["person"] % 30 > 0)
    verdict = verdict_on(tmp_path, before, orders[~gone].reset_index(drop=True))
    assert verdict.retrain
    assert any("features have moved" in reason and "since" in reason for reason in verdict.reasons)
    assert any("the level is wrong" in reason for reason in verdict.reasons)


def test_an_order_that_turned_round_is_seen(tmp_path: Path, orders: pd.DataFrame) -> None:
    """Whoever was silent comes back, whoever bought stays away: the ranks are of no use."""
    before = orders[orders["local_at"] < TRAINED]
    last = before.groupby("person")["local_at"].max()
    silent = last.index[last < TRAINED - pd.Timedelta("120D")]
    rng = np.random.default_rng(5)
    days = pd.Timestamp("2026-04-02") + pd.to_timedelta(rng.integers(0, 90, len(silent)), unit="D")
    back = pd.DataFrame({"person": silent, "local_at": days, "value": 20.0})
    few = before[before["person"] % 9 == 0].groupby("person").tail(1)
    end = few.assign(local_at=pd.Timestamp("2026-06-30"))
    after = pd.concat([before, back, end]).sort_values("local_at", ignore_index=True)
    verdict = verdict_on(tmp_path, before, after)
    assert any("the order is worse than it was" in reason for reason in verdict.reasons)


def test_without_models_there_is_something_to_do(lake: Path, tmp_path: Path) -> None:
    (verdict,) = check(lake, tmp_path, parts=PARTS)
    assert verdict.retrain
    assert "there is no model" in verdict.reasons[0]
    assert "shopbell score train" in verdict.reasons[0]
