"""The pictures of churn show what their tables say, and say where there is nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scoring.analysis import churn, mask_small, profit
from scoring.metrics import Interval
from scoring.plots import churn as plots

OFFER = profit.Offer(cost=1.0, margin=4.0, saved=0.5)
P, Y, TRUE = np.array([0.9, 0.6, 0.1]), np.array([1.0, 0, 0]), np.array([0.8, 0.7, 0.2])
NONE = np.zeros(0)


@pytest.mark.parametrize("bound", [0.9, None])
def test_each_model_stands_with_its_interval_and_the_bound_where_it_is_known(
    bound: float | None,
) -> None:
    found, *line = plots.models({"a": Interval(0.7, 0.6, 0.9)}, bound).data
    assert list(found.x) == [0.7]
    assert found.error_x.array[0] == pytest.approx(0.2)
    assert found.error_x.arrayminus[0] == pytest.approx(0.1)
    assert [list(one.x) for one in line] == ([[0.9, 0.9]] if bound else [])


def test_what_came_stands_over_what_was_predicted() -> None:
    _, came, true = plots.calibration(churn.calibration(Y, P, true=TRUE)).data
    assert dict(zip(came.x, came.y, strict=True)) == {0.1: 0.0, 0.6: 0.0, 0.9: 1.0}
    assert list(true.y) == [0.2, 0.7, 0.8]
    assert len(plots.calibration(churn.calibration(Y, P)).data) == 2


def test_few_people_give_no_point() -> None:
    drawn = plots.calibration(mask_small(churn.calibration(Y, P)))
    assert "nobody" in drawn.layout.annotations[0].text


def test_the_weightiest_column_is_on_top() -> None:
    table = pd.DataFrame(
        {"feature": ["since", "age"], "meaning": ["a", "b"], "lost": [0.2, 0.1], "sd": 0.01}
    )
    drawn = plots.drivers(table)
    assert list(drawn.data[0].y) == ["since", "age"]
    assert drawn.layout.yaxis.autorange == "reversed"


def test_each_value_of_the_second_column_has_a_line() -> None:
    table = pd.DataFrame({"value": [1.0, 2, 1, 2], "by": [0.0, 0, 5, 5], "churn": [0.1, 0.2, 0, 1]})
    few, many = plots.dependence(table, "since (d)", "purchases (days)").data
    assert (few.name, list(few.y)) == ("0", [0.1, 0.2])
    assert (many.name, list(many.y)) == ("5", [0, 1])


def test_profit_is_drawn_as_it_came_as_predicted_and_at_best() -> None:
    curve, best = profit.curve(OFFER, P, Y), profit.curve(OFFER, TRUE, Y)
    came, expected, true = plots.profit(curve, 2, "EUR", best).data
    assert list(came.y) == [0.0, 1.0, 0.0, -1.0]
    assert list(expected.y) == pytest.approx([0.0, 0.8, 1.0, 0.2])
    assert list(true.y) == list(came.y)
    assert len(plots.profit(curve, 2, "EUR").data) == 2


@pytest.mark.parametrize(
    "drawn",
    [
        plots.models({}),
        plots.calibration(churn.calibration(NONE, NONE)),
        plots.drivers(pd.DataFrame()),
        plots.dependence(pd.DataFrame(), "since (d)", "purchases (days)"),
        plots.profit(profit.curve(OFFER, NONE, NONE), 0, "EUR"),
    ],
    ids=lambda drawn: drawn.layout.title.text,
)
def test_an_empty_table_makes_a_picture_that_says_so(drawn: object) -> None:
    assert len(drawn.layout.annotations) == 1
    assert drawn.layout.xaxis.title.text
