"""Profit against sums made by hand, and offers that cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.analysis.profit import Offer, compare, curve

OFFER = Offer(cost=1.0, margin=10.0, saved=0.2)


def test_the_curve_adds_up_in_the_order_of_chances() -> None:
    """Half of a margin of 2 a churner pays for one message."""
    found = curve(OFFER, [0.1, 0.9, 0.5], [1, 1, 0])
    assert found["people"].tolist() == [0, 1, 2, 3]
    assert found["came"].tolist() == [0.0, 1.0, 0.0, 1.0]
    assert found["expected"].tolist() == pytest.approx([0.0, 0.8, 0.8, 0.0])


def test_the_expected_profit_is_highest_at_the_break_even() -> None:
    p = np.random.default_rng(0).random(500)
    found = curve(OFFER, p, p, points=500)
    assert found["people"][found["expected"].idxmax()] == (p > OFFER.break_even).sum()


def test_choosing_is_held_against_writing_to_everybody() -> None:
    p, churned = np.repeat([0.9, 0.1], 500), np.repeat([1.0, 0.0], 500)
    found = compare(OFFER, p, churned)
    assert found["profit"].estimate == 500
    assert found["everybody"].estimate == 500
    assert found["profit"].low < 500 < found["profit"].high


def test_where_nothing_pays_nobody_is_written_to() -> None:
    found = compare(Offer(cost=9.0, margin=1.0, saved=0.1), [0.9, 0.8], [1, 1])
    assert found["profit"].estimate == 0


@pytest.mark.parametrize(
    ("cost", "margin", "saved"), [(-1, 1, 0.1), (1, 0, 0.1), (1, 1, 0), (1, 1, 1.1)]
)
def test_an_offer_that_cannot_be_is_refused(cost: float, margin: float, saved: float) -> None:
    with pytest.raises(ValueError, match="are right"):
        Offer(cost=cost, margin=margin, saved=saved)
