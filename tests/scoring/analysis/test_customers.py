"""Segments, cohorts and concentration, against answers counted by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from scoring.analysis import cohorts, customers, outlook
from scoring.errors import NotEnoughDataError
from tests.scoring.lakes import MemoryLake, order

DAY = 24 * 60
LAKE = MemoryLake(
    orders=[
        order("ann", 0, value=100.0),
        order("ann", 30 * DAY, value=100.0),
        order("bob", 1 * DAY, value=20.0),
        order("bob", 1 * DAY + 5, value=20.0, kind="return"),
        order("eve", 40 * DAY, value=30.0),
        order("eve", 90 * DAY, value=30.0),
    ]
)
"""From 6 January 2020: ann in January and February, bob in January, eve in February and April."""


def test_the_triangle_counts_people_and_fills_months_without_any() -> None:
    found = cohorts.triangle(LAKE, date(2020, 4, 30))
    cells = {
        (f"{row.cohort:%m}", row.month): (row.bought, row.people) for row in found.itertuples()
    }
    assert cells == {
        ("01", 0): (2, 2),
        ("01", 1): (1, 2),
        ("01", 2): (0, 2),
        ("01", 3): (0, 2),
        ("02", 0): (1, 1),
        ("02", 1): (0, 1),
        ("02", 2): (1, 1),
    }


def test_a_month_that_is_not_over_is_left_out() -> None:
    """Half a month of sales would look like a fall."""
    assert cohorts.triangle(LAKE, date(2020, 4, 29))["month"].max() == 2


def test_since_leaves_out_older_cohorts_and_makes_nobody_new() -> None:
    found = cohorts.triangle(LAKE, date(2020, 4, 30), since=date(2020, 2, 10))
    assert found["cohort"].unique().tolist() == [pd.Timestamp("2020-02-01")]
    assert found["people"].max() == 1


def test_all_cohorts_together_weigh_by_people() -> None:
    months = cohorts.retention(cohorts.triangle(LAKE, date(2020, 4, 30))).set_index("month")
    assert months["share"].tolist() == pytest.approx([1, 1 / 3, 1 / 3, 0])


def test_who_is_still_there_stands_in_the_cohort_of_the_first_purchase() -> None:
    day = date(2020, 4, 30)
    found = cohorts.still_there(customers.people(LAKE, day), day, lately=60)
    assert found["people"].tolist() == [2, 1]
    assert found["bought"].tolist() == [0, 1]


def test_segments_follow_the_days_since_the_last_purchase() -> None:
    X = customers.people(LAKE, date(2020, 4, 30))
    assert customers.segments(X).to_dict() == {"ann": "best", "bob": "once", "eve": "regular"}
    assert customers.segments(X, lately=60)["ann"] == "cooling"
    assert customers.segments(X, lately=30)["ann"] == "lapsed"


def test_a_portrait_adds_up_and_returns_are_no_spend() -> None:
    X = customers.people(LAKE, date(2020, 4, 30))
    found = customers.portrait(X, customers.segments(X)).set_index("segment")
    assert found["share"].sum() == found["spend_share"].sum() == pytest.approx(1)
    assert found["spend"].to_dict() == {"best": 200.0, "regular": 60.0, "once": 20.0}
    times = customers.unlike(found.reset_index()).set_index(["segment", "measure"])["times"]
    assert times["best", "spend so far (money)"] == pytest.approx(200 / (280 / 3))


def test_what_is_to_come_stands_beside_the_truth() -> None:
    told = pd.DataFrame({"spend": [10.0, 30.0], "purchases": [1.0, 3.0]}, index=["ann", "eve"])
    segment = pd.Series(pd.Categorical(["best", "best"]), index=["ann", "eve"], name="segment")
    found = outlook.to_come(told, segment, pd.Series({"eve": 2.0, "ann": 1.0, "bob": 9.0}))
    assert found.loc[0, ["people", "spend", "purchases", "true"]].tolist() == [2, 40.0, 2.0, 1.5]


def test_a_lake_too_short_for_a_label_is_refused() -> None:
    with pytest.raises(NotEnoughDataError, match="days of orders"):
        outlook.expected(LAKE, date(2020, 4, 5), first=date(2020, 1, 6))
