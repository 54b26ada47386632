"""A model comes back as it went, whole, and only where it fits."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import SplineTransformer, StandardScaler

from scoring.errors import ModelRefusedError
from scoring.files import Metric, ModelCard, load, read_card, reliability, save, store

NAMES = ("since", "frequency")


@pytest.fixture(scope="module")
def people() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(4)
    X = pd.DataFrame(rng.exponential(50, (400, 2)), columns=list(NAMES))
    return X, rng.random(400) < X["since"] / (X["since"] + 50)


@pytest.fixture(scope="module")
def spline(people: tuple[pd.DataFrame, np.ndarray]) -> Pipeline:
    steps = SimpleImputer(), SplineTransformer(), StandardScaler(), LogisticRegression()
    return make_pipeline(*steps).fit(*people)


@pytest.fixture
def card(people: tuple[pd.DataFrame, np.ndarray], spline: Pipeline) -> ModelCard:
    X, y = people
    return ModelCard(
        name="churn",
        model_id="churn-2011-09-10-ab12cd34",
        made_at="2011-12-10T02:00:00Z",
        population="bought in the last 365 days",
        rows=400,
        people=400,
        horizon=90,
        base_rate=float(y.mean()),
        features=NAMES,
        metrics=(Metric(name="AUC", value=0.8, low=0.75, high=0.85, on="2011-09-10"),),
        calibration=reliability(y, spline.predict_proba(X)[:, 1]),
        intended=("choose whom to write to",),
        forbidden=("prices that differ by person",),
    )


def test_predictions_are_the_same_after_a_round_trip(
    tmp_path: Path, people: tuple[pd.DataFrame, np.ndarray], spline: Pipeline, card: ModelCard
) -> None:
    save(spline, tmp_path, card)
    back = load(tmp_path, features=NAMES)
    np.testing.assert_array_equal(back.predict_proba(people[0]), spline.predict_proba(people[0]))


@pytest.mark.parametrize("loss", ["squared_error", "poisson", "gamma", "quantile"])
def test_boosting_of_every_loss_that_is_used_comes_back(
    tmp_path: Path, people: tuple[pd.DataFrame, np.ndarray], card: ModelCard, loss: str
) -> None:
    X, _ = people
    level = 0.5 if loss == "quantile" else None
    model = HistGradientBoostingRegressor(loss=loss, quantile=level, max_iter=5).fit(X, X["since"])
    save(model, tmp_path, card)
    np.testing.assert_array_equal(load(tmp_path).predict(X), model.predict(X))


def test_the_card_lies_beside_it_for_people_and_for_programs(
    tmp_path: Path, spline: Pipeline, card: ModelCard
) -> None:
    save(spline, tmp_path, card)
    assert read_card(tmp_path) == card
    page = (tmp_path / "card.md").read_text()
    told = (
        "churn-2011-09-10-ab12cd34",
        "bought in the last 365 days",
        "0.75 to 0.85",
        *card.forbidden,
    )
    assert all(words in page for words in told)
    assert json.loads((tmp_path / "card.json").read_text())["versions"]["schema"] == "1"
    assert (tmp_path / "calibration.png").read_bytes().startswith(b"\x89PNG")


def test_a_save_that_fails_half_way_leaves_the_old_model(
    tmp_path: Path, spline: Pipeline, card: ModelCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    save({"rate": 0.5}, tmp_path, card)

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "calibration_png", full)
    with pytest.raises(OSError, match="No space"):
        save(spline, tmp_path, card)
    assert load(tmp_path) == {"rate": 0.5}


def test_a_second_save_takes_the_place_of_the_first_and_leaves_nothing_over(
    tmp_path: Path, card: ModelCard
) -> None:
    save({"rate": 0.5}, tmp_path, card)
    save({"rate": 0.6}, tmp_path, card)
    assert load(tmp_path) == {"rate": 0.6}
    assert len(list(tmp_path.glob("*.skops"))) == 1


@pytest.mark.parametrize(
    ("package", "word"),
    [("scikit-learn", "1.8.2"), ("schema", "0"), ("scikit-learn", None), ("shopbell", "0.0.1")],
)
def test_another_version_is_refused_with_the_remedy(
    tmp_path: Path, card: ModelCard, package: str, word: str | None
) -> None:
    sidecar = save({"rate": 0.5}, tmp_path, card)
    document = json.loads(sidecar.read_text())
    document["versions"][package] = word
    if word is None:
        del document["versions"][package]
    sidecar.write_text(json.dumps(document))
    with pytest.raises(ModelRefusedError, match="shopbell score train"):
        load(tmp_path)


def test_a_patch_of_scikit_learn_is_no_other_version(tmp_path: Path, card: ModelCard) -> None:
    sidecar = save({"rate": 0.5}, tmp_path, card)
    document = json.loads(sidecar.read_text())
    major, minor, *_ = document["versions"]["scikit-learn"].split(".")
    document["versions"]["scikit-learn"] = f"{major}.{minor}.99"
    sidecar.write_text(json.dumps(document))
    assert load(tmp_path) == {"rate": 0.5}


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (("since",), "not there any more: frequency"),
        (("since", "frequency", "weekend"), "new: weekend"),
        (("frequency", "since"), "in another order"),
    ],
)
def test_other_features_are_refused_by_their_names(
    tmp_path: Path, spline: Pipeline, card: ModelCard, wanted: tuple[str, ...], told: str
) -> None:
    save(spline, tmp_path, card)
    with pytest.raises(ModelRefusedError, match=told):
        load(tmp_path, features=wanted)


def test_a_folder_without_a_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelRefusedError, match=r"there is no model in .*shopbell score train"):
        load(tmp_path / "nothing")


def test_a_classifier_keeps_its_classes(
    tmp_path: Path, people: tuple[pd.DataFrame, np.ndarray], card: ModelCard
) -> None:
    model = HistGradientBoostingClassifier(max_iter=5).fit(*people)
    save(model, tmp_path, card)
    assert load(tmp_path).classes_.tolist() == [False, True]
