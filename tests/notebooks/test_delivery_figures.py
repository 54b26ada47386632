"""The pictures of delivery show what their tables say, and say where there is nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from scoring.analysis.delivery import Decline, busier, declines
from scoring.analysis.masking import mask_small
from scoring.analysis.shares import with_share
from scoring.plots import delivery as plots


def counted(key: str, rows: dict[object, tuple[int, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            key: list(rows),
            "lost": [a for a, _ in rows.values()],
            "parts": [b for _, b in rows.values()],
        }
    )
    return with_share(frame, "lost", "parts").assign(people=frame["parts"], median=5.0, p90=50.0)


def test_a_bar_stands_for_each_line_and_the_marked_one_stands_out() -> None:
    lines = counted("line_id", {"a": (2, 100), "b": (40, 100)})
    drawn = plots.lost_by(lines, "line_id", "line", marked=["b"])
    [bars] = drawn.data
    assert list(bars.x) == ["a", "b"]
    assert list(bars.y) == [0.02, 0.40]
    assert bars.marker.color[0] != bars.marker.color[1]
    assert drawn.layout.yaxis.title.text == "lost (% of parts)"


def test_an_empty_table_makes_a_picture_that_says_so() -> None:
    drawn = plots.lost_by(counted("line_id", {}), "line_id", "line")
    assert "no part" in drawn.layout.annotations[0].text


def test_weeks_add_up_what_days_lost() -> None:
    daily = pd.DataFrame(
        {"line_id": "a", "day": [4, 5, 11], "lost": [1, 1, 5], "parts": [10, 10, 10]}
    )
    [line] = plots.lost_over_time(daily).data
    assert list(line.y) == [0.1, 0.5]


def test_a_line_is_sick_only_when_it_surely_got_worse() -> None:
    days = range(100)
    steady = [{"line_id": "a", "day": day, "lost": 2, "parts": 40} for day in days]
    worse = [{"line_id": "b", "day": day, "lost": 2 + 6 * (day > 90), "parts": 40} for day in days]
    found = declines(pd.DataFrame([*steady, *worse]))
    assert [(one.line, one.sick) for one in found] == [("b", True), ("a", False)]


def test_a_sure_and_tiny_rise_is_no_sickness() -> None:
    assert not Decline(line="a", before=0.02, lately=0.03, low=0.005, high=0.015).sick


def test_few_lost_parts_of_few_name_no_hour() -> None:
    hours = counted("hour", {3: (1, 5), 10: (50, 1000), 18: (150, 1000)})
    assert busier(hours)["hour"].tolist() == [18]


@pytest.mark.parametrize(("people", "shown"), [(9, False), (10, True)])
def test_groups_of_fewer_than_ten_people_show_no_number(people: int, shown: bool) -> None:
    frame = pd.DataFrame({"hour": [3], "people": [people], "spend": [5.0]})
    masked = mask_small(frame, keep=["hour"])
    assert masked["hour"].tolist() == [3]
    assert masked["spend"].notna().tolist() == [shown]
    assert masked["people"].notna().tolist() == [shown]
