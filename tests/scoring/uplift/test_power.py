"""Plans of experiments: how many persons, which lift, and the sentence that it is too early."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.uplift import average_effect, contacts_per_arm, not_measurable, smallest_lift

MEASURED = {
    0.02: (1_941_805, 490_155, 219_936, 56_548, 21_106),
    0.05: (752_700, 189_936, 85_197, 21_882, 8_155),
    0.10: (356_332, 89_862, 40_284, 10_327, 3_839),
}
"""SCORING.md 5.6, by the base rate; columns are `LIFTS`."""

LIFTS = (0.02, 0.04, 0.06, 0.12, 0.20)


@pytest.mark.parametrize("base", MEASURED)
def test_the_table_of_contacts_is_reproduced(base):
    assert tuple(contacts_per_arm(base, lift) for lift in LIFTS) == MEASURED[base]


def test_so_many_contacts_do_show_the_lift_four_times_of_five():
    """What the power says, tried: 300 experiments of the planned size."""
    size = contacts_per_arm(0.10, 0.20)
    rng = np.random.default_rng(0)
    control, treated = rng.binomial(size, 0.10, 300), rng.binomial(size, 0.12, 300)
    spread = np.sqrt(sum(k / size * (1 - k / size) / size for k in (control, treated)))
    shown = np.mean((treated - control) / size > 1.96 * spread)
    assert 0.73 < shown < 0.87


@pytest.mark.parametrize("lift", [0.03, 0.5])
def test_the_smallest_lift_is_the_one_that_needs_so_many(lift):
    assert smallest_lift(0.05, contacts_per_arm(0.05, lift)) == pytest.approx(lift, rel=1e-3)


def test_where_nearly_all_buy_few_persons_show_no_lift_at_all():
    """From 90 % there are only 11 % to rise, which 50 persons do not show."""
    assert smallest_lift(0.9, 50) is None


def test_a_lift_may_be_a_loss():
    assert contacts_per_arm(0.05, -0.06) < contacts_per_arm(0.05, 0.06)


@pytest.mark.parametrize(
    ("base", "lift", "word"),
    [(0.0, 0.1, "base: 0"), (1.0, 0.1, "base: 1"), (0.5, 1.5, "1.25"), (0.1, 0.0, "lift: not 0")],
)
def test_what_cannot_be_planned_is_refused(base, lift, word):
    with pytest.raises(ValueError, match=word):
        contacts_per_arm(base, lift)


def test_too_early_is_said_with_what_would_be_enough():
    assert "8,155 would show a lift of 20 %" in not_measurable(0.05, 8_154, 0.20)
    assert not_measurable(0.05, 8_155, 0.20) is None
    assert "none or all of the control arm" in not_measurable(0.0, 1_000_000)


def test_an_effect_that_is_not_measurable_says_so():
    rng = np.random.default_rng(1)
    written = rng.integers(2, size=2000)
    effect = average_effect(rng.random(2000) < 0.05, written)
    assert not effect.measurable
    assert effect.sentence.startswith("not measurable yet: ")
