"""From a lake to models and scores: what cannot be learnt stops nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scoring.errors import LakeError, ModelRefusedError
from scoring.files import read_card
from scoring.pipeline import check, run, train
from scoring.pipeline.scores import SCHEMA
from scoring.schema import SCORES
from tests.scoring.pipeline.fakes import PARTS
from tests.scoring.pipeline.shops import Shop, lake_of

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)


def scores_of(lake: Path, models: Path, out: Path) -> pa.Table:
    run(lake, models, out, parts=PARTS, now=NOW)
    return pq.read_table(out)


def test_what_cannot_be_learnt_says_why_and_the_others_go_on(lake: Path, tmp_path: Path) -> None:
    said: list[str] = []
    told = {one.part: one for one in train(lake, tmp_path, parts=PARTS[::-1], tell=said.append)}
    assert told["uplift"].model_id is None
    assert told["uplift"].told == "not enough data: 0 experiments, 1 would be enough"
    assert told["churn"].model_id == read_card(tmp_path / "acme" / "churn").model_id
    assert said == ["acme: training uplift ...", "acme: training churn ..."]


def test_the_card_tells_what_it_was_made_from(models: Path) -> None:
    card = read_card(models / "acme" / "churn")
    assert (card.data_from, card.data_to) == ("2025-02-16", "2026-06-30")
    assert card.cutoffs[-1] == "2026-04-01"  # 90 days before the last
    assert len(card.data_hash) == 64
    assert card.intended
    assert card.forbidden


def test_the_same_lake_gives_the_same_model(lake: Path, models: Path, tmp_path: Path) -> None:
    train(lake, tmp_path, parts=PARTS)
    scores = [scores_of(lake, folder, tmp_path / "scores.parquet") for folder in (models, tmp_path)]
    pd.testing.assert_frame_equal(scores[0].to_pandas(), scores[1].to_pandas())


def test_scores_have_exactly_the_columns_of_the_schema(
    lake: Path, models: Path, tmp_path: Path
) -> None:
    scores = scores_of(lake, models, tmp_path / "scores.parquet")
    assert scores.schema == SCHEMA
    assert scores.column_names == [column.name for column in SCORES.columns]
    for column in SCORES.columns:
        assert column.nullable or not scores[column.name].null_count, column.name


def test_everybody_has_one_row_and_only_recent_buyers_a_churn(
    lake: Path, models: Path, tmp_path: Path, shop: Shop
) -> None:
    scores = scores_of(lake, models, tmp_path / "scores.parquet").to_pandas()
    assert sorted(scores["person_id"]) == [f"p{number:05d}" for number in range(shop.people)]
    assert scores["churn"].between(0, 1).sum() == 362
    assert (scores["made_at"] == NOW).all()
    assert (scores["hours"] == "[]").all()  # no model told them


def test_blocks_change_nothing(
    lake: Path, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block's edge may fall anywhere; memory is bounded by its size alone."""
    whole = scores_of(lake, models, tmp_path / "whole.parquet")
    monkeypatch.setattr("scoring.pipeline.advice.BLOCK", 37)
    parts = scores_of(lake, models, tmp_path / "parts.parquet")
    pd.testing.assert_frame_equal(parts.to_pandas(), whole.to_pandas())


def test_a_run_that_fails_leaves_the_scores_of_before(
    lake: Path, models: Path, tmp_path: Path
) -> None:
    out = tmp_path / "scores.parquet"
    out.write_bytes(b"of before")
    with pytest.raises(ModelRefusedError, match=r"there is no model in .*nowhere"):
        run(lake, tmp_path / "nowhere", out, parts=PARTS)
    assert out.read_bytes() == b"of before"
    assert [file.name for file in tmp_path.iterdir()] == ["scores.parquet"]


def test_a_lake_that_ended_long_ago_is_told(lake: Path, models: Path, tmp_path: Path) -> None:
    late = datetime(2026, 8, 1, tzinfo=UTC)
    summary = run(lake, models, tmp_path / "scores.parquet", parts=PARTS, now=late)
    assert any("the lake ends on 2026-06-30, 32 days ago" in remark for remark in summary.remarks)
    assert summary.day == "2026-06-30"


def test_a_model_of_another_schema_is_not_used(lake: Path, tmp_path: Path) -> None:
    train(lake, tmp_path / "models", parts=PARTS)
    sidecar = tmp_path / "models" / "acme" / "churn" / "model.json"
    document = json.loads(sidecar.read_text())
    document["versions"]["schema"] = "0"
    sidecar.write_text(json.dumps(document))
    with pytest.raises(ModelRefusedError, match="shopbell score train"):
        run(lake, tmp_path / "models", tmp_path / "scores.parquet", parts=PARTS)
    (verdict,) = check(lake, tmp_path / "models", parts=PARTS)
    assert verdict.retrain
    assert "version 0 of the lake's columns" in verdict.reasons[0]


def test_each_store_has_models_of_its_own(tmp_path: Path) -> None:
    for name in ("acme", "bolt"):
        lake_of(tmp_path / "lake", Shop(store=name, people=120, seed=len(name)))
    outcomes = train(tmp_path / "lake", tmp_path / "models", parts=PARTS[:1])
    assert [one.store for one in outcomes] == ["acme", "bolt"]
    out = tmp_path / "scores.parquet"
    summary = run(tmp_path / "lake", tmp_path / "models", out, parts=PARTS[:1])
    scores = pq.read_table(out).to_pandas()
    assert scores.groupby("store").size().to_dict() == {"acme": 120, "bolt": 120}
    assert scores.groupby("store")["model_id"].nunique().tolist() == [1, 1]
    assert len(summary.models) == 2
    only = run(tmp_path / "lake", tmp_path / "models", out, store="bolt", parts=PARTS[:1])
    assert only.people == 120


def test_a_store_that_is_not_there_is_told_with_those_that_are(lake: Path, tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="there is no store bolt; there is acme"):
        train(lake, tmp_path, store="bolt", parts=PARTS)


def test_a_large_shop_is_learnt_from_some_of_its_people(
    lake: Path, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Training takes bounded memory; what it learns is nearly the same."""
    monkeypatch.setattr("scoring.pipeline.ground.MOST_ROWS", 2000)
    train(lake, tmp_path / "few", parts=PARTS)
    few, all_of_them = (
        read_card(folder / "acme" / "churn") for folder in (tmp_path / "few", models)
    )
    assert few.rows < 2000 < all_of_them.rows
    assert not all_of_them.remarks
    assert few.remarks == ("the shop is large: learnt from 36.7 % of its people, drawn",)
    assert few.cutoffs == all_of_them.cutoffs
    said = [
        scores_of(lake, folder, tmp_path / "scores.parquet")["churn"].to_numpy()
        for folder in (tmp_path / "few", models)
    ]
    there = ~np.isnan(said[1])
    assert np.corrcoef(said[0][there], said[1][there])[0, 1] > 0.95
