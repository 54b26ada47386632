"""Amounts and currencies in events."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from gateway.domain.money import MOST, read_money

_TEXT: Final = r"^[0-9]{1,12}(\.[0-9]{1,4}0*)?$"
_WRITTEN: Final = re.compile(_TEXT.removesuffix("$") + r"\Z")

_NO_CURRENCY: Final = frozenset({"XXX", "XTS"})
"""ISO 4217 has a code for none, and one for tests."""


def _amount(value: object) -> Decimal:
    """Read an amount exactly: numbers come as what the store wrote, not as binary fractions."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise PydanticCustomError("amount_type", "must be an amount")
    if isinstance(value, str) and not _WRITTEN.match(value):
        raise PydanticCustomError("amount", 'must be an amount such as 23.90 or "23.90"')
    try:
        amount = read_money(value)
    except ValueError as error:
        raise PydanticCustomError("amount", "{reason}", {"reason": str(error)}) from None
    if amount < 0:
        raise PydanticCustomError("amount", "must not be less than nothing")
    return amount


@cache
def _currencies() -> frozenset[str]:
    """Return every code that ISO 4217 has or had: orders of before the euro are back-filled, too.

    babel takes 50 ms to import, and commands that read no event do without.
    """
    from babel.core import get_global

    return frozenset(get_global("all_currencies")) - _NO_CURRENCY


def _currency(code: str) -> str:
    if code not in _currencies():
        raise PydanticCustomError("currency", CURRENCY_RULE)
    return code


CURRENCY_RULE: Final = "must be a currency of ISO 4217 in three capitals, like EUR"

Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    # It is `_amount` that decides; no schema can say how many decimals a number has.
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "exclusiveMaximum": int(MOST)},
                {"type": "string", "pattern": _TEXT},
            ]
        }
    ),
]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$"), AfterValidator(_currency)]
