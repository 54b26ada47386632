"""The estimators of value keep the conventions of scikit-learn, and name what cannot be."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from scoring.errors import NotEnoughDataError
from scoring.value import BGNBDValue, GammaGamma, ValueModel
from tests.scoring.value.spenders import spenders

ALL = [GammaGamma(), BGNBDValue(), BGNBDValue(mean="gamma_gamma"), ValueModel()]


@parametrize_with_checks(ALL)
def test_it_keeps_the_conventions_of_scikit_learn(estimator: BaseEstimator, check) -> None:
    check(estimator)


@pytest.mark.parametrize("estimator", ALL)
@pytest.mark.parametrize("column", ["frequency", "value_mean"])
def test_a_column_without_which_nothing_can_be_said_is_named(
    estimator: BaseEstimator, column: str
) -> None:
    made = spenders(50)
    broken = made.X.drop(columns=column) if column != "frequency" else made.X.assign(frequency=-1)
    sentence = "Negative values" if column == "frequency" else r"\['value_mean'\] is missing"
    with pytest.raises(ValueError, match=sentence):
        clone(estimator).fit(broken, made.spend)


def test_nan_is_refused_only_where_everybody_has_a_number() -> None:
    made = spenders(400)
    gaps = made.X.assign(gap_mean=np.where(made.X["frequency"] > 0, 20.0, np.nan))
    assert np.isfinite(ValueModel().fit(gaps, made.spend).predict(gaps)).all()
    with pytest.raises(ValueError, match="age is NaN in 400 rows"):
        ValueModel().fit(made.X.assign(age=np.nan), made.spend)


@pytest.mark.parametrize(
    ("spend", "sentence"),
    [
        ([-1.0] * 50, "spend is negative in 50 rows"),
        ([np.nan] * 50, "spend has NaN"),
        ([1.0] * 49, "49 numbers for 50 rows"),
    ],
)
def test_spend_that_cannot_be_is_named(spend: list[float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        ValueModel().fit(spenders(50).X, spend)


def test_a_mean_that_is_not_known_is_named() -> None:
    with pytest.raises(ValueError, match="own, shrunk or gamma_gamma"):
        BGNBDValue(mean="median").fit(spenders(50).X)


def test_nobody_is_refused() -> None:
    made = spenders(50)
    with pytest.raises(ValueError, match="0 sample"):
        ValueModel().fit(made.X.head(0), [])


def test_three_people_are_too_few_and_it_says_how_many_are_not() -> None:
    made = spenders(3)
    with pytest.raises(NotEnoughDataError, match="3 people at cut-offs, 10 would be enough"):
        ValueModel().fit(made.X, made.spend)


def test_cutoffs_must_be_one_a_row() -> None:
    made = spenders(50)
    with pytest.raises(ValueError, match="one each is right"):
        ValueModel().fit(made.X, made.spend, cutoffs=["2020-01-01"])


@pytest.mark.parametrize("coverage", [0.0, 1.0, 80])
def test_coverage_is_a_share(coverage: float) -> None:
    made = spenders(50)
    with pytest.raises(ValueError, match="a share between 0 and 1"):
        ValueModel().fit(made.X, made.spend).predict_interval(made.X, coverage)
