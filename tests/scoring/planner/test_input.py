"""Input that makes no sense is refused in one sentence that says what would be right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scoring.planner import plan

GOOD: dict[str, Any] = {"values": np.ones((3, 2)), "capacity": [2, 2]}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"values": [[1, 2], [3, np.nan], [0, 0]]}, r"values\[1, 1\] is nan; a finite number"),
        ({"values": [[1, -np.inf]]}, r"values\[0, 1\] is -inf; .*allowed"),
        ({"values": [1, 2, 3]}, r"values has shape \(3,\); \(persons, slots\)"),
        ({"values": np.ones((3, 0)), "capacity": []}, "values has shape"),
        ({"capacity": [1, -2]}, r"capacity\[1\] is -2.0; 0 or more parts"),
        ({"capacity": [np.nan, 2]}, r"capacity\[0\] is nan"),
        ({"capacity": [1, 2, 3]}, r"capacity has shape \(3,\); \(2,\) would be right"),
        ({"reserve": 1.5}, "reserve is 1.5; a share from 0 to 1"),
        ({"parts": [1, 0, 2]}, r"parts\[1\] is 0; a message takes 1 or more"),
        ({"parts": [1, 1.5, 2]}, "parts holds float64 that are not whole"),
        ({"parts": [1, 1]}, r"parts has shape \(2,\); \(3,\) would be right"),
        ({"allowed": np.ones((2, 2), dtype=bool)}, r"allowed has shape \(2, 2\)"),
        ({"allowed": [1, 0]}, "allowed holds int64; true and false"),
        ({"zone": [0, 0, 0]}, "zone is given without allowed"),
        ({"zone": [0, 2, 0], "allowed": np.ones((2, 2), bool)}, r"zone\[1\] is 2; .* 2 rows"),
        ({"zone": [0, 0, 0], "allowed": [True, True]}, "allowed has shape"),
        ({"deadline": [1, np.nan, 1]}, "deadline holds float64 that are not whole"),
        ({"explore_share": 1.0}, "explore_share is 1.0; from 0 to below 1"),
    ],
)
def test_it_is_refused(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        plan(**{**GOOD, **wrong})


def test_the_place_of_a_wrong_value_is_named_among_many() -> None:
    values = np.ones((50_000, 3), dtype=np.float32)
    values[40_123, 2] = np.nan
    with pytest.raises(ValueError, match=r"values\[40123, 2\]"):
        plan(values, [1, 1, 1])


def test_what_is_given_is_left_as_it_is() -> None:
    values = np.random.default_rng(0).random((50, 2)).astype(np.float32)
    before = values.copy()
    plan(values, [20, 20], explore_share=0.5, random_state=0)
    assert (values == before).all()
