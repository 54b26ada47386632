"""SendTimeModel: people's hours are found, strangers get the shop's, and nothing is made up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn.utils.estimator_checks import parametrize_with_checks

from scoring.timing import SendTimeModel
from scoring.timing.circle import kernel, shares
from scoring.timing.mixture import fit_mixture, memberships


@parametrize_with_checks([SendTimeModel()])
def test_keeps_the_conventions_of_scikit_learn(estimator, check):
    """All common checks, none left out."""
    check(estimator)


def _shop(people=600, events=12, seed=0):
    """Half of the shop is up early on workdays, half late on weekends."""
    random = np.random.default_rng(seed)
    early = np.zeros((7, 24))
    late = np.zeros((7, 24))
    early[:5, 7:10] = 1
    late[5:, 19:23] = 1
    curves = np.stack([shares(early.ravel() + 0.02), shares(late.ravel() + 0.02)])
    kind = np.arange(people) % 2
    counts = [random.multinomial(events, curves[k]) for k in kind]
    return np.array(counts, dtype=float), kind, curves


def test_a_person_is_told_by_her_kind_and_a_stranger_by_the_shop():
    counts, kind, _ = _shop()
    model = SendTimeModel(kinds=2).fit(counts)
    told = model.transform(counts)
    assert told[kind == 0].reshape(-1, 7, 24)[:, :5, 7:10].sum((1, 2)).mean() > 0.6
    assert told[kind == 1].reshape(-1, 7, 24)[:, 5:, 19:23].sum((1, 2)).mean() > 0.6
    stranger = model.transform(np.zeros((1, 168)))[0]
    np.testing.assert_allclose(stranger, model.curve_, rtol=1e-5)


def test_shrinking_beats_both_the_shop_curve_and_the_bare_histogram():
    counts, _, _ = _shop(events=6)
    later, _, _ = _shop(seed=1)
    told = SendTimeModel(kinds=2).fit(counts).transform(counts)
    shop = shares(counts.sum(0) + 1)
    bare = shares(counts + 0.01)
    loss = [-(later * np.log(p)).sum() / later.sum() for p in (told, np.tile(shop, (600, 1)), bare)]
    assert loss[0] < min(loss[1:])


def test_kinds_are_found_by_their_hours_and_their_firmness():
    """People of one kind keep to 8 h strictly, those of the other wander around 20 h."""
    random = np.random.default_rng(3)
    firm = random.dirichlet(200 * shares(np.eye(24)[8] + 0.02), 400)
    loose = random.dirichlet(5 * shares(np.eye(24)[20] + 0.02), 400)
    counts = np.array([random.multinomial(40, p) for p in np.vstack([firm, loose])])
    mixture = fit_mixture(counts, 2)
    assert list(mixture.alphas.argmax(1)) == [8, 20]
    assert mixture.firmness[0] > 8 * mixture.firmness[1]
    assert memberships(counts, mixture)[:400, 0].mean() > 0.99


def test_later_events_choose_the_settings():
    """Where people keep their hours to the minute, smoothing must go."""
    random = np.random.default_rng(4)
    hour = random.integers(24, size=300)
    first, later = np.zeros((2, 300, 24))
    first[np.arange(300), hour] = later[np.arange(300), hour] = 8
    assert SendTimeModel(kernel_hours=1.5).fit_later(first, later).kernel_hours == 0.5


def test_an_event_is_heard_in_the_next_hour_but_not_before_the_shop_opens():
    curve = shares(np.where((np.arange(24) >= 8) & (np.arange(24) < 18), 1.0, 1e-6))
    heard = kernel(24, 1.0, curve)[8]
    assert heard[9] > 0.2
    assert heard[7] < 0.01
    assert kernel(24, 1.0)[0, 23] == pytest.approx(kernel(24, 1.0)[0, 1])


def test_sparse_and_dense_and_blocks_tell_the_same():
    counts, _, _ = _shop(people=100)
    model = SendTimeModel().fit(csr_array(counts))
    whole = model.transform(counts)
    for rows, curves in model.blocks(csr_array(counts), size=33):
        np.testing.assert_allclose(curves, whole[rows], rtol=1e-4)
    np.testing.assert_allclose(whole.sum(1), 1, rtol=1e-4)
    assert whole.dtype == np.float32


@pytest.mark.parametrize(
    ("counts", "words"),
    [(-np.eye(24), "Negative"), (np.full((3, 24), np.nan), "NaN"), (np.empty((0, 24)), "0 sample")],
)
def test_counts_that_are_none_are_refused(counts, words):
    with pytest.raises(ValueError, match=words):
        SendTimeModel().fit(counts)


@pytest.mark.parametrize("setting", [{"kinds": 0}, {"kernel_hours": -1}, {"other_days": 2}])
def test_settings_without_meaning_are_refused(setting):
    with pytest.raises(ValueError, match=next(iter(setting))):
        SendTimeModel(**setting).fit(np.ones((3, 24)))


@pytest.mark.parametrize("people", [1, 3])
def test_a_shop_of_one_or_three_people_has_a_curve(people):
    told = SendTimeModel().fit(np.eye(24)[:people]).transform(np.eye(24)[:people])
    np.testing.assert_allclose(told.sum(1), 1, rtol=1e-5)


def test_nobody_did_anything_is_an_even_curve():
    told = SendTimeModel().fit(np.zeros((5, 168))).transform(np.zeros((1, 168)))
    np.testing.assert_allclose(told, 1 / 168, rtol=1e-4)


def test_next_hours_of_online_retail_ii_are_nearer_than_the_day_of_week_tells(orders_data):
    """Inside the training span only: histories to 2010-09-01, the five months after."""
    orders = pd.read_parquet(orders_data / "orders.parquet", columns=["cust", "ts"])
    person = orders.cust.factorize()[0]
    slot = orders.ts.dt.day_of_week * 24 + orders.ts.dt.hour
    counts = {}
    spans = {"before": ("2009", "2010-09-01"), "after": ("2010-09-01", "2011-02-11")}
    for name, (from_, to) in spans.items():
        at = ((orders.ts >= from_) & (orders.ts < to)).to_numpy()
        shape = (person.max() + 1, 168)
        counts[name] = csr_array((np.ones(at.sum()), (person[at], slot[at])), shape=shape)
    model = SendTimeModel().fit(counts["before"])
    shop = shares(np.asarray(counts["before"].sum(0)).reshape(7, 24) + 0.5).ravel()
    after = np.asarray(counts["after"].sum(0))
    assert (
        -model.log_likelihood(counts["before"], counts["after"])
        < -(after @ np.log(shop)) / after.sum()
    )
