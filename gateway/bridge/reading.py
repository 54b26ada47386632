"""Reading what shop systems write: ids, texts, amounts, instants and numbers of persons.

Bodies are untrusted, and shops write one thing in several ways: an id is a number or a text, a
phone number whatever was typed. What cannot be read and is not needed is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

import phonenumbers

from gateway.bridge.hook import Json, UntranslatableError
from gateway.domain.job import format_instant
from gateway.domain.phone import PhoneNumberError, parse_phone

MAX_LOCALE: Final = 35
_QUANTUM: Final = Decimal("0.0001")
_MOST: Final = Decimal(10) ** 12


def part(body: Json, *steps: str) -> Json:
    """Return an object inside of another; an empty one where there is none."""
    inner: Any = body
    for step in steps:
        inner = inner.get(step) if isinstance(inner, dict) else None
    return inner if isinstance(inner, dict) else {}


def parts(body: Json, key: str) -> list[Json]:
    """Return the objects of a list; what is no object is none."""
    found = body.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def text(body: Json, *keys: str) -> str | None:
    """Return the first of several fields that holds a text."""
    for key in keys:
        found = body.get(key)
        if isinstance(found, str) and (short := found.replace("\0", "").strip()):
            return short
    return None


def ident(body: Json, *keys: str) -> str | None:
    """Return the first of several fields that holds an id, as a text; 0 and nothing are none."""
    for key in keys:
        found = body.get(key)
        if isinstance(found, bool) or not isinstance(found, int | str):
            continue
        if (name := str(found).strip()) not in ("", "0"):
            return name
    return None


def required_ident(body: Json, *keys: str) -> str:
    """Return an id without which there is no event.

    Raises:
        UntranslatableError: it is not there.
    """
    found = ident(body, *keys)
    if found is None:
        raise UntranslatableError(f"{keys[0]} is required: a number or a text")
    return found


def amount(value: object) -> Decimal | None:
    """Return an amount, rounded to what is kept; None where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        read = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if not read.is_finite() or abs(read) >= _MOST:
        return None
    return read.quantize(_QUANTUM, ROUND_HALF_UP)


def required_amount(body: Json, *keys: str) -> Decimal:
    """Return the first amount of several fields.

    Raises:
        UntranslatableError: none of them holds one, or it is less than nothing.
    """
    for key in keys:
        found = amount(body.get(key))
        if found is not None and found >= 0:
            return found
    raise UntranslatableError(f'{keys[0]} is required: an amount such as "23.90"')


def money(value: Decimal) -> str:
    """Return an amount as events have it: plain digits, without needless zeros behind two."""
    shown = f"{value:.4f}"
    return shown.removesuffix("00")


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """Return the sum of what amounts there are."""
    return sum((one for one in amounts if one is not None), Decimal(0))


def whole(value: object, default: int | None = None) -> int | None:
    """Return a whole number; Woo writes some as texts, and some with a point."""
    read = amount(value)
    return int(read) if read is not None and read == int(read) else default


def instant(value: object) -> str | None:
    """Return an instant in RFC 3339; one without a zone is in UTC, as Woo's ``_gmt`` are."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    aware = read if read.tzinfo is not None else read.replace(tzinfo=UTC)
    try:
        return format_instant(aware.astimezone(UTC))
    except OverflowError:
        return None


def currency(body: Json, default: str | None, *keys: str) -> str:
    """Return the currency of a body, or the store's.

    Raises:
        UntranslatableError: there is neither.
    """
    found = text(body, *keys) or default
    if found is None:
        raise UntranslatableError(
            'the body names no currency; write currency = "EUR" under the [[store]]'
        )
    return found.upper()


def web(value: object) -> str | None:
    """Return an address that events may hold; None for anything else."""
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        return None
    usable = value.isprintable() and " " not in value and len(value) <= 1024
    return value if usable else None


def locale(value: object) -> str | None:
    """Return a language tag; None for what is none."""
    if not isinstance(value, str) or not 2 <= len(value) <= MAX_LOCALE:
        return None
    pieces = value.replace("_", "-").split("-")
    good = all(one.isascii() and one.isalnum() and len(one) <= 8 for one in pieces)
    return "-".join(pieces) if good and pieces[0].isalpha() and 2 <= len(pieces[0]) <= 3 else None


def country(value: object) -> str | None:
    """Return a country of ISO 3166; None for what is none."""
    code = value.strip().upper() if isinstance(value, str) else ""
    return code if code in phonenumbers.SUPPORTED_REGIONS else None


def phone(candidates: Sequence[tuple[object, object]], home: str) -> str | None:
    """Return the first number that can be reached, in E.164.

    Args:
        candidates: what was typed, each with the ISO 3166 code that stood beside it.
        home: the store's country, for those without.
    """
    for typed, beside in candidates:
        if not isinstance(typed, str) or not typed.strip():
            continue
        try:
            return parse_phone(typed, country(beside) or home)
        except PhoneNumberError:
            continue
    return None


def words(value: object) -> list[str]:
    """Return a list of words, also of one text with commas, as Shopify has tags."""
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return []
    found = [one.strip() for one in value if isinstance(one, str)]
    return list(dict.fromkeys(one for one in found if one))[:100]
