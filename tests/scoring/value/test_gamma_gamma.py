"""Gamma-Gamma finds the parameters people were made with, and stays sane in a small shop."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scoring.value import BGNBDValue, GammaGamma
from tests.scoring.value.spenders import spenders

P, Q, V = 6.0, 4.0, 15.0


def made(people: int, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """What is known of people, and the true mean of each."""
    random = np.random.default_rng(seed)
    nu = random.gamma(Q, 1 / V, people)
    days = random.poisson(3, people) + 1
    mean = random.gamma(P * days, 1 / nu) / days
    return pd.DataFrame({"frequency": days - 1.0, "value_mean": mean}), P / nu


def test_it_recovers_the_parameters() -> None:
    model = GammaGamma().fit(made(40_000)[0])
    assert [model.p_, model.q_, model.v_] == pytest.approx([P, Q, V], rel=0.05)


def test_it_is_nearer_to_the_truth_than_the_own_mean_and_than_everybodys() -> None:
    X, truth = made(20_000, seed=1)
    found = GammaGamma().fit(X).predict(X)

    def miss(guess: object) -> float:
        return float(np.mean((guess - truth) ** 2))

    assert miss(found) < 0.9 * miss(X["value_mean"])
    assert miss(found) < 0.9 * miss(truth.mean())
    assert found.mean() == pytest.approx(truth.mean(), rel=0.02)


def test_the_currency_makes_no_difference() -> None:
    X, _ = made(3_000)
    pounds = GammaGamma().fit(X).predict(X)
    X["value_mean"] *= 1_000
    assert GammaGamma().fit(X).predict(X) == pytest.approx(1_000 * pounds, rel=1e-3)


@pytest.mark.parametrize("means", [[20.0], [20.0] * 5, [5.0, 500.0, 40.0]])
def test_a_small_shop_has_an_answer_between_the_own_mean_and_the_others(means: list[float]) -> None:
    X = pd.DataFrame({"frequency": 0.0, "value_mean": means})
    found = GammaGamma().fit(X).predict(X)
    assert np.isfinite(found).all()
    assert (found > 0.3 * min(means)).all()
    assert (found < 2 * max(means)).all()


def test_who_was_given_everything_spends_nothing() -> None:
    X = pd.DataFrame({"frequency": [0.0, 3.0], "value_mean": [0.0, 0.0]})
    assert GammaGamma().fit(X).predict(X).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("mean", ["own", "shrunk", "gamma_gamma"])
def test_the_baselines_sum_to_about_what_is_spent_where_there_is_no_season(mean: str) -> None:
    people = spenders(20_000)
    found = BGNBDValue(mean=mean).fit(people.X).predict(people.X)
    assert found.sum() == pytest.approx(people.spend.sum(), rel=0.3)
