"""Money: exact, in a currency of the store's.

It comes as a number or as a text and is a `Decimal` from then on. The database keeps it as a whole
number of ten-thousandths (`gateway.db.columns.Money`): sums in SQL are exact, and no currency of
ISO 4217 divides its unit further.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

SCALE: Final = 10_000
"""Of what is kept: ten-thousandths of the currency's unit."""

MOST: Final = Decimal(10) ** 12
"""Nobody's basket, in any currency, costs so much; and it fits into 64 bits, summed up."""


def read_money(amount: object) -> Decimal:
    """Read an amount as shops write it: a number, or a decimal text.

    A number of JSON is taken by its shortest decimal form, which is what the shop wrote.

    Raises:
        ValueError: it is none, or has more than four decimals, or nobody has so much.
    """
    known = isinstance(amount, int | float | str | Decimal) and not isinstance(amount, bool)
    try:
        read = Decimal(str(amount) if known else "")
    except InvalidOperation as error:
        raise ValueError('must be an amount such as 23.90 or "23.90"') from error
    if not read.is_finite() or abs(read) >= MOST:
        raise ValueError("must be an amount below 1,000,000,000,000")
    if read != (exact := read.quantize(Decimal(1) / SCALE)):
        raise ValueError("must have at most four decimals")
    return exact


def kept(amount: Decimal) -> int:
    """Return an amount as the database keeps it.

    Raises:
        ValueError: it has more than four decimals.
    """
    scaled = amount * SCALE
    if scaled != (whole := int(scaled)):
        raise ValueError(f"{amount} has more than four decimals")
    return whole


def of_kept(whole: int) -> Decimal:
    """Return the amount that the database keeps as a whole number."""
    return Decimal(whole) / SCALE


class Price(NamedTuple):
    """An amount and its currency, as texts show it."""

    amount: Decimal
    currency: str
    """ISO 4217."""
