"""What a template may say, out of what shops told: plain values, and never anything to be run.

Names, titles and urls come from stores, and from whoever fills in a store's forms. They stand in a
text as they are: without control characters, cut to a length, and never read as a template.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from gateway.domain.money import Price, read_money

MOST_CHARACTERS: Final = 200
"""Of a value: a product's title and then some."""
MOST_OF_URL: Final = 2048
MOST_OF_NAME: Final = 40
MOST_ENTRIES: Final = 20
"""Of a list: more fit into no text."""

_OF_PRICE: Final = {"amount", "currency"}
GIVEN_NAME: Final = "first_name"
_MOST_DIGITS: Final = 15
_LARGEST: Final = 10**_MOST_DIGITS
_SPACES: Final = re.compile(r"\s+")
_URL: Final = re.compile(r"https?://\S+")
_NO_NAME: Final = re.compile(r"[\d/\\:@<>{}\[\]%$€£=+*#|~^_]|www|\w\.\w{2}")
"""What no given name has, and an advertisement or a link in its place does."""
_KEPT_FORMATS: Final = "\u200d\u200c"
"""Joiners, of which emoji and some scripts are made."""


class Said:
    """Values by name. The template reads them one at a time, and nothing else of the object."""

    __slots__ = ("_path", "_values")

    def __init__(self, values: object, path: str = "") -> None:
        self._values = _mapping(values)
        self._path = path

    def path(self, name: str) -> str:
        """Return what a template calls one of them."""
        return f"{self._path}.{name}" if self._path else name

    def get(self, name: str) -> object | None:
        """Return a value as it may be said; None where it is not known."""
        return cleaned(self._values.get(name), self.path(name))

    def __bool__(self) -> bool:
        return bool(self._values)


def cleaned(value: object, path: str) -> object | None:
    """Return a value as a template may say it; None for what is not known, or says nothing."""
    if value is None or isinstance(value, bool | datetime | date | Said | Price):
        return value
    if isinstance(value, int | Decimal):
        return _number(value)
    if isinstance(value, str):
        name = path.rpartition(".")[2]
        return _given_name(value) if name == GIVEN_NAME else _words(value)
    if isinstance(value, float):
        return _number(Decimal(str(value)))
    if _is_money(value):
        return Price(*value)  # type: ignore[misc]
    if isinstance(value, Mapping) or is_dataclass(value):
        return _price(value) or Said(value, path)
    if isinstance(value, Collection):
        return _list(value, path)
    return None


def _list(values: Collection[object], path: str) -> tuple[object, ...]:
    known = (cleaned(one, path) for one in list(values)[:MOST_ENTRIES])
    return tuple(one for one in known if one is not None)


def _is_money(value: object) -> bool:
    match value:
        case (Decimal(), str(currency)):
            return len(currency) == 3
    return False


def _number(value: int | Decimal) -> int | Decimal | None:
    """Return a number that can be written out; None for what has more digits than anything has."""
    if isinstance(value, int):
        return value if abs(value) < _LARGEST else None
    sane = value.is_finite() and abs(value) < _LARGEST and abs(value.adjusted()) < _MOST_DIGITS
    return value if sane or value == 0 else None


def _price(value: object) -> Price | None:
    """Return an amount as JSON has it: ``{"amount": "12.50", "currency": "EUR"}``."""
    if not isinstance(value, Mapping) or set(value) != _OF_PRICE:
        return None
    try:
        return Price(read_money(value["amount"]), str(value["currency"])[:3])
    except ValueError:
        return None


def _mapping(values: object) -> Mapping[str, Any]:
    if isinstance(values, Mapping):
        return values
    return {field.name: getattr(values, field.name) for field in fields(values)}  # type: ignore[arg-type]


def _words(text: str) -> str | None:
    kept = "".join(sign if _is_shown(sign) else " " for sign in text[: MOST_OF_URL + 1])
    words = _SPACES.sub(" ", kept).strip()
    if _URL.fullmatch(words):
        return words if len(words) <= MOST_OF_URL else None
    return words[:MOST_CHARACTERS].rstrip() or None


def _given_name(text: str) -> str | None:
    """Return a given name; None for what is none, for anybody can fill in a form for a stranger."""
    name = _words(text)
    if name is None or len(name) > MOST_OF_NAME or _NO_NAME.search(name.lower()):
        return None
    return name


def _is_shown(sign: str) -> bool:
    return unicodedata.category(sign)[0] != "C" or sign in _KEPT_FORMATS
