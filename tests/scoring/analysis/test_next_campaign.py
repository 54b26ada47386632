"""The plan keeps what the lines can send, and is held against what is possible."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.analysis.next_campaign import slots_used, ways
from scoring.planner import plan

VALUES = np.array([[0.1, 0.9], [0.2, 0.8], [0.3, 0.4]])


def test_the_plan_stands_between_the_best_there_is_and_queues() -> None:
    room = [2, 2]
    table = ways(VALUES, room, plan(VALUES, room), best=1)
    assert table["answers"].round(6).tolist() == [2.1, 2.0, 2.0, 0.7]
    assert table["people"].tolist() == [3, 3, 3, 3]
    assert table.loc["the plan", "share"] == pytest.approx(2.0 / 2.1)


def test_a_queue_leaves_out_whom_no_line_can_reach() -> None:
    table = ways(VALUES, [1, 1], plan(VALUES, [1, 1]), best=1)
    assert table.iloc[2:]["people"].tolist() == [2, 2]


def test_hours_tell_what_is_planned_wished_and_possible() -> None:
    table = slots_used(VALUES, [2, 2], plan(VALUES, [2, 2]), [8, 9])
    assert table["planned"].tolist() == [1, 2]
    assert table["wished"].tolist() == [0, 3]
