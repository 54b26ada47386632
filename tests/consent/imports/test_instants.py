"""Instants as shops' systems write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.consent.imports.instants import read_instant

NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-01T09:00:00Z",
        "2026-06-01 09:00:00 UTC",
        "2026-06-01 09:00:00 +0000",
        "2026-06-01T11:00:00+02:00",
        "2026-06-01 05:00:00 -0400",
        "2026-06-01T09:00:00.000Z",
        "2026-06-01 10:00:00",
        "1780304400",
        "1780304400000",
    ],
)
def test_each_way_of_writing_is_the_same_instant(text: str) -> None:
    assert read_instant(text, ZoneInfo("Europe/London")) == NINE


def test_a_day_is_its_first_instant() -> None:
    assert read_instant("2026-06-01", UTC) == datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["01/06/2026", "June 1", "", "2026-13-01", "9"])
def test_what_could_be_two_instants_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="2026-03-01T09:30:00Z"):
        read_instant(text, UTC)
