"""Qini curves: zero for no order, the whole gain for a true one, right under any draw."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.uplift import qini_coefficient, qini_curve, qini_interval


def _experiment(rows=20_000, *, seed=0, chance=None):
    """Uplift is 0.3 for x above 0.5 and nothing below."""
    rng = np.random.default_rng(seed)
    x = rng.random(rows)
    chance = np.full(rows, 0.5) if chance is None else chance(x)
    written = (rng.random(rows) < chance).astype(int)
    bought = (rng.random(rows) < 0.1 + 0.3 * (x > 0.5) * written).astype(float)
    return bought, x, written, chance


def test_one_figure_for_everybody_has_no_area():
    bought, x, written, _ = _experiment()
    assert qini_coefficient(bought, np.ones_like(x), written) == pytest.approx(0, abs=1e-12)


def test_the_true_order_has_the_area_that_geometry_gives():
    """The gain rises to 0.15 at one half and stays: 0.1125 less 0.075 below the line."""
    bought, x, written, _ = _experiment()
    assert qini_coefficient(bought, x > 0.5, written) == pytest.approx(0.0375, abs=0.003)
    assert qini_coefficient(bought, x < 0.5, written) == pytest.approx(-0.0375, abs=0.003)


def test_a_random_order_has_an_interval_around_nothing():
    bought, x, written, _ = _experiment()
    noise = np.random.default_rng(1).random(x.size)
    found = qini_interval(bought, noise, written)
    assert found.low < 0 < found.high


def test_the_curve_ends_in_the_average_effect():
    bought, x, written, _ = _experiment()
    curve = qini_curve(bought, x, written)
    mean = bought[written == 1].mean() - bought[written == 0].mean()
    assert (curve.share[0], curve.gain[0], curve.share[-1]) == (0.0, 0.0, 1.0)
    assert curve.gain[-1] == pytest.approx(mean)


def test_only_the_order_of_the_uplift_counts():
    bought, x, written, _ = _experiment(2000)
    plain = qini_coefficient(bought, x, written)
    assert qini_coefficient(bought, np.exp(5 * x), written) == pytest.approx(plain)


def test_ties_do_not_depend_on_the_order_of_the_rows():
    bought, x, written, _ = _experiment(2000)
    backwards = slice(None, None, -1)
    rows = (bought, x.round(1), written)
    assert qini_coefficient(*rows) == pytest.approx(
        qini_coefficient(*(column[backwards] for column in rows))
    )


@pytest.mark.parametrize(
    "chance", [lambda x: np.where(x > 0.5, 0.8, 0.3), lambda x: np.full(x.size, 0.95)]
)
def test_chances_that_differ_change_the_coefficient_by_chance_only(chance):
    bought, x, written, chances = _experiment(40_000, chance=chance)
    found = qini_coefficient(bought, x > 0.5, written, probability=chances)
    assert found == pytest.approx(0.0375, abs=0.006)


def test_a_lead_over_another_order_is_paired():
    """The same order leads itself by nothing, in every resample."""
    bought, x, written, _ = _experiment(2000)
    same = qini_interval(bought, x, written, against=x)
    assert (same.estimate, same.low, same.high) == (0.0, 0.0, 0.0)
    assert qini_interval(bought, x, written, against=-x).low > 0


def test_intervals_hold_rows_of_one_person_together():
    """The same experiment written down four times is no surer than once."""
    bought, x, written, _ = _experiment(3000)
    rows = [np.tile(column, 4) for column in (bought, x, written)]
    once, by_row = qini_interval(bought, x, written), qini_interval(*rows)
    by_person = qini_interval(*rows, persons=np.tile(np.arange(3000), 4))
    assert by_person.high - by_person.low == pytest.approx(once.high - once.low, rel=0.05)
    assert by_row.high - by_row.low < 0.7 * (once.high - once.low)


@pytest.mark.parametrize("wrong", [[0.1], [0.1, np.nan]])
def test_an_order_must_fit_the_rows(wrong):
    with pytest.raises(ValueError, match="2 finite numbers"):
        qini_coefficient([0, 1], wrong, [0, 1])
