"""Money in what shops tell: exact, not less than nothing, and in a currency."""

from __future__ import annotations

import pytest
from support.events import (
    CANCELLED,
    CART,
    CHECKOUT,
    COUPON,
    LEFT_OUT,
    ORDER,
    PRODUCT,
    REFUNDED,
    VIEWED,
    event,
    refusal_of,
)

from gateway.domain.shop import OrderCompleted
from gateway.mqtt.faults import Fault

MONEY = [
    (VIEWED, "price"),
    (PRODUCT, "price"),
    (PRODUCT, "previous_price"),
    (CART, "value"),
    (CHECKOUT, "value"),
    (ORDER, "total"),
    (ORDER, "revenue"),
    (ORDER, "discount"),
    (CANCELLED, "total"),
    (REFUNDED, "total"),
    (COUPON, "discount"),
]
NO_AMOUNTS = [
    ("-0.01", Fault.INVALID_VALUE, "such as 23.90"),
    (-1, Fault.INVALID_VALUE, "less than nothing"),
    ("1,50", Fault.INVALID_VALUE, "such as 23.90"),
    ("EUR 5", Fault.INVALID_VALUE, "such as 23.90"),
    ("1e3", Fault.INVALID_VALUE, "such as 23.90"),
    ("", Fault.INVALID_VALUE, "such as 23.90"),
    (0.00001, Fault.INVALID_VALUE, "four decimals"),
    (10**12, Fault.INVALID_VALUE, "below 1,000,000,000,000"),
    (True, Fault.WRONG_TYPE, "not a boolean"),
    ([1], Fault.WRONG_TYPE, "an amount, as a number or a string, not an array"),
]


@pytest.mark.parametrize(("kind", "field"), MONEY)
@pytest.mark.parametrize(("amount", "code", "says"), NO_AMOUNTS)
def test_what_is_no_amount_is_refused(
    kind: str, field: str, amount: object, code: Fault, says: str
) -> None:
    refused = refusal_of(kind, **{field: amount})
    assert (refused.code, refused.field) == (code, f"data.properties.{field}")
    assert says in str(refused)


@pytest.mark.parametrize("kind", [VIEWED, CART, CHECKOUT, ORDER, CANCELLED, REFUNDED])
@pytest.mark.parametrize(
    ("currency", "code"),
    [
        (LEFT_OUT, Fault.MISSING_FIELD),
        ("eur", Fault.INVALID_VALUE),
        ("EURO", Fault.INVALID_VALUE),
        ("ABC", Fault.INVALID_VALUE),
        ("XXX", Fault.INVALID_VALUE),
        (978, Fault.WRONG_TYPE),
    ],
)
def test_money_is_in_a_currency(kind: str, currency: object, code: Fault) -> None:
    refused = refusal_of(kind, currency=currency)
    assert (refused.code, refused.field) == (code, "data.properties.currency")
    assert code != Fault.INVALID_VALUE or "ISO 4217" in str(refused)


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD", "DEM"])
def test_every_currency_that_there_is_or_was_is_taken(currency: str) -> None:
    read = event(ORDER, currency=currency).content
    assert isinstance(read, OrderCompleted)
    assert read.currency == currency
