"""People's hours: kinds that are alike are one, and what chance would find is told."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from scoring.analysis.habits import best_hours, kinds, within_an_hour
from scoring.timing import SendTimeModel


@pytest.fixture(scope="module")
def done() -> csr_array:
    """Sixty people of the morning and forty of the evening, on all days."""
    counts = np.zeros((100, 7, 24))
    counts[:60, :, 8] = 2
    counts[60:, :, 20] = 2
    return csr_array(counts.reshape(100, -1))


def test_two_kinds_are_found_however_many_are_asked_for(done: csr_array) -> None:
    table = kinds(SendTimeModel(kinds=4, random_state=0).fit(done), done)
    sizes = table.groupby("kind")[["share", "best"]].first()
    assert sizes["best"].tolist() == [8, 20]
    assert sizes["share"].round(1).tolist() == [0.6, 0.4]
    assert table.groupby("kind")["chance"].sum().round(6).eq(1).all()


def test_the_best_hour_is_looked_for_among_those_allowed() -> None:
    told = np.zeros((1, 168))
    told[0, [2, 10]] = 0.8, 0.2
    assert best_hours(told, range(8, 22)).tolist() == [10]


def test_right_is_within_an_hour_and_chance_deals_hours_out_again() -> None:
    table, one, chance = within_an_hour([8, 20, 20, 9], [9, 20, 8, 20], [1, 1, 5, 9], shop=20)
    assert table["events"].tolist() == ["1", "4 to 7", "8 or more", "everybody"]
    assert table["right"].tolist() == [2, 0, 0, 2]
    assert one == 0.5
    # Half of the found hours are early, and half of the true ones.
    assert chance == pytest.approx(0.5)
