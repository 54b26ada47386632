"""What is known of a file beside its rows, and how a cell is read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Final

from gateway.bridge.hook import Json, Told
from gateway.bridge.reading import money
from gateway.consent.imports.instants import read_instant
from gateway.domain.errors import ShopbellError
from gateway.domain.job import format_instant
from gateway.domain.money import read_money
from gateway.domain.phone import PhoneNumberError, parse_phone

SOURCE: Final = "shopbell:backfill"

_AMOUNT: Final = re.compile(r"-?\d{1,12}(\.\d{1,4}0*)?\Z", re.ASCII)
_WHOLE: Final = re.compile(r"-?\d{1,9}(\.0{1,4})?\Z", re.ASCII)

Facts = Mapping[str, str]
"""What a row says, by fact; what is empty is not there."""


class RowFaultError(ShopbellError):
    """A row is not taken.

    Attributes:
        fact: of which column, by what is taken from it; None: the row as a whole.
    """

    def __init__(self, fact: str | None, reason: str) -> None:
        super().__init__(reason)
        self.fact = fact


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """How a file is read."""

    country: str
    """Of national numbers, where no column has one."""
    zone: tzinfo
    """Of instants without one."""
    currency: str | None
    """Of amounts, where no column has one."""
    at: datetime
    """When the file was written: what its rows describe without an instant is so old."""


def required(facts: Facts, fact: str) -> str:
    """Return a cell that has to be there.

    Raises:
        RowFaultError: it is empty, or there is no such column.
    """
    found = facts.get(fact)
    if found is None:
        raise RowFaultError(fact, "is required")
    return found


def instant(facts: Facts, fact: str, form: Form) -> str | None:
    """Return an instant in RFC 3339; None where the cell is empty.

    Raises:
        RowFaultError: it is none.
    """
    if fact not in facts:
        return None
    try:
        return format_instant(read_instant(facts[fact], form.zone))
    except (ValueError, OverflowError):
        right = "2026-03-01T09:30:00Z"
        raise RowFaultError(fact, f"is no instant; right: one such as {right}") from None


def amount(facts: Facts, fact: str) -> Decimal | None:
    """Return an amount; None where the cell is empty.

    Raises:
        RowFaultError: it is none, or less than nothing.
    """
    if fact not in facts:
        return None
    if not _AMOUNT.match(facts[fact]):
        raise RowFaultError(fact, "is no amount; right: one such as 1234.50, with a point alone")
    try:
        read = read_money(facts[fact])
    except ValueError as error:
        raise RowFaultError(fact, str(error)) from None
    if read < 0:
        raise RowFaultError(fact, "is less than nothing")
    return read


def required_amount(facts: Facts, fact: str) -> Decimal:
    """Return an amount that has to be there.

    Raises:
        RowFaultError: it is not, or is none.
    """
    required(facts, fact)
    return amount(facts, fact) or Decimal(0)


def whole(facts: Facts, fact: str) -> int | None:
    """Return a whole number; None where the cell is empty.

    Raises:
        RowFaultError: it is none.
    """
    if fact not in facts:
        return None
    if _WHOLE.match(facts[fact]):
        return int(facts[fact].partition(".")[0])
    raise RowFaultError(fact, "is no whole number; right: one such as 3")


def currency(facts: Facts, form: Form) -> str:
    """Return the currency of a row, or the file's.

    Raises:
        RowFaultError: there is neither.
    """
    found = facts.get("currency") or form.currency
    if found is None:
        raise RowFaultError(
            "currency", "is required; say --currency, or write currency under the [[store]]"
        )
    return found.upper()


def person(facts: Facts, form: Form, *countries: str) -> str | None:
    """Return the number of a row in E.164; None where it has none.

    Args:
        facts: the row.
        form: the file.
        countries: facts with the country of the number, the surest first.

    Raises:
        RowFaultError: it has one that nobody can be reached under, and no customer.
    """
    typed = facts.get("phone")
    if typed is None:
        return None
    beside = (facts.get(fact, "").upper() for fact in countries)
    home = next((code for code in beside if len(code) == 2), form.country)
    try:
        return parse_phone(typed, home)
    except PhoneNumberError as error:
        if facts.get("customer") not in (None, "0"):
            return None
        raise RowFaultError("phone", str(error)) from None


def shown(read: Decimal | None) -> str | None:
    """Return an amount as events have it."""
    return None if read is None else money(read)


def documents_of(told: Iterable[Told], form: Form) -> list[Json]:
    """Return events of the past; what they say is in their name, so that a repeat is no other."""
    return [_document(one, form) for one in told]


def _document(told: Told, form: Form) -> Json:
    data: Json = {"properties": {k: v for k, v in told.properties.items() if v is not None}}
    if told.customer is not None:
        data["userId"] = told.customer
    time = told.time or format_instant(form.at)
    # The instant of a file is none of what its rows say: the same row later is the same event.
    said = json.dumps([told.kind, data, told.time], sort_keys=True, default=str)
    return {
        "specversion": "1.0",
        "id": f"row-{hashlib.sha256(said.encode()).hexdigest()[:32]}",
        "source": SOURCE,
        "type": told.kind,
        "time": time,
        "history": True,
        "data": data,
    }
