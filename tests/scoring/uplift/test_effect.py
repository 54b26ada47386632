"""Average effects: right on known truths, with honest intervals, by person and by probability."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.uplift import average_effect, incremental_revenue


def _experiment(rows=4000, *, share=0.5, effect=0.05, seed=0):
    rng = np.random.default_rng(seed)
    written = (rng.random(rows) < share).astype(int)
    return (rng.random(rows) < 0.1 + effect * written).astype(float), written


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    """Of 200 at 90 %, a true interval holds in fewer than 166 or more than 193 once in 500."""
    found = [average_effect(*_experiment(seed=seed), coverage=0.9) for seed in range(200)]
    assert 166 <= sum(each.low <= 0.05 <= each.high for each in found) <= 193


def test_the_error_is_the_textbook_s():
    bought, written = _experiment()
    arms = [bought[written == arm] for arm in (0, 1)]
    textbook = np.sqrt(sum(arm.var() / arm.size for arm in arms))
    assert average_effect(bought, written).error == pytest.approx(textbook, rel=1e-3)


def test_a_small_holdout_is_no_trouble():
    """A standing holdout is 10 % or less."""
    effect = average_effect(*_experiment(40_000, share=0.95), probability=0.95)
    assert effect.low < 0.05 < effect.high
    assert effect.control_rows < 2500


def test_chances_that_depend_on_the_person_are_weighted_out():
    """Good customers are written to more often: the plain difference is far too high."""
    rng = np.random.default_rng(0)
    good = rng.integers(2, size=40_000)
    chance = np.where(good == 1, 0.8, 0.2)
    written = (rng.random(40_000) < chance).astype(int)
    bought = rng.random(40_000) < 0.05 + 0.2 * good + 0.02 * written
    assert average_effect(bought, written).value > 0.1
    effect = average_effect(bought, written, probability=chance)
    assert effect.low < 0.02 < effect.high


def test_rows_of_one_person_are_not_taken_for_many_persons():
    bought, written = _experiment()
    once = average_effect(bought, written)
    persons = np.tile(np.arange(4000), 4)
    again = average_effect(np.tile(bought, 4), np.tile(written, 4), persons=persons)
    assert again.error == pytest.approx(once.error, rel=1e-6)


def test_cuped_takes_away_what_was_known_before_and_leaves_the_effect():
    """Earlier spend that explains 64 % of the variance takes 64 % of it away."""
    rng = np.random.default_rng(0)
    written, before = rng.integers(2, size=20_000), rng.normal(size=20_000)
    spend = 10 + 4 * before + 3 * rng.normal(size=20_000) + 0.2 * written
    effect = average_effect(spend, written, covariates=before)
    assert effect.reduction == pytest.approx(16 / 25, abs=0.03)
    assert effect.low < 0.2 < effect.high
    assert effect.error < 0.65 * average_effect(spend, written).error


def test_cuped_promises_nothing_where_nothing_was_known():
    bought, written = _experiment()
    noise = np.random.default_rng(1).normal(size=4000)
    assert abs(average_effect(bought, written, covariates=noise).reduction) < 0.01


def test_no_outcome_at_all_is_no_effect_and_not_measurable():
    effect = average_effect(np.zeros(1000), np.arange(1000) % 2)
    assert (effect.value, effect.error, effect.measurable) == (0.0, 0.0, False)
    assert "none or all of the control arm answered" in effect.sentence


def test_revenue_that_would_have_come_anyway_is_not_claimed():
    rng = np.random.default_rng(0)
    written = (rng.random(20_000) < 0.9).astype(int)
    spend = rng.gamma(2.0, 5.0, size=20_000) + 1.0 * written
    found = incremental_revenue(spend, written, probability=0.9, cost=500.0)
    assert found.low < written.sum() < found.high
    assert found.spend > 8 * found.revenue
    assert "after their cost" in found.sentence


def test_revenue_that_is_not_measurable_is_told_so():
    rng = np.random.default_rng(0)
    found = incremental_revenue(rng.gamma(0.1, 50.0, size=400), np.arange(400) % 2)
    assert found.sentence.startswith("not measurable yet")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"treatment": np.zeros(4)}, "nobody is in the treated arm"),
        ({"treatment": np.ones(4)}, "nobody is in the control arm"),
        ({"treatment": [0, 1, 2, 1]}, r"0 \(control\) or 1 \(treated\)"),
        ({"treatment": [0, 1]}, r"4 times 0 \(control\)"),
        ({"outcome": [0, 1, np.nan, 0]}, "one finite number"),
        ({"outcome": []}, "one finite number"),
        ({"probability": [0.5, None, 0.5, 0.5]}, "1 of 4 rows have none"),
        ({"probability": [0.5, 1.0, 0.5, 0.5]}, "always or never written to"),
        ({"probability": 0.0}, "always or never written to"),
        ({"persons": ["ann"]}, r"persons: its shape is \(1,\)"),
        ({"covariates": [1.0, np.nan, 2.0, 3.0]}, "covariates: finite numbers"),
    ],
)
def test_what_tells_nothing_is_refused_in_one_sentence(change, sentence):
    given = {"outcome": [0, 1, 1, 0], "treatment": [0, 1, 0, 1]}
    with pytest.raises(ValueError, match=sentence) as refusal:
        average_effect(**(given | change))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("arm", "outcome", "effect", "error"),
    [
        ("Mens E-Mail", "visit", 0.0766, 0.0034),
        ("Mens E-Mail", "conversion", 0.0068, 0.0009),
        ("Mens E-Mail", "spend", 0.77, 0.15),
        ("Womens E-Mail", "visit", 0.0452, None),
        ("Womens E-Mail", "conversion", 0.0031, None),
        ("Womens E-Mail", "spend", 0.42, 0.13),
    ],
)
def test_the_effects_of_hillstrom_s_e_mails_are_reproduced(
    experiment_data, arm, outcome, effect, error
):
    """As SCORING.md 5.7 has them, to the digits that it gives."""
    pandas = pytest.importorskip("pandas")
    rows = pandas.read_csv(experiment_data / "hillstrom.csv")
    rows = rows[rows["segment"].isin([arm, "No E-Mail"])]
    found = average_effect(
        rows[outcome], rows["segment"] == arm, probability=0.5, covariates=rows["history"]
    )
    digits = 2 if outcome == "spend" else 4
    plain = average_effect(rows[outcome], rows["segment"] == arm)
    assert round(plain.value, digits) == effect
    if error is not None:
        assert round(plain.error, digits) == error
    assert found.reduction < 0.02
