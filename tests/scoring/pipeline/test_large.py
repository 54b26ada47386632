"""A large shop: what is bounded or counted in numbers tells what the plain way tells."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from scoring.files import read_card
from scoring.lake import Lake
from scoring.pipeline import run, train
from scoring.pipeline.ground import Ground
from scoring.pipeline.recommend import Recommend
from scoring.timing.counts import activity, matrix


def test_people_by_number_did_what_they_did_by_name(lake: Path) -> None:
    ground = Ground(Lake(lake), "acme")
    named = matrix(activity(ground.lake, ground.day).to_pandas(), ground.people)
    everybody = pd.RangeIndex(len(ground.people))
    numbered = matrix(activity(ground.numbered, ground.day).to_pandas(), everybody)
    assert named.sum() > 1000
    assert (named != numbered).nnz == 0


def lists_of(lake: Path, models: Path) -> pd.DataFrame:
    run(lake, models, models / "scores.parquet", parts=[Recommend()])
    scores = pq.read_table(models / "scores.parquet").to_pandas().set_index("person_id")
    return scores[["buy_again", "new_for_you"]].map(json.loads)


@pytest.mark.parametrize(("learners", "share"), [(100_000, None), (120, "33.1")])
def test_everybody_has_lists_also_where_some_were_learnt_from(
    lake: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    learners: int,
    share: str | None,
) -> None:
    """The card says from how many; what a person bought is hers, learnt from or not."""
    monkeypatch.setattr("scoring.pipeline.recommend.LEARNERS", learners)
    monkeypatch.setattr("scoring.pipeline.advice.BLOCK", 37)
    train(lake, tmp_path, parts=[Recommend()])
    card, told = read_card(tmp_path / "acme" / "recommend"), lists_of(lake, tmp_path)
    assert [share in remark for remark in card.remarks if "its people" in remark] == (
        [True] if share else []
    )
    lines = pq.read_table(lake / "order_lines", columns=["person_id", "product_id", "ordered_at"])
    lines = lines.to_pandas()
    recent = lines[lines["ordered_at"] + pd.Timedelta("1h") >= pd.Timestamp("2025-07-01", tz="UTC")]
    bought = recent.groupby("person_id")["product_id"].agg(set)
    for person, lists in told.loc[bought.index].iterrows():
        assert set(lists["buy_again"]) <= bought[person]
        assert bought[person].isdisjoint(lists["new_for_you"])
    has = told.loc[bought.index, "buy_again"].map(len)
    assert np.mean(has == bought.map(len).clip(upper=10)) > 0.95
    assert not told.drop(bought.index)["buy_again"].map(len).any()
