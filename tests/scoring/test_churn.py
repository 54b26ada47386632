"""The churn model: right answers for shops of every size, at the level of the season."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.utils.estimator_checks import parametrize_with_checks

from scoring.churn import ChurnModel, RFMClassifier
from scoring.errors import NotEnoughDataError
from scoring.files.allowed import TYPES
from scoring.metrics import auc, expected_calibration_error
from tests.scoring.simulated import churned, shop, stacked, table

HORIZON = 90


@parametrize_with_checks([RFMClassifier(), ChurnModel(min_people=1)])
def test_it_keeps_the_conventions_of_scikit_learn(estimator, check) -> None:
    check(estimator)


@pytest.fixture(scope="module")
def seasonal() -> pd.DataFrame:
    """Two years and a half of a shop of strong seasons."""
    return shop(4_500, 950, swing=0.5)


@pytest.fixture(scope="module")
def small() -> pd.DataFrame:
    """A shop of some hundred people."""
    return shop(700, 600, seed=4)


def learned(orders: pd.DataFrame, cutoff: int, **settings: object) -> ChurnModel:
    return ChurnModel(HORIZON, **settings).fit(*stacked(orders, cutoff, HORIZON, snapshots=24))


def test_all_members_are_asked_in_a_large_shop_and_follow_its_season(
    seasonal: pd.DataFrame,
) -> None:
    """At day 731 spring comes again; labels that are known by then are of autumn and winter."""
    X = table(seasonal, 731)
    y = churned(seasonal, X, 731, HORIZON)
    model = learned(seasonal, 731)
    assert set(model.weights_) == {"bgnbd", "logistic", "trees"}
    assert sum(model.weights_.values()) == pytest.approx(1.0)
    told = model.predict_proba(X)[:, 1]
    still = learned(seasonal, 731, season=False).predict_proba(X)[:, 1]
    assert told.mean() == pytest.approx(y.mean(), abs=0.05)
    assert expected_calibration_error(y, told) < expected_calibration_error(y, still)
    assert auc(y, told) > auc(y, X["since"]) + 0.02


def test_a_small_shop_asks_the_two_that_need_little(small: pd.DataFrame) -> None:
    model = learned(small, 450)
    assert set(model.weights_) == {"bgnbd", "rfm"}
    assert "1,000 needed" in model.why_


def test_a_middling_shop_asks_no_trees() -> None:
    model = learned(shop(1_800, 500, seed=8), 400)
    assert set(model.weights_) == {"bgnbd", "rfm", "logistic"}
    assert "no trees" in model.why_


def test_labels_of_one_day_are_not_enough_for_the_large_members(small: pd.DataFrame) -> None:
    X = table(small, 300)
    model = ChurnModel(HORIZON).fit(X, churned(small, X, 300, HORIZON))
    assert set(model.weights_) == {"bgnbd", "rfm"}


def test_without_labels_bgnbd_answers_alone(small: pd.DataFrame) -> None:
    X = table(small, 300)
    model = ChurnModel(HORIZON).fit(X)
    assert model.why_ == "bgnbd alone: no label is known yet"
    expected = model.bgnbd_.predict_proba(X)
    assert model.predict_proba(X) == pytest.approx(expected)


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_all_or_none_churned_leaves_bgnbd(small: pd.DataFrame, label: float) -> None:
    X = table(small, 300)
    model = ChurnModel(HORIZON).fit(X, np.full(len(X), label))
    assert model.why_ == "bgnbd alone: all labels are alike"
    assert np.isfinite(model.predict_proba(X)).all()


@pytest.mark.parametrize("people", [1, 3, 99])
def test_too_few_people_are_told_with_the_number_that_would_do(
    small: pd.DataFrame, people: int
) -> None:
    X = table(small, 300).head(people)
    with pytest.raises(NotEnoughDataError, match=f"{people} people who bought .* 100 would be"):
        ChurnModel().fit(X)


def test_who_has_long_been_away_informs_bgnbd_but_is_no_one_to_learn_from(
    small: pd.DataFrame,
) -> None:
    everybody = table(small, 590, within=np.inf)
    assert (everybody["since"] >= 365).any()
    model = ChurnModel().fit(everybody)
    assert model.bgnbd_.a_ != ChurnModel().fit(table(small, 590)).bgnbd_.a_


def test_a_feature_that_nobody_has_changes_nothing(small: pd.DataFrame) -> None:
    """A shop without messages, or whose dates have no clock."""
    X, y, days = stacked(small, 450, HORIZON)
    now = table(small, 450)
    plain = ChurnModel().fit(X, y, days).predict_proba(now)
    empty = ChurnModel().fit(X.assign(report_delay=np.nan, clicks_30=0.0), y, days)
    told = empty.predict_proba(now.assign(report_delay=np.nan, clicks_30=0.0))
    assert told == pytest.approx(plain, abs=1e-6)


def test_trees_bear_a_column_that_nobody_has(seasonal: pd.DataFrame) -> None:
    X, y, days = stacked(seasonal, 400, HORIZON)
    now = table(seasonal, 400)
    model = ChurnModel(HORIZON, members=("trees",)).fit(X.assign(report_delay=np.nan), y, days)
    told = model.predict_proba(now.assign(report_delay=np.nan))
    without = ChurnModel(HORIZON, members=("trees",)).fit(X, y, days).predict_proba(now)
    assert told == pytest.approx(without)


def test_one_person_is_scored_as_among_all(small: pd.DataFrame) -> None:
    model = learned(small, 450)
    X = table(small, 450)
    assert model.predict_proba(X.iloc[[7]]) == pytest.approx(model.predict_proba(X)[[7]])


def test_a_file_holds_all_of_it_and_nothing_that_is_not_allowed(seasonal: pd.DataFrame) -> None:
    model = learned(seasonal, 500)
    assert set(model.members_) == {"logistic", "trees"}
    data = skops.io.dumps(model)
    assert set(skops.io.get_untrusted_types(data=data)) <= TYPES
    X = table(seasonal, 500)
    again = skops.io.loads(data, trusted=sorted(TYPES))
    assert np.array_equal(again.predict_proba(X), model.predict_proba(X))
    assert again.pace("2022-01-01") == model.pace("2022-01-01")


def test_names_of_people_do_not_matter(small: pd.DataFrame) -> None:
    X, y, days = stacked(small, 450, HORIZON)
    now = table(small, 450)
    renamed = X.set_axis(X.index.map(lambda person: f"p{person}"))
    other = ChurnModel().fit(renamed, y, days).predict_proba(now)
    assert other == pytest.approx(ChurnModel().fit(X, y, days).predict_proba(now))


def test_more_rows_than_are_wanted_are_sampled_by_person(seasonal: pd.DataFrame) -> None:
    X, y, days = stacked(seasonal, 400, HORIZON)
    model = ChurnModel(max_rows=3_000).fit(X, y, days)
    assert model.predict_proba(table(seasonal, 400))[:, 1].std() > 0.1


@pytest.mark.parametrize(
    ("y", "days", "sentence"),
    [
        (np.zeros(3), None, "y has shape"),
        (None, ["2024-01-01"], "cutoffs has shape"),
        (None, [None] * 300, "without a day"),
    ],
)
def test_shapes_that_do_not_fit_are_named(
    small: pd.DataFrame, y: object, days: object, sentence: str
) -> None:
    X = table(small, 450).head(300)
    with pytest.raises(ValueError, match=sentence):
        ChurnModel().fit(X, y, days)


def test_two_classes_only(small: pd.DataFrame) -> None:
    X = table(small, 450)
    with pytest.raises(ValueError, match="Only binary classification"):
        ChurnModel().fit(X, np.arange(len(X)) % 3)
