"""The message of an arm goes when the arm says, on the person's clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.commerce.deciding.timing import goes_at
from gateway.commerce.experiments import Arm

NOON = datetime(2026, 3, 28, 12, 30, tzinfo=UTC)
"""The day before clocks go forward in Europe."""
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("arm", "at"),
    [
        ({}, "2026-03-28T12:30"),
        ({"delay": timedelta(hours=2)}, "2026-03-28T14:30"),
        ({"hour": 18}, "2026-03-28T17:00"),
        ({"hour": 13}, "2026-03-28T12:30"),
        ({"hour": 9}, "2026-03-29T07:00"),
        ({"hour": 9, "delay": timedelta(days=1)}, "2026-03-30T07:00"),
        ({"hour": 2}, "2026-03-29T01:00"),
    ],
    ids=["at once", "later", "evening", "this hour", "tomorrow", "both", "an hour left out"],
)
def test_it_goes_at(arm: dict[str, object], at: str) -> None:
    assert goes_at(Arm(name="arm", **arm), NOON, BERLIN) == datetime.fromisoformat(f"{at}+00:00")
