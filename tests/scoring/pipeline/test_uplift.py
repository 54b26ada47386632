"""Uplift from the draws of a lake: what a message changed is found, of the arm that changed it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from scoring.files import load, read_card
from scoring.lake import Lake
from scoring.pipeline import Outcome, run, train
from scoring.pipeline.ground import Ground
from scoring.pipeline.uplift import Uplift
from scoring.pipeline.uplift_tables import judge_uplift
from scoring.uplift import UpliftModel
from tests.scoring.pipeline.experiments import SHOP, SILENT, Mailing, lake_with, true_effect

TWO_TEXTS = Mailing(arms={"mens": 0.32, "womens": 0.32, "control": 0.36}, lifts={"mens": 0.8})


@pytest.fixture(scope="module", autouse=True)
def _lines() -> Iterator[None]:
    """Learn by lines alone: trees take most of the time, and are not what is asked about here."""
    quick = partial(UpliftModel, members=("additive", "interactions"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scoring.pipeline.uplift.UpliftModel", quick)
        patch.setattr("scoring.pipeline.uplift_tables.UpliftModel", quick)
        patch.setattr("scoring.pipeline.uplift_tables.SPLITS", 1)
        yield


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that wrote to every second person; who was silent was moved by 0.6."""
    return lake_with(tmp_path_factory.mktemp("one") / "lake", Mailing())


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that sent one of two texts or none; one of them did nothing."""
    return lake_with(tmp_path_factory.mktemp("two") / "lake", TWO_TEXTS)


def trained(lake: Path) -> Outcome:
    (outcome,) = train(lake, lake.parent / "models", parts=[Uplift()])
    return outcome


def scores(lake: Path) -> pd.Series:
    run(lake, lake.parent / "models", lake.parent / "scores.parquet", parts=[Uplift()])
    return pd.read_parquet(lake.parent / "scores.parquet").set_index("person_id")["uplift"]


def silent(lake: Path, people: pd.Index) -> pd.Series:
    """Who had not bought for three weeks on the day of the scores."""
    files = (lake / "orders").rglob("*.parquet")
    last = pd.concat(map(pd.read_parquet, files)).groupby("person_id")["local_at"].max()
    return last[people] < pd.Timestamp(SHOP.until) - SILENT


def test_a_known_lift_is_found_and_goes_to_whom_it_moves(one: Path) -> None:
    outcome = trained(one)
    assert outcome.model_id, outcome.told
    assert "of sms against its control" in outcome.told
    folder = Path(str(outcome.folder))
    effect = load(folder).effect_
    assert effect.low < true_effect(Mailing(), "sms") < effect.high
    assert effect.low > 0
    qini = read_card(folder).metric("Qini")
    assert qini is not None
    assert qini.low is not None
    assert qini.low > 0
    told = scores(one).dropna()
    assert len(told) > 1000
    moved = silent(one, told.index)
    assert told[moved].mean() > told[~moved].mean() + 0.15


def test_of_two_texts_the_one_that_brings_more_is_learnt(two: Path) -> None:
    """Taken together they would seem to bring half, to men and women alike."""
    outcome = trained(two)
    assert outcome.model_id, outcome.told
    assert "of mens against its control" in outcome.told
    card = read_card(Path(str(outcome.folder)))
    mens, womens = (card.metric(f"effect of {arm}") for arm in ("mens", "womens"))
    assert mens is not None
    assert womens is not None
    assert mens.low is not None
    assert womens.low is not None
    assert womens.high is not None
    assert mens.low > 0.05
    assert womens.low < 0 < womens.high
    assert mens.low < true_effect(TWO_TEXTS, "mens") < (mens.high or 0)
    assert "drawn for mens or its control" in card.population


def test_the_evaluation_holds_each_arm_against_the_control(two: Path) -> None:
    text, rows = judge_uplift(Ground(Lake(two), SHOP.store))
    arms = {row["arm"]: row for row in rows if "lift" in row}
    assert list(arms) == ["mens", "womens"]
    assert arms["mens"]["held back"] == arms["womens"]["held back"]
    assert arms["mens"]["lift_low"] > 0.05
    assert arms["womens"]["lift_low"] < 0 < arms["womens"]["lift_high"]
    assert "mens " in text
    assert "Qini on halves of the people" in text
    orders = {row["model"] for row in rows if "qini" in row and row["arm"] == "mens"}
    assert orders == {"UpliftModel", "additive", "interactions", "response", "random"}


def test_a_lake_without_experiments_says_so_in_one_sentence(lake: Path) -> None:
    text, rows = judge_uplift(Ground(Lake(lake), "acme"))
    assert rows == []
    assert text == (
        "Uplift: no experiment tells what a message changes "
        "(not enough data: 0 draws of a treatment beside a control, 1 would be enough)"
    )


@pytest.mark.parametrize(
    ("mailing", "told"),
    [
        (Mailing(arms={"sms": 1.0}), "0 draws of a treatment beside a control"),
        (Mailing(arms={"sms": 0.95, "control": 0.05}), "persons in the control arm"),
        (Mailing(arms={"a": 0.5, "b": 0.5}), "0 draws of a treatment beside a control"),
    ],
    ids=["everybody", "too few held back", "two texts and no control"],
)
def test_who_held_nobody_back_learns_why_there_is_no_uplift(
    tmp_path: Path, mailing: Mailing, told: str
) -> None:
    """One sentence, and the other models go on."""
    outcome = trained(lake_with(tmp_path / "lake", mailing))
    assert outcome.model_id is None
    assert told in outcome.told
