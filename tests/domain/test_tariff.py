"""What a part costs on a line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gateway.domain.tariff import FLAT, Tariff

TARIFF = Tariff(
    part=Decimal("0.05"),
    to={"+44": Decimal("0.03"), "+447700": Decimal("0.09"), "+33": Decimal("0.01")},
)


@pytest.mark.parametrize(
    ("destination", "price", "sentence"),
    [
        ("+12025550101", "0.05", "where no prefix fits it is the price of all else"),
        ("+33639981234", "0.01", "a prefix fits"),
        ("+447700900123", "0.09", "the longest that fits counts"),
        ("+447911", "0.03", "another beginning has the price of its country"),
        ("+44", "0.09", "what cannot be told apart is not taken for cheap"),
        ("", "0.09", "least of all where nothing is known"),
    ],
)
def test_the_price_to_a_destination(destination: str, price: str, sentence: str) -> None:
    assert TARIFF.price(destination) == Decimal(price), sentence


def test_a_flat_rate_costs_nothing_more() -> None:
    assert FLAT.price("+44") == 0
