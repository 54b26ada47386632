"""`UpliftModel` finds whom a message moves, says when it cannot know, refuses too little."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn import config_context
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from scoring.errors import NotEnoughDataError
from scoring.files import ModelCard, load, save
from scoring.uplift import UpliftModel, qini_coefficient, qini_interval

LINEAR = ("additive", "interactions")
"""Members without trees: quick."""


def _experiment(rows=3000, *, share=0.5, moved=0.35, seed=0):
    """Everybody buys more with x0; the message moves those with x1 above 1/2, by `moved`."""
    rng = np.random.default_rng(seed)
    X, written = rng.random((rows, 3)), (rng.random(rows) < share).astype(int)
    bought = rng.random(rows) < 0.05 + 0.3 * X[:, 0] + moved * (X[:, 1] > 0.5) * written
    return X, bought.astype(int), written


@pytest.mark.parametrize("member", ["interactions", "trees", "transformed"])
def test_each_member_finds_whom_the_message_moves(member):
    X, bought, written = _experiment()
    model = UpliftModel(members=(member,)).fit(X, bought, treatment=written)
    assert model.heterogeneous_
    fresh, _, _ = _experiment(2000, seed=1)
    uplift, moved = model.predict(fresh), fresh[:, 1] > 0.5
    assert uplift[moved].mean() - uplift[~moved].mean() > 0.15
    assert uplift.mean() == pytest.approx(0.175, abs=0.05)


@pytest.mark.parametrize("member", ["interactions", "trees", "transformed"])
def test_a_feature_that_nobody_has_stops_no_member(member):
    """As the delays of reports in a first experiment; one that comes later changes nothing."""
    X, bought, written = _experiment(1000)
    known, unknown = (np.column_stack([X, np.full(len(X), value)]) for value in (7.0, np.nan))
    model = UpliftModel(members=(member,), folds=2)
    model.fit(unknown, bought, treatment=written)
    assert np.isfinite(model.predict(unknown)).all()
    if member != "interactions":
        np.testing.assert_array_equal(model.predict(known), model.predict(unknown))


def test_who_buys_anyway_is_not_taken_for_who_is_moved():
    """A response model ranks by x0, which has nothing to do with the message."""
    X, bought, written = _experiment()
    model = UpliftModel(members=LINEAR).fit(X, bought, treatment=written)
    fresh, outcome, drawn = _experiment(8000, seed=1)
    ours = qini_coefficient(outcome, model.predict(fresh), drawn)
    assert ours > qini_coefficient(outcome, fresh[:, 0], drawn) + 0.02


def test_the_choice_falls_on_who_orders_unseen_persons_best():
    X, bought, written = _experiment()
    model = UpliftModel(members=LINEAR).fit(X, bought, treatment=written)
    assert model.chosen_ == "interactions"
    assert set(model.scores_) == set(LINEAR)
    assert "interactions has the highest Qini" in model.why_


def test_a_message_that_moves_all_alike_is_not_told_to_move_some_more():
    """Among ten such worlds at 95 %, more than two false alarms would come once in 80."""
    alarms = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        X, written = rng.random((1000, 2)), rng.integers(2, size=1000)
        bought = rng.random(1000) < 0.3 + 0.1 * written
        alarms += UpliftModel(members=LINEAR).fit(X, bought, written).heterogeneous_
    assert alarms <= 2


def test_amounts_are_predicted_in_their_unit():
    rng = np.random.default_rng(0)
    X, written = rng.random((3000, 2)), rng.integers(2, size=3000)
    spend = rng.gamma(2.0, 5.0, size=3000) + 20 * X[:, 0] * written
    uplift = UpliftModel(members=("interactions",)).fit(X, spend, written).predict(X)
    assert uplift.mean() == pytest.approx(10, abs=1.5)
    assert np.corrcoef(uplift, X[:, 0])[0, 1] > 0.9


def test_features_may_be_unknown_and_keep_their_names():
    X, bought, written = _experiment()
    frame = pd.DataFrame(X, columns=["value", "since", "gap_mean"])
    frame.loc[::3, "value"] = np.nan
    frame["gap_mean"] = np.nan
    model = UpliftModel(members=("interactions",)).fit(frame, bought, treatment=written)
    assert list(model.feature_names_in_) == ["value", "since", "gap_mean"]
    assert np.isfinite(model.predict(frame)).all()


def test_a_small_holdout_is_enough_when_it_is_counted_by_its_chance():
    X, bought, written = _experiment(8000, share=0.95)
    model = UpliftModel(members=LINEAR).fit(X, bought, treatment=written, probability=0.95)
    assert model.predict(X).mean() == pytest.approx(0.175, abs=0.06)


@pytest.mark.parametrize("member", [*LINEAR, "trees", "transformed"])
def test_chances_by_what_is_no_feature_are_weighted_out(member):
    """Good customers are written to more often, and nothing in X tells who is one."""
    rng = np.random.default_rng(0)
    good, X = rng.integers(2, size=6000), rng.random((6000, 2))
    chance = np.where(good == 1, 0.8, 0.2)
    written = (rng.random(6000) < chance).astype(int)
    bought = rng.random(6000) < 0.1 + 0.4 * good + 0.05 * written
    model = UpliftModel(members=(member,), folds=2)
    plain = clone(model).fit(X, bought, written).predict(X).mean()
    weighted = model.fit(X, bought, written, probability=chance).predict(X).mean()
    assert plain > 0.2
    assert weighted == pytest.approx(0.05, abs=0.04)


def test_many_rows_of_few_persons_are_few():
    """The same ten persons drawn a hundred times are no experiment of a thousand."""
    X, bought, written = _experiment(1000)
    with pytest.raises(NotEnoughDataError, match="10 persons in the treated arm"):
        UpliftModel().fit(X, bought, written, persons=np.arange(1000) % 10)


def test_rows_of_a_person_never_lie_on_both_sides_of_a_fold():
    """Else a model that knows persons by heart would look as if it knew whom a message moves."""
    rng = np.random.default_rng(0)
    persons = np.repeat(np.arange(40), 50)
    X, written = np.eye(40)[persons], rng.integers(2, size=2000)
    bought = rng.random(2000) < 0.2 + 0.6 * (persons % 2) * written
    model = UpliftModel(members=("interactions",), least_arm=20)
    knows = clone(model).fit(X, bought, written)
    honest = clone(model).fit(X, bought, written, persons=persons)
    assert knows.heterogeneous_
    assert not honest.heterogeneous_


def test_the_same_seed_gives_the_same_model():
    X, bought, written = _experiment(1000)
    model = UpliftModel(members=LINEAR, random_state=3)
    first, second = (clone(model).fit(X, bought, written) for _ in range(2))
    assert first.scores_ == second.scores_
    assert (first.predict(X) == second.predict(X)).all()


@pytest.mark.parametrize("member", [*LINEAR, "trees", "transformed"])
def test_a_saved_model_predicts_the_same(tmp_path, member):
    """Every part of it is on the list of what a file of a model may hold."""
    X, bought, written = _experiment(600)
    model = UpliftModel(members=(member,), folds=2).fit(X, bought, written)
    known = {"made_at": "2026-01-01T00:00:00Z", "population": "all", "rows": 600, "people": 600}
    card = ModelCard(name="uplift", model_id="uplift-1", **known)
    save(model, tmp_path, card)
    loaded = load(tmp_path)
    assert (loaded.predict(X) == model.predict(X)).all()
    assert (loaded.why_, loaded.effect_) == (model.why_, model.effect_)


def test_treatment_is_routed_through_a_pipeline():
    X, bought, written = _experiment(1000)
    with config_context(enable_metadata_routing=True):
        asks = UpliftModel(members=("additive",)).set_fit_request(treatment=True)
        piped = make_pipeline(StandardScaler(), asks).fit(X, bought, treatment=written)
    assert piped.predict(X).shape == (1000,)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"treatment": None}, "who was written to is needed"),
        ({"treatment": np.zeros(3000)}, "nobody is in the treated arm"),
        ({"treatment": np.ones(3000)}, "nobody is in the control arm"),
        ({"probability": np.full(3000, np.nan)}, "3,000 of 3,000 rows have none"),
    ],
)
def test_what_is_no_experiment_is_refused_in_one_sentence(change, sentence):
    X, bought, written = _experiment()
    with pytest.raises(ValueError, match=sentence):
        UpliftModel().fit(X, bought, **({"treatment": written} | change))


def test_unknown_members_are_named():
    with pytest.raises(ValueError, match="'forest'"):
        UpliftModel(members=("forest",)).fit(*_experiment(500))


def test_too_small_an_arm_is_refused_with_what_would_be_enough():
    X, bought, written = _experiment(3000, share=0.02)
    with pytest.raises(NotEnoughDataError, match="persons in the treated arm") as refusal:
        UpliftModel().fit(X, bought, written)
    assert refusal.value.enough == 200


def test_an_experiment_without_a_buyer_is_refused():
    X, _, written = _experiment(1000)
    with pytest.raises(NotEnoughDataError, match="0 persons with an outcome in the treated arm"):
        UpliftModel().fit(X, np.zeros(1000), written)


class Drawn(UpliftModel):
    """The model with every second row treated, since the common checks know no treatment."""

    def __init__(self, random_state: int | None = 0) -> None:
        super().__init__(
            members=LINEAR, least_arm=1, least_outcomes=0, folds=2, random_state=random_state
        )

    def fit(self, X, y):
        """Fit with every second row treated."""
        rows = len(y) if hasattr(y, "__len__") else 1
        return super().fit(X, y, treatment=np.arange(rows) % 2)


@parametrize_with_checks([Drawn()])
def test_the_conventions_of_scikit_learn_are_kept(estimator, check):
    check(estimator)


def test_unseen_predictions_do_not_know_what_the_person_did() -> None:
    """Noise that a model could learn by heart has no order on persons whom it did not see."""
    rng = np.random.default_rng(5)
    X, written = rng.random((1500, 3)), rng.integers(2, size=1500)
    bought = rng.random(1500) < 0.3
    model = UpliftModel(members=("transformed",)).fit(X, bought, written)
    seen = qini_interval(bought, model.predict(X), written)
    unseen = qini_interval(bought, model.predict_unseen(X, bought, written), written)
    assert unseen.low < 0 < seen.low
