"""The pictures of experiments show what their tables say, and say where there is nothing."""

from __future__ import annotations

import pandas as pd

from scoring.plots import experiments as plots

SIZES = pd.DataFrame({"lift": [0.1, 0.2], "people": [4000, 1000]})
SEEN = pd.DataFrame(
    {"rule": ["a", "a", "b", "b"], "look": [1, 2, 1, 2], "stopped": [0.1, 0.2, 0.0, 0.05]}
)
RUN = pd.DataFrame(
    {
        "look": [1, 2],
        "value": [0.2, 0.05],
        "low": [0.1, -0.05],
        "high": [0.3, 0.15],
        "wide_low": [-0.1, -0.2],
        "wide_high": [0.5, 0.3],
    }
)
GROUPS = pd.DataFrame(
    {
        "group": ["0-29", "30-59", "60+"],
        "people": [50, 60, None],
        "base": [0.2, 0.1, None],
        "effect": [0.0, 0.05, None],
        "low": [-0.02, 0.01, None],
        "high": [0.02, 0.09, None],
    }
)


def test_the_size_of_a_holdout_is_a_line_across():
    drawn = plots.needed(SIZES, {"largest holdout": 2000})
    curve, mark = drawn.data
    assert list(curve.y) == [4000, 1000]
    assert (mark.name, list(mark.y)) == ("largest holdout", [2000, 2000])
    assert drawn.layout.yaxis.title.text == "people in each arm"


def test_each_rule_has_its_line_and_they_differ_without_colour():
    drawn = plots.seen_by(SEEN, "False alarms", line=0.05)
    assert [(trace.name, list(trace.y)) for trace in drawn.data] == [
        ("a", [0.1, 0.2]),
        ("b", [0.0, 0.05]),
    ]
    assert drawn.data[0].line.dash != drawn.data[1].line.dash
    assert drawn.layout.shapes[0].y0 == 0.05


def test_the_path_shows_both_intervals():
    traces = plots.path(RUN).data
    assert [trace.name for trace in traces] == [*["always valid"] * 2, *["fixed 95 %"] * 2, "found"]
    assert list(traces[2].y) == [0.1, -0.05]


def test_groups_stand_in_order_with_what_is_true_shaded_and_the_masked_left_out():
    drawn = plots.effects(GROUPS, "days", title="Whom", marked=["30-59"], true="truly moved")
    [found] = drawn.data
    assert (list(found.x), list(found.y)) == (["0-29", "30-59"], [0.0, 0.05])
    [band] = [shape for shape in drawn.layout.shapes if shape.type == "rect"]
    assert (band.x0, band.x1) == (0.5, 1.5)


def test_an_empty_table_makes_a_picture_that_says_so():
    for drawn in (
        plots.needed(SIZES.iloc[:0], {}),
        plots.seen_by(SEEN.iloc[:0], "False alarms"),
        plots.path(RUN.iloc[:0]),
        plots.effects(GROUPS.iloc[2:], "days", title="Whom"),
    ):
        assert drawn.layout.annotations[0].text.startswith("no")
