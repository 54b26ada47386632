"""How much is left on a prepaid SIM, and how it is found in what the network says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

import regex

GROUP: Final = "amount"

PATIENCE: Final = 0.2
"""Seconds for one search; a pattern that needs longer on a few hundred characters never ends."""

_BLANKS: Final = re.compile(r"[\s'\u2019]+")
_AMOUNT: Final = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?")
_THOUSANDS: Final = re.compile(r"[+-]?[1-9]\d{0,2}")
_GROUP_OF_THREE: Final = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Balance:
    """A balance that was told."""

    amount: Decimal
    unit: str
    """As configured, such as ``GBP``; may be empty."""
    at: datetime
    """When it was told, aware, in UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BalancePattern:
    """A regular expression that finds the amount in a network's text."""

    text: str
    """With a group called ``amount``."""

    @classmethod
    def parse(cls, text: str) -> BalancePattern:
        """Take a pattern as an operator writes it.

        Raises:
            ValueError: it is no regular expression, or has no such group.
        """
        try:
            compiled = _compile(text)
        except regex.error as error:
            raise ValueError(f"is no regular expression: {error}") from None
        if GROUP not in compiled.groupindex:
            raise ValueError(r"has no group called amount; write (?P<amount>[\d.,]+) for it")
        return cls(text=text)

    def find(self, text: str) -> Decimal | None:
        """Return the first amount in a text, or None when there is none that can be read."""
        try:
            found = _compile(self.text).search(text, timeout=PATIENCE)
        except TimeoutError:
            return None
        return read_amount(found[GROUP] or "") if found else None


def read_amount(text: str) -> Decimal | None:
    """Read ``1.234,56``, ``1,234.56``, ``1 234,5`` or ``12.50``; None when it is no amount.

    The last of two kinds of marks is the decimal one. A mark of one kind alone separates thousands
    when it comes several times, or once before exactly three digits, as in ``50.000``.
    """
    plain = _BLANKS.sub("", text).replace("\u2212", "-").rstrip(".,")
    mark = max(".,", key=plain.rfind)
    whole, _, fraction = plain.rpartition(mark)
    if not _is_decimal(plain, mark, whole, fraction):
        whole, fraction = plain, ""
    number = re.sub("[.,]", "", whole)
    amount = f"{number or 0}.{fraction}" if fraction else number
    return Decimal(amount) if _AMOUNT.fullmatch(amount) else None


def _is_decimal(plain: str, mark: str, whole: str, fraction: str) -> bool:
    if plain.count(mark) != 1:
        return False
    if "." in plain and "," in plain:
        return True
    return not (len(fraction) == _GROUP_OF_THREE and _THOUSANDS.fullmatch(whole))


@lru_cache(maxsize=64)
def _compile(text: str) -> regex.Pattern[str]:
    return regex.compile(text)
