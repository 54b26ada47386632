"""Amounts in every writing, and patterns that operators write."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.balance import BalancePattern, read_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.50", "12.50"),
        ("12,5", "12.5"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1'234.50", "1234.50"),
        ("12,34,567.00", "1234567.00"),
        ("1.234.567", "1234567"),
        ("50.000", "50000"),
        ("1,234", "1234"),
        ("0.500", "0.500"),
        ("1234.567", "1234.567"),
        (".50", "0.50"),
        ("5", "5"),
        ("5.", "5"),
        ("12,50.", "12.50"),
        ("-3,20", "-3.20"),
        ("\u22123.20", "-3.20"),
        ("", None),
        ("-", None),
        ("abc", None),
        ("1-2", None),
        ("1" * 40, None),
    ],
)
def test_amounts(text: str, amount: str | None) -> None:
    assert read_amount(text) == (None if amount is None else Decimal(amount))


@given(st.decimals(0, 10**9, places=2))
def test_both_customs_are_read_alike(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    continental = english.translate(str.maketrans(",.", ".,"))
    assert read_amount(english) == read_amount(continental) == amount


@given(st.text(max_size=30) | st.text("0123456789.,- ", max_size=30))
def test_anything_is_an_amount_or_none(text: str) -> None:
    amount = read_amount(text)
    assert amount is None or amount.is_finite()


def test_a_pattern_finds_the_amount_in_a_text() -> None:
    pattern = BalancePattern.parse(r"(?i)balance is £(?P<amount>[\d.,]+)")
    assert pattern.find("Your BALANCE is £1,234.50. Valid until 31/12") == Decimal("1234.50")
    assert pattern.find("Top up now") is None
    assert pattern.find("Your balance is £.") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [("(", "is no regular expression"), ("[0-9]+", "no group called amount"), ("", "no group")],
)
def test_a_wrong_pattern_is_explained(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        BalancePattern.parse(text)


def test_a_pattern_that_never_ends_is_given_up() -> None:
    pattern = BalancePattern.parse(r"^(?P<amount>(a|aa|a?a)+)+$")
    assert pattern.find("a" * 180 + "!") is None
