"""The pictures of customers show what their tables say, and say where there is nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scoring.analysis import mask_small
from scoring.analysis.customers import concentration
from scoring.analysis.shares import with_share
from scoring.plots import customers as plots

PORTRAIT = pd.DataFrame(
    {
        "segment": ["best", "once"],
        "meaning": ["much", "little"],
        "people": [30, 70],
        "share": [0.3, 0.7],
        "spend_share": [0.8, 0.2],
    }
)
COHORTS = with_share(
    pd.DataFrame(
        {
            "cohort": pd.to_datetime(["2026-01-01", "2026-01-01", "2026-01-01", "2026-02-01"]),
            "month": [0, 1, 2, 0],
            "people": [40, 40, 40, 5],
            "bought": [40, 10, 20, 5],
        }
    ),
    "bought",
    "people",
)


def test_people_and_spend_stand_side_by_side() -> None:
    people, spend = plots.shares(PORTRAIT).data
    assert list(people.x) == ["best", "once"]
    assert (list(people.y), list(spend.y)) == ([0.3, 0.7], [0.8, 0.2])


def test_colour_says_times_the_mean_and_text_the_value() -> None:
    long = pd.DataFrame(
        {"segment": ["best", "once"], "measure": "basket (money)", "value": [200.0, 5.0]}
    ).assign(times=[2.0, 0.5])
    [grid] = plots.unlike(long).data
    assert np.asarray(grid.z).ravel().tolist() == [1.0, -1.0]
    assert np.asarray(grid.text).ravel().tolist() == ["200", "5.00"]


def test_the_triangle_leaves_out_the_month_in_which_all_bought() -> None:
    [grid] = plots.triangle(COHORTS).data
    assert list(grid.y) == ["Jan 2026"]
    assert np.asarray(grid.z).tolist() == [[0.25, 0.5]]


def test_cells_of_few_people_are_empty() -> None:
    few = COHORTS.assign(people=9)
    [grid] = plots.triangle(mask_small(few, keep=["month"])).data
    assert np.isnan(np.asarray(grid.z, float)).all()


def test_the_curve_runs_from_nobody_to_everybody() -> None:
    spend, alike = plots.lorenz({"so far": concentration([3.0, 1.0], points=2)}).data
    assert list(spend.y) == [0.0, 0.75, 1.0]
    assert list(alike.y) == [0, 1]


@pytest.mark.parametrize("known", [True, False])
def test_the_truth_is_drawn_where_it_is_known(known: bool) -> None:
    table = pd.DataFrame(
        {"segment": ["best"], "people": 20, "spend_mean": 9.0, "purchases": 2.0, "true": 1.5}
    )
    drawn = plots.to_come(table if known else table.assign(true=np.nan), 90)
    assert [one.name for one in drawn.data] == ["expected", "true"][: 1 + known]
    there = COHORTS[COHORTS["month"] == 0]
    true = pd.Series([0.5], index=there["cohort"][:1]) if known else None
    assert len(plots.still_there(there, true).data) == 1 + known


@pytest.mark.parametrize(
    "drawn",
    [
        plots.shares(PORTRAIT[:0]),
        plots.unlike(pd.DataFrame()),
        plots.triangle(COHORTS[COHORTS["month"] == 0]),
        plots.retention(COHORTS[:0]),
        plots.still_there(COHORTS[:0]),
        plots.lorenz({"so far": concentration([0.0])}),
        plots.to_come(pd.DataFrame(), 90),
    ],
    ids=lambda drawn: drawn.layout.title.text,
)
def test_an_empty_table_makes_a_picture_that_says_so(drawn: object) -> None:
    assert len(drawn.layout.annotations) == 1
    assert drawn.layout.xaxis.title.text
