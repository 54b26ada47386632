"""The recommenders keep scikit-learn's contract, find tastes, and never offer what is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.utils.estimator_checks import parametrize_with_checks

from scoring.recommend import (
    CosineRecommender,
    EASERecommender,
    PopularRecommender,
    Purchases,
    Recommender,
    SVDRecommender,
)
from scoring.recommend.top import take_best

from .shops import TASTES, taste_of, tasteful

LEARNERS = [CosineRecommender(), EASERecommender(20.0), SVDRecommender(8, random_state=0)]


@parametrize_with_checks([*LEARNERS, PopularRecommender()])
def test_the_conventions_of_scikit_learn_are_kept(
    estimator: Recommender, check: Callable[[Recommender], None]
) -> None:
    check(estimator)


@pytest.mark.parametrize("model", LEARNERS, ids=lambda model: type(model).__name__)
def test_people_are_offered_what_is_of_their_taste(model: Recommender) -> None:
    shop = tasteful()
    bought = shop.matrix()
    items, scores = model.fit(bought).recommend(bought, 3)
    own = shop.people.astype(int) % TASTES
    offered = scores > 0
    right = taste_of(items) == own[:, np.newaxis]
    few_left = (taste_of(shop.items)[np.newaxis] == own[:, np.newaxis]) & (bought.toarray() == 0)
    enough = few_left.sum(axis=1) >= 3
    assert right[enough][offered[enough]].mean() > 0.9


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 60))
@pytest.mark.parametrize("model", [*LEARNERS, PopularRecommender()])
def test_no_list_holds_what_was_bought_or_anything_twice(
    model: Recommender, seed: int, n: int
) -> None:
    bought = tasteful(50, seed=seed).matrix()
    items, scores = model.fit(bought).recommend(bought, n)
    for person, row in enumerate(items):
        offered = row[row >= 0]
        assert len(set(offered)) == len(offered)
        assert not set(offered) & set(bought[[person]].indices)
        assert len(offered) == min(n, bought.shape[1] - bought[[person]].nnz)
    assert (scores[:, 1:] <= scores[:, :-1]).all()


def test_ease_is_the_ridge_regression_of_each_product_on_the_others() -> None:
    """The closed form of the paper, worked out the long way round."""
    bought = tasteful(200).matrix()
    model = EASERecommender(30.0).fit(bought)
    dense = bought.toarray().astype(float)
    for item in (0, 17):
        others = np.delete(np.arange(dense.shape[1]), item)
        X, y = dense[:, others], dense[:, item]
        weights = np.linalg.solve(X.T @ X + 30 * np.eye(len(others)), X.T @ y)
        assert model.weights_[others, item] == pytest.approx(weights, abs=1e-5)
        assert model.weights_[item, item] == 0


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    bought = tasteful(300).matrix()
    model = EASERecommender(20.0).fit(bought)
    whole, _ = model.recommend(bought, 5)
    monkeypatch.setattr("scoring.recommend.base.BLOCK_CELLS", 7 * bought.shape[1])
    assert (model.recommend(bought, 5)[0] == whole).all()


def test_amounts_do_not_count() -> None:
    bought = tasteful(300).matrix()
    often = bought.copy()
    often.data[::3] = 12
    first, second = EASERecommender(20.0).fit(bought), EASERecommender(20.0).fit(often)
    assert (first.weights_ == second.weights_).all()


def test_what_sells_lately_comes_first_among_equals() -> None:
    bought = csr_array(np.array([[1, 1, 1]] * 20 + [[1, 0, 0]]))
    model = EASERecommender(5.0, trend=1.0)
    items, _ = model.fit(bought, lately=[1, 1, 9]).recommend(bought[[20]], 2)
    assert items.tolist() == [[2, 1]]
    items, _ = model.fit(bought, lately=[1, 9, 1]).recommend(bought[[20]], 2)
    assert items.tolist() == [[1, 2]]


def test_a_trend_of_nothing_is_no_trend() -> None:
    bought = tasteful(300).matrix()
    lately = np.arange(bought.shape[1])
    plain = EASERecommender(20.0, trend=0.0).fit(bought, lately=lately).scores(bought)
    assert (plain == EASERecommender(20.0).fit(bought).scores(bought)).all()


@pytest.mark.parametrize(
    ("model", "fitting", "says"),
    [
        (EASERecommender(0), {}, "penalty is 0; above 0"),
        (EASERecommender(), {"lately": [1.0]}, r"lately has shape \(1,\); \(2,\) would be right"),
    ],
)
def test_wrong_input_is_refused(model: Recommender, fitting: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        model.fit(np.eye(2), **fitting)


@settings(max_examples=80, deadline=None)
@given(
    columns=st.integers(1, 200), n=st.integers(1, 12), seed=st.integers(0, 9), kinds=st.booleans()
)
def test_the_best_are_those_of_a_full_sort(columns: int, n: int, seed: int, kinds: bool) -> None:
    random = np.random.default_rng(seed)
    scores = random.normal(size=(7, columns)).astype(np.float32)
    if kinds:
        scores = np.round(scores)
    n = min(n, columns)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :n]
    taken, best = take_best(scores.copy(), n)
    assert (taken == order).all()
    assert (best == np.take_along_axis(scores, order, axis=1)).all()


def test_purchases_are_counted_once_a_day_and_only_up_to_the_cut_off() -> None:
    made = Purchases.of(["a", "a", "a", "b"], ["x", "x", "x", "x"], [3, 3, -1, 400], least=1)
    assert made.people.tolist() == ["a"]
    assert made.age.tolist() == [3]


def test_rare_products_and_those_beyond_the_most_are_left_out() -> None:
    person = ["a", "b", "c", "a", "b", "a"]
    item = ["x", "x", "x", "y", "y", "z"]
    assert Purchases.of(person, item, [1] * 6, least=2).items.tolist() == ["x", "y"]
    assert Purchases.of(person, item, [1] * 6, least=1, most_items=1).items.tolist() == ["x"]
    fixed = Purchases.of(person, item, [1] * 6, items=np.array(["w", "z"], dtype=object))
    assert fixed.matrix().toarray().tolist() == [[0, 1]]
