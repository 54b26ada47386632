"""Lengths of time as marketers write them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.duration import MOST, format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("45m", timedelta(minutes=45)),
        ("48h", timedelta(hours=48)),
        ("14d", timedelta(days=14)),
        ("2w", timedelta(days=14)),
        ("90s", timedelta(seconds=90)),
        ("0m", timedelta()),
    ],
)
def test_a_length_is_read(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    "text", ["", "45", "m", "045m", "4.5h", "-1h", "1h30m", " 1h", "1H", "1h\n", "٤h", 45, None]
)
def test_what_is_no_length_is_refused_with_what_would_be_right(text: object) -> None:
    with pytest.raises(ValueError, match='such as "45m", "48h" or "14d"'):
        parse_duration(text)


def test_a_slip_of_the_keyboard_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than 3650d"):
        parse_duration("9999w")


@given(st.integers(0, MOST // timedelta(seconds=1)))
def test_what_is_written_is_read_as_the_same(seconds: int) -> None:
    length = timedelta(seconds=seconds)
    text = format_duration(length)
    if len(text) <= 6:
        assert parse_duration(text) == length


@pytest.mark.parametrize(("text", "written"), [("60m", "1h"), ("48h", "2d"), ("90m", "90m")])
def test_the_largest_unit_that_divides_it_is_written(text: str, written: str) -> None:
    assert format_duration(parse_duration(text)) == written
