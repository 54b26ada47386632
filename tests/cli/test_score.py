"""The models from the command line: trained, run, checked, and taken by the gateway."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from support.command import Shopbell

from scoring import pipeline
from scoring.pipeline import Verdict, train
from tests.scoring.pipeline.fakes import PARTS
from tests.scoring.pipeline.shops import Shop, lake_of


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lake_of(tmp_path_factory.mktemp("commands") / "lake", Shop(people=250))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trains and scores the quick part alone, which learns churn."""
    for name in ("train", "run", "check"):
        whole = getattr(pipeline, name)
        monkeypatch.setattr(
            pipeline, name, lambda *a, whole=whole, **k: whole(*a, parts=PARTS[:1], **k)
        )


def test_every_model_is_told_of_whether_it_could_be_trained_or_not(
    shopbell: Shopbell, lake: Path
) -> None:
    done = shopbell("score", "train", str(lake), "models")
    assert done.code == 0
    told = {line.split(": ")[1]: line.split(": ")[2] for line in done.out.splitlines()}
    assert list(told) == ["churn", "value", "timing", "recommend", "uplift"]
    assert told["churn"].startswith("churn-2026-06-30-")
    assert told["uplift"] == "not enough data"
    assert "acme: training churn" in done.err
    assert Path("models/acme/churn/card.md").is_file()


@pytest.mark.usefixtures("quick")
def test_scores_go_from_the_lake_into_the_gateway(shopbell: Shopbell, lake: Path) -> None:
    assert shopbell("score", "train", str(lake), "models").code == 0
    done = shopbell("score", "run", str(lake), "models", "scores.parquet")
    assert done.code == 0
    assert done.out.splitlines()[-1] == "scores.parquet: 250 people, as of 2026-06-30"
    done = shopbell("score", "import", "scores.parquet")
    assert (done.code, done.out) == (0, "acme: 250 scores\n")


@pytest.mark.usefixtures("quick")
def test_programs_get_one_object_a_line(shopbell: Shopbell, lake: Path) -> None:
    [line] = shopbell("score", "train", str(lake), "models", "--json").out.splitlines()
    assert json.loads(line)["part"] == "churn"
    [line] = shopbell("score", "check", str(lake), "models", "--json").out.splitlines()
    assert json.loads(line)["retrain"] is False


@pytest.mark.parametrize(("retrain", "code", "said"), [(True, 1, "train anew"), (False, 0, "fit")])
def test_check_ends_so_that_a_script_can_train_anew(
    shopbell: Shopbell, monkeypatch: pytest.MonkeyPatch, retrain: bool, code: int, said: str
) -> None:
    verdict = Verdict(store="acme", retrain=retrain, reasons=("because",), notes=())
    monkeypatch.setattr(pipeline, "check", lambda *a, **k: [verdict])
    done = shopbell("score", "check", "lake", "models")
    assert done.code == code
    assert said in done.out
    assert "because" in done.out


def test_a_lake_from_which_nothing_can_be_learnt_ends_with_1(
    shopbell: Shopbell, tmp_path: Path
) -> None:
    lake_of(tmp_path / "small", Shop(people=3, days=60))
    done = shopbell("score", "train", "small", "models")
    assert done.code == 1
    assert "not enough data" in done.out


@pytest.mark.parametrize("words", [("train", "nowhere", "m"), ("run", "nowhere", "m", "s.parquet")])
def test_a_lake_that_is_not_there_is_one_clear_line(
    shopbell: Shopbell, words: tuple[str, ...]
) -> None:
    done = shopbell("score", *words)
    assert done.code == 1
    assert done.out == ""
    assert "nowhere" in done.err or "no model in m" in done.err
    assert len(done.err.splitlines()) == 1


def test_models_that_are_not_there_say_how_to_make_them(shopbell: Shopbell, lake: Path) -> None:
    done = shopbell("score", "run", str(lake), "none", "scores.parquet")
    assert done.code == 1
    assert "shopbell score train" in done.err
    train(lake, Path("models"), parts=PARTS)
    assert shopbell("score", "run", str(lake), "models", "s.parquet", "--store", "other").code == 1


@pytest.mark.parametrize("command", ["train", "run", "evaluate", "check"])
def test_without_the_extra_it_is_named(
    shopbell: Shopbell, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.delattr("scoring.pipeline")
    monkeypatch.setitem(sys.modules, "scoring.pipeline", None)
    done = shopbell("score", command)
    assert done.code == 1
    assert "pip install 'shopbell[scoring]'" in done.err
