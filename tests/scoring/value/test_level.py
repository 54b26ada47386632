"""The sum of predictions is what people spend, whatever one of them does, in every season."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.value.level import Level
from scoring.value.season import log_ratio, season, weight, year_before


@pytest.fixture
def spend() -> tuple[np.ndarray, np.ndarray]:
    """A score that knows the truth but for level and slope, and spend around it, often 0."""
    random = np.random.default_rng(0)
    score = random.normal(0, 1.5, 20_000)
    buys = random.random(20_000) < 0.4
    return score, buys * np.exp(3 + 0.8 * score) * random.gamma(2, 0.5, 20_000)


def test_it_finds_slope_and_sum(spend: tuple[np.ndarray, np.ndarray]) -> None:
    score, spent = spend
    level = Level().fit(score, spent)
    assert level.predict(score).sum() == pytest.approx(spent.sum(), rel=1e-6)
    assert level.slope_ == pytest.approx(0.8, abs=0.1)


def test_what_was_cut_off_goes_back_to_the_largest(spend: tuple[np.ndarray, np.ndarray]) -> None:
    """One with half of the sales: the sum holds, he gets most of it, the others hardly any."""
    score, spent = spend
    before = Level().fit(score, spent).predict(score)
    top = score.argmax()
    spent = spent.copy()
    spent[top] += spent.sum()
    after = Level().fit(score, spent).predict(score)
    assert after.sum() == pytest.approx(spent.sum(), rel=1e-6)
    few = score < np.median(score)
    assert after[few].sum() == pytest.approx(before[few].sum(), rel=0.1)


def test_the_order_stays(spend: tuple[np.ndarray, np.ndarray]) -> None:
    score, spent = spend
    level = Level().fit(score, np.where(score == score.max(), 1e7, spent))
    assert (np.diff(level.predict(np.sort(score))) >= 0).all()


def test_a_small_shop_moves_its_level_only_as_far_as_its_buyers_tell() -> None:
    score = np.zeros(100)
    few = Level(learn_slope=False).fit(score, np.r_[np.full(2, 500.0), np.zeros(98)])
    many = Level(learn_slope=False).fit(score, np.r_[np.full(90, 500.0 / 45), np.zeros(10)])
    assert 1 < few.predict(score)[0] < many.predict(score)[0] < 10


def test_nothing_bought_is_nothing_expected() -> None:
    assert Level(learn_slope=False).fit(np.zeros(9), np.zeros(9)).predict(np.zeros(2)).sum() == 0


def test_last_year_is_found_only_when_it_is_near() -> None:
    days = np.array(["2010-09-10", "2010-10-10", "2011-06-12"], "datetime64[D]")
    assert year_before(days, np.datetime64("2011-09-20")) == np.datetime64("2010-09-10")
    assert year_before(days, np.datetime64("2011-08-01")) is None


def test_last_year_is_believed_the_more_the_more_there_was_before_and_the_less_noise() -> None:
    assert weight(0.0, 365) == 1
    assert weight(0.0, 365) > weight(0.0, 180) > weight(0.0, 0) > weight(0.5, 0) > 0
    assert weight(np.inf, 365) == 0


def test_the_season_is_what_last_year_brought_beyond_what_was_expected_and_learned() -> None:
    expected = np.full(5_000, 10.0)
    random = np.random.default_rng(3)

    def actual(times: float) -> np.ndarray:
        return times * random.gamma(1, 10, 5_000)

    shift, believed = season((actual(1.8), expected), (actual(1.2), expected), history=365)
    assert shift == pytest.approx(np.log(1.5), abs=0.06)
    assert believed > 0.95
    small, _ = season((actual(1.8)[:9], expected[:9]), (actual(1.2), expected), history=365)
    assert abs(small) < shift


def test_sums_of_nothing_tell_nothing() -> None:
    assert log_ratio(np.zeros(3), np.ones(3)) == (0.0, np.inf)
