"""The pictures of hours show what their tables say, and say where there is nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scoring.plots import timing as plots


def test_each_hour_of_the_week_has_its_cell_and_the_masked_ones_stay_white() -> None:
    cells = pd.DataFrame({"slot": [0, 25], "count": [7.0, np.nan], "people": [12.0, np.nan]})
    [drawn] = plots.week(cells, "count", "Purchases", "purchases").data
    assert np.shape(drawn.z) == (7, 24)
    assert drawn.z[0][0] == 7
    assert np.isnan(drawn.z[1][1])


def test_a_week_of_small_groups_makes_a_picture_that_says_so() -> None:
    cells = pd.DataFrame({"slot": [0], "count": [np.nan], "people": [np.nan]})
    drawn = plots.week(cells, "count", "Purchases", "purchases")
    assert "too few people" in drawn.layout.annotations[0].text


def test_each_kind_has_its_line_named_by_its_hour() -> None:
    curves = pd.DataFrame(
        {"kind": [0, 0, 1, 1], "hour": [8, 20] * 2, "chance": [0.1, 0.9, 0.8, 0.2]}
    ).assign(share=[0.7, 0.7, 0.3, 0.3], best=[20, 20, 8, 8])
    drawn = plots.kinds(curves)
    assert [line.name for line in drawn.data] == [
        "70% of people, best at 20:00",
        "30% of people, best at 8:00",
    ]


def test_what_is_true_stands_beside_what_is_found_only_where_it_is_known() -> None:
    shares = pd.Series([0.25, 0.75], index=[8, 20])
    assert [bar.name for bar in plots.best_hours(shares).data] == ["found"]
    assert [bar.name for bar in plots.best_hours(shares, shares).data] == ["found", "true"]


def test_chance_is_drawn_across_the_bars() -> None:
    known = pd.DataFrame(
        {"events": ["1", "2"], "people": [9, 9], "share": [0.5, 0.7], "low": 0.4, "high": 0.8}
    )
    bars, one, chance = plots.within_an_hour(known, 0.4, 0.2).data
    assert list(bars.y) == [0.5, 0.7]
    assert (list(one.y), list(chance.y)) == ([0.4] * 2, [0.2] * 2)


def test_a_policy_of_which_too_little_is_known_is_left_out() -> None:
    values = pd.DataFrame(
        {"value": [0.1, np.nan], "low": [0.05, np.nan], "high": [0.2, np.nan]},
        index=["any hour", "personal hours"],
    )
    [points] = plots.policies(values).data
    assert list(points.x) == ["any hour"]
    assert "too few" in plots.policies(values.iloc[1:]).layout.annotations[0].text


def test_the_plan_stands_under_the_capacity() -> None:
    slots = pd.DataFrame({"hour": [8, 9], "planned": [5, 3], "wished": [8, 0], "capacity": [5, 5]})
    wished, planned, room = plots.plan(slots).data
    assert (list(wished.y), list(planned.y)) == ([8, 0], [5, 3])
    assert list(room.x) == [7.5, 8.5, 8.5, 9.5]
    nobody = slots.assign(wished=0, planned=0)
    assert "nobody" in plots.plan(nobody).layout.annotations[0].text
