"""Money is exact, however a shop writes it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.money import MOST, kept, of_kept, read_money

AMOUNTS = st.decimals(min_value=-MOST + 1, max_value=MOST - 1, places=4)


@given(AMOUNTS)
def test_what_is_kept_comes_back(amount: Decimal) -> None:
    assert of_kept(kept(amount)) == amount


@given(AMOUNTS)
def test_a_text_is_taken_as_it_stands(amount: Decimal) -> None:
    assert read_money(str(amount)) == amount


@pytest.mark.parametrize(("written", "amount"), [(23.9, "23.9"), ("23.90", "23.9"), (7, "7")])
def test_a_number_and_a_text_are_the_same_amount(written: object, amount: str) -> None:
    assert read_money(written) == Decimal(amount)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (True, "must be an amount"),
        (None, "must be an amount"),
        ("12,50", "must be an amount"),
        ("NaN", "below"),
        (float("inf"), "below"),
        ("1e12", "below"),
        ("0.00001", "at most four decimals"),
    ],
)
def test_what_is_no_amount_is_refused(written: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_money(written)


def test_nothing_is_rounded_on_its_way_into_the_database() -> None:
    with pytest.raises(ValueError, match="more than four decimals"):
        kept(Decimal("0.00001"))
