"""BG/NBD finds the parameters people were made with, and says what they will do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import check_grad
from scipy.special import hyp2f1
from sklearn.utils.estimator_checks import parametrize_with_checks

from scoring.bgnbd import BGNBD
from scoring.bgnbd.likelihood import log_likelihood, rows_of
from scoring.metrics import auc
from tests.scoring.simulated import TRUE, buyers


@parametrize_with_checks([BGNBD()])
def test_it_keeps_the_conventions_of_scikit_learn(estimator, check) -> None:
    check(estimator)


@pytest.fixture(scope="module")
def people() -> tuple[pd.DataFrame, np.ndarray]:
    """Simulated people and their purchases in the next 90 days."""
    return buyers(120_000, **TRUE)


@pytest.fixture(scope="module")
def model(people: tuple[pd.DataFrame, np.ndarray]) -> BGNBD:
    """Fitted on them."""
    return BGNBD(horizon=90).fit(people[0])


def test_it_recovers_the_parameters(model: BGNBD) -> None:
    found = [model.r_, model.alpha_, model.a_, model.b_]
    assert found == pytest.approx(list(TRUE.values()), rel=0.05)


def test_no_purchase_happens_as_often_as_it_says(
    model: BGNBD, people: tuple[pd.DataFrame, np.ndarray]
) -> None:
    """In every tenth of the people, not only on average."""
    X, bought = people
    p = model.predict_proba(X)[:, 1]
    tenth = np.digitize(p, np.quantile(p, np.arange(0.1, 1, 0.1)))
    for which in range(10):
        held = tenth == which
        assert p[held].mean() == pytest.approx((bought[held] == 0).mean(), abs=0.012)


def test_purchases_sum_to_what_was_bought(
    model: BGNBD, people: tuple[pd.DataFrame, np.ndarray]
) -> None:
    X, bought = people
    expected = model.expected_purchases(X, 90)
    assert expected.sum() == pytest.approx(bought.sum(), rel=0.02)
    often = X["frequency"].to_numpy() > 5
    assert expected[often].sum() == pytest.approx(bought[often].sum(), rel=0.03)


def test_alive_is_no_measure_of_who_will_not_buy(
    model: BGNBD, people: tuple[pd.DataFrame, np.ndarray]
) -> None:
    """`1 - alive` calls who bought once the safest of all; the closed form does not."""
    X, bought = people
    none = bought == 0
    assert (model.alive(X[X["frequency"] == 0]) == 1).all()
    assert auc(none, model.predict_proba(X)[:, 1]) > auc(none, 1 - model.alive(X)) + 0.05


def test_purchases_are_those_of_the_published_formula() -> None:
    """Eq. 10 of Fader, Hardie, Lee, where the hypergeometric series is stable."""
    model = BGNBD()
    model.r_, model.alpha_, model.a_, model.b_ = r, alpha, a, b = 0.25, 34.0, 0.7, 2.1
    x, recency, age = np.array([0.0, 2, 30]), np.array([0.0, 100, 250]), np.array([90.0, 150, 260])
    t = 39.0
    series = hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + age + t))
    kept = ((alpha + age) / (alpha + age + t)) ** (r + x)
    stopped = (x > 0) * a / np.where(x > 0, b + x - 1, 1)
    stopped = stopped * ((alpha + age) / (alpha + recency)) ** (r + x)
    published = (a + b + x - 1) / (a - 1) * (1 - kept * series) / (1 + stopped)
    X = pd.DataFrame({"frequency": x, "recency": recency, "age": age})
    model.n_features_in_, model.feature_names_in_ = 3, np.array(X.columns, dtype=object)
    assert model.expected_purchases(X, t) == pytest.approx(published, rel=1e-9)


def test_the_gradient_is_that_of_the_likelihood(people: tuple[pd.DataFrame, np.ndarray]) -> None:
    few = people[0].head(500).to_numpy().T
    rows = rows_of(*few, None, 100.0)
    wrong = check_grad(
        lambda at: log_likelihood(at, rows)[0],
        lambda at: log_likelihood(at, rows)[1],
        np.array([0.7, 0.4, 0.9, 2.5]),
    )
    assert wrong < 0.02


def test_a_row_may_stand_for_many_people() -> None:
    X, _ = buyers(2_000, seed=5, **TRUE)
    X = X.round(-1)
    X["recency"] = X[["recency", "age"]].min(axis=1)
    twice = pd.concat([X, X.head(500)])
    weighted = BGNBD().fit(X, sample_weight=np.r_[np.full(500, 2.0), np.ones(1_500)])
    assert weighted.alpha_ == pytest.approx(BGNBD().fit(twice).alpha_, rel=1e-3)


@pytest.mark.parametrize("frequency", [0.0, 1.0, 400.0])
def test_a_shop_of_one_kind_of_person_still_has_an_answer(frequency: float) -> None:
    """Nothing tells the parameters apart there; the prior keeps them finite."""
    n = 50
    recency = 0.0 if frequency == 0 else 400.0
    X = pd.DataFrame({"frequency": [frequency] * n, "recency": recency, "age": 401.0})
    model = BGNBD().fit(X)
    p = model.predict_proba(X)[:, 1]
    assert np.isfinite([model.r_, model.alpha_, model.a_, model.b_]).all()
    assert ((p >= 0) & (p <= 1)).all()
    assert np.isfinite(model.expected_purchases(X, 90)).all()


def test_days_or_hours_make_no_difference() -> None:
    X, _ = buyers(3_000, seed=2, **TRUE)
    days = BGNBD(90).fit(X).predict_proba(X)
    X[["recency", "age"]] *= 24
    assert BGNBD(90 * 24).fit(X).predict_proba(X) == pytest.approx(days, abs=1e-3)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"recency": 50.0}, "recency is above age in 1 rows"),
        ({"frequency": -1.0}, "Negative values"),
        ({"age": np.nan}, "NaN"),
    ],
)
def test_what_cannot_be_is_named(change: dict[str, float], sentence: str) -> None:
    X = pd.DataFrame({"frequency": [1.0], "recency": [5.0], "age": [9.0]}).assign(**change)
    with pytest.raises(ValueError, match=sentence):
        BGNBD().fit(X)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match=r"\['age'\] is missing"):
        BGNBD().fit(pd.DataFrame({"frequency": [1.0], "recency": [5.0]}))
