"""Makes the saved databases beside it: one of each revision of the schema, with rows in each table.

    .venv/bin/python tests/data/schemas/make_schemas.py [REVISION …]

Each is made by the migrations themselves up to that revision, on SQLite, and kept as SQL. A saved
database is of a schema that somebody has: once a revision is released, its file is never made anew.
A new revision comes with its file; `tests/db/test_saved_schemas.py` says so.
"""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, MetaData
from sqlalchemy import Table as SqlTable

from gateway.db.consent import GENESIS, hash_of
from gateway.db.engine import writing_engine
from gateway.db.migrate import VERSION_TABLE, _configuration, revisions

HERE = Path(__file__).parent
NUMBER = "+447700900123"
AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
LATER = datetime(2026, 12, 31, tzinfo=UTC)
LINE = "8944100000000000001"

_JOB = {
    "store": "acme",
    "digest": b"\1" * 32,
    "recipient": NUMBER,
    "text": "Your order has shipped.",
    "purpose": "transactional",
    "urgency": 1,
    "report": True,
    "accepted_at": AT,
    "not_before": AT,
    "expires_at": LATER,
    "seq": 1,
    "tries": 0,
}
_SENT = _JOB | {"line": LINE, "modem": "m0", "seq": 3, "report_due": LATER}

ROWS: dict[str, list[dict[str, Any]]] = {
    "lanes": [{"key": 1, "urgency": 1, "store": "acme", "destination": "+44"}],
    "jobs": [
        _JOB | {"key": 1, "id": "waits", "state": "accepted", "stage": "ready", "lane": 1},
        _JOB
        | {"key": 2, "id": "later", "state": "deferred", "stage": "scheduled", "lane": 1}
        | {"not_before": AT + timedelta(days=2), "seq": 2},
        _SENT | {"key": 3, "id": "delivered", "state": "delivered", "stage": "done"},
        _SENT
        | {"key": 4, "id": "doubt", "state": "unconfirmed", "stage": "handed"}
        | {"purpose": "marketing", "urgency": 2, "reason": "the outcome was lost"},
    ],
    "parts": [
        {"key": 1, "job_key": 1, "number": 1, "state": "waiting", "tail": "00900123"},
        {"key": 2, "job_key": 2, "number": 1, "state": "waiting", "tail": "00900123"},
        {"key": 3, "job_key": 3, "number": 1, "state": "delivered", "tail": "00900123"}
        | {"line": LINE, "reference": 7, "handed_at": AT, "status": 0, "settled_at": AT},
        {"key": 4, "job_key": 4, "number": 1, "state": "unconfirmed", "tail": "00900123"}
        | {"line": LINE, "handed_at": AT},
    ],
    "attempts": [
        {"key": 1, "part_key": 3, "line": LINE, "outcome": "sent", "intended_at": AT},
        {"key": 2, "part_key": 4, "line": LINE, "outcome": "unknown", "intended_at": AT},
    ],
    "lines": [{"id": LINE, "modem": "m0", "seen_at": AT}],
    "persons": [{"store": "acme", "person": "someone", "number": NUMBER}],
    "consent_events": [{"store": "acme", "purpose": "marketing", "action": "withdrawn"}],
    "spent_jobs": [{"store": "acme", "name": "a-name", "digest": "a-digest", "state": "sent"}],
    "outbox": [
        {
            "store": "acme",
            "kind": "status",
            "body": '{"id": "delivered", "state": "sent", "seq": 2}',
        }
    ],
    "epochs": [{"id": "an-epoch", "kind": "made", "began_at": AT}],
    "held_jobs": [],
}
"""What has a meaning; each other table gets a row of what its columns can hold."""

_FIRST = {"job_key", "part_key", "message_key", "campaign_key", "coupon_key", "user", "job"}
"""Columns that refer to a first row."""


def make(revision: str, folder: Path) -> Path:
    """Make the saved database of a revision; return its file."""
    database = folder / f"{revision}.db"
    engine = writing_engine(f"sqlite:///{database}", enforce_keys=False)
    with engine.begin() as connection:
        command.upgrade(_configuration(connection), revision)
        fill(connection)
    engine.dispose()
    plain = sqlite3.connect(database)
    try:
        text = "\n".join(plain.iterdump()) + "\n"
    finally:
        plain.close()
    file = HERE / f"{revision}.sql.gz"
    file.write_bytes(gzip.compress(text.encode(), mtime=0))
    return file


def fill(connection: Connection) -> None:
    """Put rows into every table that there is."""
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.sorted_tables:
        if table.name == VERSION_TABLE:
            continue
        for given in ROWS.get(table.name, [{}]):
            row = _whole(table, given)
            if table.name == "consent_events":
                row = _chained(row)
            connection.execute(table.insert(), row)


def _whole(table: SqlTable, given: dict[str, Any]) -> dict[str, Any]:
    """Return a row with what is given of it, and with something in all that must have a value."""
    row = {name: value for name, value in given.items() if name in table.c}
    for column in table.c:
        if column.name in row or column.nullable:
            continue
        if column.name in _FIRST and column.type.python_type is int:
            row[column.name] = 1
        elif not (column.name == "key" and column.primary_key):
            row[column.name] = _something(column)
    return row


def _something(column: Any) -> Any:
    kind = column.type.python_type
    if kind is str:
        return _WORDS.get(column.name, column.name[:8])
    return {bytes: b"\2" * 32, datetime: AT, bool: False, float: 0.5}.get(kind, 1)


_WORDS = {
    **dict.fromkeys(("facts", "body", "spec", "subject", "told_at"), "{}"),
    **dict.fromkeys(("products", "tags", "buy_again", "new_for_you", "candidates"), "[]"),
    **dict.fromkeys(("number", "recipient", "sender"), NUMBER),
    "store": "acme",
    "state": "done",
    "stage": "done",
    "day": "2026-11-23",
    "campaign": "",
    "purpose": "transactional",
    "outcome": "sent",
    "tail": "00900123",
    "network": "",
    "kind": "status",
    "destination": "+44",
    "pdu": "00",
    "currency": "GBP",
    "best_hours": "own",
    "person": "someone",
    "person_id": "someone",
    "line": LINE,
}


def _chained(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the ledger as the first of its chain."""
    payload = '{"basis":"consent","method":"keyword"}'
    digest = hashlib.sha256(payload.encode()).digest()
    row |= {"payload": payload, "digest": digest, "previous": GENESIS, "key": 1}
    return row | {"hash": hash_of(row)}


def main() -> None:
    """Make those that are named, or all that are not there yet."""
    named = sys.argv[1:] or [one for one in revisions() if not (HERE / f"{one}.sql.gz").exists()]
    with tempfile.TemporaryDirectory() as folder:
        for revision in named:
            file = make(revision, Path(folder))
            print(f"{file.name}: {file.stat().st_size} octets")  # noqa: T201


if __name__ == "__main__":
    main()
