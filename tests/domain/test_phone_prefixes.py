"""Sets of numbers by their calling codes."""

from __future__ import annotations

from itertools import product

import pytest

from gateway.domain.phone import EVERYBODY, Prefixes

SETS = [
    EVERYBODY,
    *(Prefixes(start=start, others=others) for start in ("+44", "+33") for others in (False, True)),
]
NUMBERS = ["+447700900123", "+33639980123", "+12125550123"]


def test_a_number_is_in_a_set_or_in_its_complement() -> None:
    inside = Prefixes(start="+44")
    assert [inside.match(number) for number in NUMBERS] == [True, False, False]
    outside = Prefixes(start="+44", others=True)
    assert [outside.match(number) for number in NUMBERS] == [False, True, True]
    assert all(EVERYBODY.match(number) for number in NUMBERS)


@pytest.mark.parametrize(("one", "other"), list(product(SETS, SETS)))
def test_two_sets_meet_when_a_number_is_in_both(one: Prefixes, other: Prefixes) -> None:
    assert one.meet(other) is any(one.match(n) and other.match(n) for n in NUMBERS)


def test_nobody_is_no_set() -> None:
    with pytest.raises(ValueError, match="others than all are none"):
        Prefixes(others=True)
