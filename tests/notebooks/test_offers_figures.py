"""The pictures of offers show what their tables say, and say where there is nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scoring.plots import offers as plots


def test_each_list_stands_beside_what_sells_best() -> None:
    judged = pd.DataFrame(
        {
            "list": ["buy again"] * 2,
            "way": ["what sells best", "buy again"],
            "share": [0.2, 0.9],
            "low": [0.1, 0.8],
            "high": [0.3, 1.0],
            "people": [50, 50],
        }
    )
    best, own = plots.lists(judged).data
    assert (list(best.y), list(own.y)) == ([0.2], [0.9])
    nobody = judged.assign(people=np.nan)
    assert "nobody" in plots.lists(nobody).layout.annotations[0].text


def test_a_shop_without_categories_is_told_of() -> None:
    assert "no categories" in plots.together(pd.DataFrame()).layout.annotations[0].text


def test_every_two_categories_have_their_cell() -> None:
    lift = pd.DataFrame([[np.nan, 2.0], [2.0, np.nan]], index=["a", "b"], columns=["a", "b"])
    [cells] = plots.together(lift).data
    assert cells.z[0][1] == cells.z[1][0] == 2


def test_the_curve_has_a_band_and_a_line_of_chance() -> None:
    curve = pd.DataFrame(
        {"share": [0, 1.0], "gain": [0, 0.03], "low": [0, 0.02], "high": [0, 0.04]}
    ).assign(random=[0, 0.03])
    high, low, ours, chance = plots.qini(curve).data
    assert (high.y[1], low.y[1]) == (4, 2)
    assert (ours.y[1], chance.y[1]) == (3, 3)


def test_the_bins_where_a_message_truly_moves_are_marked() -> None:
    bins = pd.DataFrame(
        {"first": [0, 30], "end": [30, 121], "people": 40, "predicted": [0.0, 0.1]}
    ).assign(effect=[0.01, 0.09], low=[-0.02, 0.05], high=[0.04, 0.13])
    other, moved, predicted = plots.by_days(bins, (30, 120)).data
    assert (list(other.x), list(moved.x)) == (["0 to 29"], ["30 to 120"])
    assert list(predicted.y) == [0.0, 0.1]
    unknown = plots.by_days(bins).data[0]
    assert len(unknown.x) == 2
