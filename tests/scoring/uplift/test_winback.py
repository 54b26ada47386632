"""Win-back goes by uplift once an experiment is large and clear enough, by risk until then."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scoring.uplift import UpliftModel, enough_for_winback, winback_targets


def _people(rows, seed=0):
    """The message moves who has much of x and drives away who has little; risk is the contrary."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame({"x": rng.random(rows)}, index=[f"p{n}" for n in range(rows)])
    return X, pd.Series(1 - X["x"], index=X.index, name="churn")


def _model(rows, *, moved=0.4):
    X, _ = _people(rows)
    rng = np.random.default_rng(1)
    written = rng.integers(2, size=rows)
    bought = rng.random(rows) < 0.25 + moved * (X["x"] - 0.4) * written
    return UpliftModel(members=("interactions",)).fit(X, bought, treatment=written)


def test_without_an_experiment_the_likeliest_to_leave_come_first():
    _, churn = _people(50)
    chosen = winback_targets(churn, 10)
    assert chosen.by == "risk"
    assert list(chosen.persons) == list(churn.sort_values(ascending=False).index[:10])


def test_with_a_clear_experiment_the_moved_come_first_and_the_annoyed_never():
    X, churn = _people(500, seed=2)
    chosen = winback_targets(churn, 400, model=_model(8000), X=X)
    assert chosen.by == "uplift"
    assert "by uplift: interactions" in chosen.why
    assert X.loc[chosen.persons, "x"].is_monotonic_decreasing
    assert X.loc[chosen.persons, "x"].min() > 0.25
    assert len(chosen.persons) < 400


def test_a_small_experiment_leaves_it_to_risk_and_says_what_would_be_enough():
    X, churn = _people(50)
    chosen = winback_targets(churn, 10, model=_model(1000), X=X)
    assert chosen.by == "risk"
    assert "persons in the smaller arm" in chosen.why
    assert "would show a lift of 20 %" in chosen.why


def test_a_large_experiment_without_differences_leaves_it_to_risk():
    X, churn = _people(50)
    chosen = winback_targets(churn, 10, model=_model(8000, moved=0.0), X=X)
    assert chosen.by == "risk"
    assert "does not tell whom a message moves" in chosen.why


def test_who_is_not_known_is_no_target():
    churn = pd.Series([0.9, np.nan, 0.5], index=["ann", "bob", "cid"])
    assert list(winback_targets(churn, 3).persons) == ["ann", "cid"]


def test_features_of_everybody_are_needed_for_an_uplift():
    X, churn = _people(50)
    model = _model(8000)
    for features in (None, X.iloc[:10]):
        with pytest.raises(ValueError, match="features of every person"):
            winback_targets(churn, 10, model=model, X=features)


def test_what_is_enough_falls_with_the_lift_that_is_looked_for():
    assert enough_for_winback(0.05) == 8_155
    assert enough_for_winback(0.05, 0.06) == 85_197
