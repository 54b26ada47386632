"""Where a number belongs, for whoever chooses a line."""

from __future__ import annotations

import pytest

from gateway.domain.destination import Destinations, calling_code


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("+447700900123", "+44"),
        ("+12025550123", "+1"),
        ("+33639980123", "+33"),
        ("+358400000000", "+358"),
        ("+999", ""),
        ("+", ""),
        ("", ""),
        ("+x4", ""),
    ],
)
def test_the_calling_code(number: str, code: str) -> None:
    assert calling_code(number) == code


def test_the_longest_route_that_says_more() -> None:
    destinations = Destinations(("+447", "+4477", "+4", "+3363998"))
    assert destinations.of("+447700900123") == "+4477"
    assert destinations.of("+442079460018") == "+44", "a shorter route says less than the code"
    assert destinations.of("+33639980123") == "+3363998"
    destinations.routes = ()
    assert destinations.of("+447700900123") == "+44"
