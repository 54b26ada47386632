"""Customers of an export. What they allow is another file's: `shopbell consent import`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gateway.bridge.backfill.form import Facts, Form, RowFaultError, instant, person
from gateway.bridge.hook import Told
from gateway.bridge.reading import country, locale, words

_BIRTHDAY: Final = re.compile(r"(?:\d{4}-)?\d{2}-\d{2}\Z")


def customer_of(rows: Sequence[Facts], form: Form) -> Sequence[Told]:
    """Return what a row says of a person; nothing without a number.

    Raises:
        RowFaultError: it cannot be read.
    """
    row = rows[0]
    phone = person(row, form, "country")
    if phone is None:
        return ()
    birthday = row.get("birthday")
    if birthday is not None and not _BIRTHDAY.match(birthday):
        raise RowFaultError("birthday", "is no day; right: 11-26, or 1990-11-26")
    properties = {
        "phone": phone,
        "country": country(row.get("country")),
        "postal_code": (row.get("postal_code") or "")[:16] or None,
        "timezone": row.get("timezone"),
        "locale": locale(row.get("locale")),
        "first_name": (row.get("first_name") or "")[:64] or None,
        "birthday": birthday,
        "joined_at": instant(row, "joined_at", form),
        "preferences": words(row["preferences"]) if "preferences" in row else None,
        "tags": words(row["tags"]) if "tags" in row else None,
    }
    return (
        Told(
            kind="shop.customer.updated.v1",
            properties=properties,
            customer=row.get("customer"),
            time=instant(row, "updated_at", form),
        ),
    )
