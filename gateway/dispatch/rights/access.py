"""What a person is told who asks what is kept of them (Art. 15), and may take along (Art. 20).

One JSON document: every row, and for each kind of data why it is kept, on which ground, who is
given it, how long it stays and how it ends, out of the data map.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from gateway.consent.datamap import DATA_MAP, Holding
from gateway.consent.retention import Periods
from gateway.db.whereabouts import Sought
from gateway.domain.job import format_instant
from gateway.domain.purpose import Purpose

Rows = Sequence[Mapping[str, Any]]

FORM: Final = "shopbell person export 1"

LOGIC: Final = {
    "churn": "the chance that nothing is bought in the coming horizon_days, from how recently, how "
    "often and for how much was bought",
    "value": "the spending expected in the coming horizon_days, with the ends of an 80 % interval",
    "next_order_at": "when the next order is expected, from the pace of the earlier ones",
    "hours": "the chance of an answer in each hour of the week, from when earlier messages were "
    "answered; a marketing message may be sent at the best of them",
    "send_hour": "the hour of the day, out of hours, at which an answer is likeliest",
    "buy_again": "products that were bought and are used up by now",
    "new_for_you": "products that others bought who bought the same",
    "uplift": "by how much a message changes the chance of an order, from experiments",
    "consequence": "whether, when and about what a marketing message is sent. No price is set by "
    "it, and no service message. Who objects (`shopbell person object`) is left out of all of it.",
}
"""The logic of the profiling (Art. 15(1)(h), G-13): what each score means and is made of."""

SOURCES: Final = (
    "the stores that are named, by their jobs and events",
    "the person, by messages to the SIMs of this box",
    "the mobile network, by its reports",
    "models over the store's own data (profiling)",
)

RIGHTS: Final = (
    "rectification, erasure, restriction, portability and objection, at the store or at who runs "
    "this gateway; complaint to a supervisory authority (Art. 15(1)(e), (f))"
)

PROVIDED: Final = ("replies", "profile", "consents", "orders")
"""Parts of the export that the person provided: what portability is about (G-9)."""

_INSTANTS: Final = ("at", "received_at", "placed_at", "changed_at")

COLUMNS: Final = ("part", "store", "at", "what", "value")
"""Of the table that a person takes along."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_AMOUNT: Final = re.compile(r"[+-]?[0-9][0-9.]*")

_NOT_THEIRS: Final = frozenset({"digest", "fingerprint", "previous", "hash"})
"""Ours: to tell copies apart, and to prove that nothing was changed. They say nothing new."""


def access_document(
    sought: Sought,
    data: Mapping[str, Rows],
    lake: Mapping[str, Rows] | None,
    *,
    buyer: Rows = (),
    periods: Periods,
    now: datetime,
) -> dict[str, Any]:
    """Return the export of a person, ready for JSON.

    Args:
        sought: the person.
        data: rows of the database, `gateway.db.dossier`.
        lake: rows of lakes by table; None: no lake was named.
        buyer: what is added up of orders, by store.
        periods: how long each class is kept.
        now: the instant of the making.
    """
    parts = {**data, **{f"lake.{table}": rows for table, rows in (lake or {}).items()}}
    return {
        "form": FORM,
        "made_at": format_instant(now),
        "person": {"number": sought.spelling.number, "fingerprints": list(sought.persons)},
        "store": sought.store,
        "stores": sorted(
            {row["store"] for rows in parts.values() for row in rows if "store" in row}
        ),
        "sources": list(SOURCES),
        "rights": RIGHTS,
        "data": {name: [_plain(row) for row in rows] for name, rows in parts.items()},
        "buyer": [_plain(one) for one in buyer],
        "profiling": {"logic": LOGIC, "best_hours_may_set": Purpose.MARKETING.value},
        "about": [_about(holding, periods) for holding in DATA_MAP if holding.personal],
    }


def _about(holding: Holding, periods: Periods) -> dict[str, Any]:
    return {
        "place": holding.place,
        "kind": holding.kind.value,
        "columns": list(holding.columns),
        "what": holding.data,
        "purpose": holding.purpose,
        "legal_basis": holding.basis,
        "recipients": list(holding.recipients),
        "kept": periods.words(holding.keep),
        "erasure": holding.erased,
        "part": holding.exported or None,
    }


def portable_rows(document: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield what the person provided as rows of a table, after `COLUMNS`."""
    for part in PROVIDED:
        for row in document["data"][part]:
            at = next((row[name] for name in _INSTANTS if row.get(name)), "")
            store = str(row.get("store") or "")
            for what, value in _provided(part, row):
                yield part, store, at, what, value


def portable_table(document: Mapping[str, Any]) -> str:
    """Return what the person provided as CSV (Art. 20).

    A spreadsheet would reckon with what begins as a formula does, so that an apostrophe goes before
    it, which spreadsheets take for "this is a text"; numbers stay as they are.
    """
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(COLUMNS)
    writer.writerows([_as_text(cell) for cell in row] for row in portable_rows(document))
    return sink.getvalue()


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) and not _AMOUNT.fullmatch(cell) else cell


def _provided(part: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if part == "replies":
        yield "text", str(row["text"] or "")
    elif part == "consents":
        yield str(row["action"]), str(row["purpose"])
    elif part == "orders":
        yield "order", str(row["order_id"])
        yield from (
            ("product", f"{line['quantity']} {line['product_id']}") for line in row["lines"]
        )
    else:
        yield from ((name, str(row[name])) for name in _TOLD if row[name] is not None)
        yield from ((word["kind"], word["word"]) for word in row["words"])


_TOLD: Final = (
    *("number", "customer", "country", "postal_code", "timezone", "language", "minor"),
    *("first_name", "birthday", "joined_at"),
)


def _plain(value: Any) -> Any:
    """Return a row as JSON has it, without what is ours alone."""
    if isinstance(value, Mapping):
        return {
            name: _payload(item) if name in ("payload", "body") else _plain(item)
            for name, item in value.items()
            if name not in _NOT_THEIRS
        }
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.hex() if isinstance(value, bytes) else value


def _payload(text: str | None) -> Any:
    return None if text is None else json.loads(text)
