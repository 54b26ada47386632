"""How many persons an experiment needs is what a simulation of it needs."""

import numpy as np
import pytest

from gateway.commerce.experiments.power import MOST, POWER, detectable, needed
from gateway.commerce.experiments.sequential import Sample, compare


def found(baseline: float, lift: float, persons: int, share: float, other: float) -> float:
    """Return how often the difference is found at the end."""
    random = np.random.default_rng(11)
    given, left = round(persons * share), round(persons * other)
    seen = 0
    for _ in range(1000):
        one = int(random.binomial(given, baseline * (1 + lift)))
        two = int(random.binomial(left, baseline))
        compared = compare(
            Sample(persons=given, total=one, squares=one),
            Sample(persons=left, total=two, squares=two),
        )
        seen += compared is not None and compared.decided()
    return seen / 1000


@pytest.mark.parametrize(
    ("baseline", "lift", "share", "other"),
    [(0.05, 0.3, 0.9, 0.1), (0.05, 0.3, 0.5, 0.5), (0.2, 0.1, 0.45, 0.1), (0.01, 1.0, 0.9, 0.1)],
)
def test_so_many_find_it_as_often_as_was_asked(
    baseline: float, lift: float, share: float, other: float
) -> None:
    persons = needed(baseline, lift, share, other)
    assert found(baseline, lift, persons, share, other) == pytest.approx(POWER, abs=0.05)


def test_what_so_many_find_is_what_needs_so_many() -> None:
    persons = needed(0.05, 0.3, 0.9, 0.1)
    assert detectable(0.05, persons, 0.9, 0.1) == pytest.approx(0.3, rel=1e-3)


def test_a_smaller_difference_needs_more() -> None:
    assert needed(0.05, 0.1, 0.9, 0.1) > 5 * needed(0.05, 0.3, 0.9, 0.1)


def test_no_lift_is_never_found() -> None:
    assert needed(0.05, 0.0, 0.9, 0.1) == MOST


def test_a_handful_finds_nothing() -> None:
    assert detectable(0.05, 500, 0.9, 0.1) is None


@pytest.mark.parametrize(
    ("baseline", "share", "other"), [(0, 0.9, 0.1), (1, 0.9, 0.1), (0.1, 0, 0.1), (0.1, 0.9, 0.2)]
)
def test_shares_that_are_none_are_refused(baseline: float, share: float, other: float) -> None:
    with pytest.raises(ValueError, match="right: above 0"):
        needed(baseline, 0.1, share, other)
