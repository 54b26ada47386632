"""Advice: what can be, how little room it takes, and until when it is any."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import pytest
from support.scores import CURVE, score
from support.world import START

from gateway.domain.score import STALE_AFTER, BestHours, pack_hours, unpack_hours
from scoring.schema import SCORES, STALE_DAYS


def test_the_lake_and_the_gateway_agree_on_when_advice_is_stale() -> None:
    assert timedelta(days=STALE_DAYS) == STALE_AFTER
    assert tuple(BestHours) == ("now", "one_hour", "personal")
    assert SCORES.column("best_hours").meaning.startswith("now, one_hour or personal")


@pytest.mark.parametrize(
    ("age", "stale"),
    [
        (timedelta(0), False),
        (timedelta(days=14), False),
        (timedelta(days=14, microseconds=1), True),
    ],
)
def test_advice_is_stale_when_it_is_older_than_fourteen_days(age: timedelta, stale: bool) -> None:
    assert score().is_stale(START + age) is stale


@pytest.mark.parametrize(
    "change",
    [
        {"churn": 1.5},
        {"churn": math.nan},
        {"value": -1.0},
        {"value_high": math.inf},
        {"uplift": -2.0},
        {"hours": CURVE[:24]},
        {"hours": (*CURVE[1:], -0.1)},
        {"hours": (*CURVE[1:], math.nan)},
        {"made_at": datetime(2026, 11, 23)},  # noqa: DTZ001 -- the fault under test
        {"buy_again": ("cup",) * 101},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        score(**change)


@pytest.mark.parametrize("curve", [CURVE, (0.0,) * 168, (), (1e-9,) * 168, (0.0,) * 167 + (1.0,)])
def test_a_packed_curve_comes_back_to_a_hundred_thousandth_of_its_peak(
    curve: tuple[float, ...],
) -> None:
    back = unpack_hours(pack_hours(curve))
    lost = [abs(a - b) for a, b in zip(curve, back, strict=True)]
    assert max(lost, default=0) <= max(curve, default=0) * 1e-5


def test_octets_that_are_no_curve_are_refused() -> None:
    with pytest.raises(ValueError, match="hours has 3 octets"):
        unpack_hours(b"abc")
