"""The model of value on simulated people: level, order, intervals, season, small and odd shops."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scoring.metrics import normalised_gini, spearman
from scoring.value import BGNBDValue, ValueModel
from tests.scoring.value.spenders import Spenders, spenders

BEFORE, AT = "2020-01-01", "2021-01-01"


@pytest.fixture(scope="module")
def learned() -> Spenders:
    """From whom is learned."""
    return spenders(8_000, seed=1)


@pytest.fixture(scope="module")
def others() -> Spenders:
    """On whom it is tried."""
    return spenders(8_000, seed=2)


@pytest.fixture(scope="module")
def model(learned: Spenders) -> ValueModel:
    """Fitted."""
    return ValueModel(random_state=0).fit(learned.X, learned.spend, learned.purchases)


def test_the_sum_is_what_others_spend(model: ValueModel, others: Spenders) -> None:
    assert model.predict(others.X).sum() == pytest.approx(others.spend.sum(), rel=0.08)
    purchases = model.predict_purchases(others.X).sum()
    assert purchases == pytest.approx(others.purchases.sum(), rel=0.05)


def test_each_tenth_spends_what_was_expected(model: ValueModel, others: Spenders) -> None:
    """Of the better three; below, so few buy that 800 people do not tell."""
    expected = model.predict(others.X)
    for rows in np.array_split(np.argsort(expected), 10)[7:]:
        assert others.spend[rows].mean() == pytest.approx(expected[rows].mean(), rel=0.25)


def test_it_orders_people_as_well_as_the_model_they_were_made_with(
    model: ValueModel, others: Spenders
) -> None:
    true_kind = BGNBDValue(mean="gamma_gamma").fit(others.X).predict(others.X)
    ours = model.predict(others.X)
    for measure in (normalised_gini, spearman):
        assert measure(others.spend, ours) > measure(others.spend, true_kind) - 0.02


@pytest.mark.parametrize("coverage", [0.9, 0.95])
def test_intervals_hold_the_share_they_say(
    model: ValueModel, others: Spenders, coverage: float
) -> None:
    """Four in five spend nothing: hardly a smaller share can be left out of what holds 0."""
    low, high = model.predict_interval(others.X, coverage).T
    assert (low <= high).all()
    inside = np.mean((low <= others.spend) & (others.spend <= high))
    assert coverage - 0.02 < inside < coverage + 0.05


def test_intervals_hold_it_among_those_who_buy_often_too(
    model: ValueModel, others: Spenders
) -> None:
    often = model.predict_purchases(others.X) > 4
    low, high = model.predict_interval(others.X[often], 0.8).T
    inside = np.mean((low <= others.spend[often]) & (others.spend[often] <= high))
    assert 0.7 < inside < 0.92
    assert (low > 0).any()


def test_last_years_same_days_set_the_level() -> None:
    """Learned in an ordinary time of the year, tried where twice as much is spent."""
    then, now = spenders(4_000, seed=3, season=2.0), spenders(4_000, seed=4)
    ahead = spenders(4_000, seed=5, season=2.0)
    X, spend = pd.concat([then.X, now.X]), np.r_[then.spend, now.spend]
    cutoffs = np.repeat(np.array([BEFORE, "2020-10-03"], "datetime64[D]"), 4_000)
    with_season = ValueModel(random_state=0).fit(X, spend, cutoffs=cutoffs, at=AT)
    without = ValueModel(random_state=0, season=False).fit(X, spend, cutoffs=cutoffs, at=AT)
    assert with_season.predict(ahead.X).sum() == pytest.approx(ahead.spend.sum(), rel=0.15)
    assert without.predict(ahead.X).sum() < 0.65 * ahead.spend.sum()
    assert (with_season.buying_season_, with_season.purchase_season_) == pytest.approx(
        (0, 0), abs=0.1
    )


def test_the_next_order_is_when_half_of_the_living_have_bought(model: ValueModel) -> None:
    X = pd.DataFrame(
        {
            "frequency": [20.0, 3.0, 20.0, 0.0],
            "recency": [398.0, 390.0, 100.0, 0.0],
            "age": [400.0, 400.0, 400.0, 700.0],
            "value_mean": 30.0,
        }
    )
    often, seldom, gone, once_long_ago = model.next_order(X)
    rate = (model.buying_.r_ + 20) / (model.buying_.alpha_ + 400)
    assert often == pytest.approx(np.log(2) / rate, rel=0.05)
    assert often < seldom < 365
    assert np.isnan([gone, once_long_ago]).all()


def test_a_row_alone_is_told_what_it_is_told_among_others(
    model: ValueModel, others: Spenders
) -> None:
    among = model.predict_interval(others.X)[7], model.predict(others.X)[7]
    alone = model.predict_interval(others.X.iloc[[7]])[0], model.predict(others.X.iloc[[7]])[0]
    assert alone[0] == pytest.approx(among[0])
    assert alone[1] == pytest.approx(among[1])


def test_a_small_shop_is_told_by_bgnbd_alone() -> None:
    few = spenders(60, seed=6)
    model = ValueModel(random_state=0).fit(few.X, few.spend)
    assert model.members_ == ("bgnbd",)
    assert 0.4 < model.predict(few.X).sum() / few.spend.sum() < 2.5
    low, high = model.predict_interval(few.X).T
    assert np.mean((low <= few.spend) & (few.spend <= high)) > 0.6


def test_where_nothing_was_bought_nothing_is_expected(learned: Spenders) -> None:
    """Also without a warning, and with the season asked for."""
    cutoffs = np.repeat(np.array([BEFORE, "2020-10-03"], "datetime64[D]"), 4_000)
    model = ValueModel().fit(learned.X, np.zeros(8_000), cutoffs=cutoffs, at=AT)
    assert model.predict(learned.X).sum() == 0
    assert model.predict_purchases(learned.X).sum() == 0
    assert model.predict_interval(learned.X).sum() == 0


def test_where_everything_was_free_nothing_is_expected(learned: Spenders) -> None:
    """All purchases worth 0, in the past and in the horizon."""
    free = learned.X.assign(value_mean=0.0)
    model = ValueModel().fit(free, np.zeros(8_000), learned.purchases)
    assert model.predict(free).sum() == 0
    assert model.predict_purchases(free).sum() == pytest.approx(learned.purchases.sum(), rel=0.01)


def test_where_everybody_bought_everybody_is_expected_to(learned: Spenders) -> None:
    buyers = learned.purchases > 0
    X, spend = learned.X[buyers], learned.spend[buyers]
    model = ValueModel().fit(X, spend)
    assert model.predict(X).sum() == pytest.approx(spend.sum(), rel=0.2)


def test_where_everybody_bought_once_no_gap_is_missed(learned: Spenders) -> None:
    """Columns of gaps are then empty from top to bottom."""
    once = learned.X.assign(frequency=0.0, recency=0.0, gap_mean=np.nan, value_sd=np.nan)
    model = ValueModel(random_state=0).fit(once, learned.spend)
    assert model.predict(once).sum() == pytest.approx(learned.spend.sum(), rel=0.01)
    assert np.isfinite(model.predict_interval(once)).all()


def test_one_customer_with_half_of_the_sales_leaves_the_others_as_they_are(
    model: ValueModel, learned: Spenders, others: Spenders
) -> None:
    """He bought for as much before, so that he is known; the sum has him, the others do not pay."""
    X, spend = learned.X.copy(), learned.spend.copy()
    regular = int(np.argmax(X["frequency"]))
    X.iloc[regular, X.columns.get_loc("value_mean")] *= 300
    spend[regular] = spend.sum()
    with_him = ValueModel(random_state=0).fit(X, spend, learned.purchases)
    found = with_him.predict(X)
    assert found.sum() == pytest.approx(spend.sum(), rel=0.01)
    assert found.argmax() == regular
    assert found[regular] > 0.25 * spend.sum()
    typical = [np.median(fitted.predict(others.X)) for fitted in (with_him, model)]
    assert typical[0] == pytest.approx(typical[1], rel=0.15)


def test_two_fits_with_one_seed_agree(model: ValueModel, learned: Spenders) -> None:
    again = ValueModel(random_state=0).fit(learned.X, learned.spend, learned.purchases)
    assert (again.predict(learned.X) == model.predict(learned.X)).all()
