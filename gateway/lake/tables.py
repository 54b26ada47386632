"""Rows of the database as batches of the lake's tables, in Arrow.

Not responsible for which rows (`gateway.db.history`) nor for files (`gateway.lake.files`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final

import pyarrow as pa

from gateway.db.history import Rows
from gateway.domain.states import JobState, PartState
from gateway.lake.person import Persons
from gateway.lake.words import kind_of
from scoring.schema import MESSAGES, PARTS, PERSONS, REPLIES, Table, Type

Batches = Iterator[pa.RecordBatch]

_ARROW: Final = {
    Type.STRING: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.FLAG: pa.bool_(),
    Type.INSTANT: pa.timestamp("us", tz="UTC"),
    Type.LOCAL: pa.timestamp("us"),
}

_TAKEN: Final = frozenset({PartState.SENT, PartState.DELIVERED, PartState.UNDELIVERED})
"""States of a part that the network took."""
_REPORTED: Final = frozenset({PartState.DELIVERED, PartState.UNDELIVERED})


def schema_of(table: Table) -> pa.Schema:
    """Return the Arrow schema of a table."""
    fields = [
        pa.field(column.name, _ARROW[column.type], nullable=column.nullable)
        for column in table.columns
    ]
    return pa.schema(fields)


def batch(table: Table, rows: Sequence[tuple[object, ...]]) -> pa.RecordBatch:
    """Return rows, each with the table's columns in order, as one batch."""
    schema = schema_of(table)
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def message_batches(
    rows: Rows, persons: Persons
) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """Yield messages and their parts; a job whose parts two batches of rows share stays whole."""
    left: list[Any] = []
    for some in rows:
        left.extend(some)
        split = len(left) - 1
        while split and left[split - 1].key == left[-1].key:
            split -= 1
        yield _of_jobs(left[:split], persons)
        left = left[split:]
    yield _of_jobs(left, persons)


def _of_jobs(rows: Sequence[Any], persons: Persons) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    messages: list[tuple[object, ...]] = []
    parts: list[tuple[object, ...]] = []
    for _, group in groupby(rows, key=lambda row: row.key):
        job = list(group)
        name = persons.message_id(job[0].store, job[0].id)
        sent = [_sent_at(row) for row in job]
        messages.append(_message(job, name, sent, persons))
        parts.extend(
            (
                row.store,
                name,
                row.part_number,
                None if row.part_line is None else persons.line_id(row.part_line),
                row.part_state,
                row.attempts,
                row.accepted_at,
                at,
                row.part_settled_at if row.part_state in _REPORTED else None,
            )
            for row, at in zip(job, sent, strict=True)
        )
    return batch(MESSAGES, messages), batch(PARTS, parts)


def _sent_at(row: Any) -> datetime | None:
    """Return when the network took a part: as the modem said, else when it was handed over."""
    if row.sent_at is not None:
        return row.sent_at  # type: ignore[no-any-return]
    return row.part_handed_at if row.part_state in _TAKEN else None


def _message(
    job: Sequence[Any], name: str, sent: Sequence[datetime | None], persons: Persons
) -> tuple[object, ...]:
    first = job[0]
    sent_at = _last(sent)
    delivered_at = None
    if first.state == JobState.DELIVERED:
        delivered_at = _last([row.part_settled_at for row in job])
    delay = None
    if sent_at is not None and delivered_at is not None:
        delay = max(0.0, (delivered_at - sent_at).total_seconds())
    return (
        first.store,
        name,
        persons.person_id(first.recipient),
        first.purpose,
        None,
        first.state,
        len(job),
        first.accepted_at,
        sent_at,
        None if sent_at is None else persons.local(sent_at, first.recipient, first.store),
        delivered_at,
        delay,
    )


def _last(instants: Sequence[datetime | None]) -> datetime | None:
    """Return the latest; None while one is missing."""
    if len(instants) == 1:
        return instants[0]
    known = [instant for instant in instants if instant is not None]
    return max(known) if len(known) == len(instants) else None


def reply_batches(rows: Rows, persons: Persons, stores: Sequence[str]) -> Batches:
    """Yield what persons wrote; what answers no job was told to every store, and is here too."""

    def replies(row: Any) -> Iterator[tuple[object, ...]]:
        for store in stores if row.store is None else (row.store,):
            yield (
                store,
                persons.reply_id(row.id),
                persons.person_id(row.sender),
                None if row.job is None else persons.message_id(row.store, row.job),
                row.received_at,
                persons.local(row.received_at, row.sender, store),
                kind_of(row.text),
            )

    return _batches(REPLIES, rows, replies)


def person_batches(rows: Rows, persons: Persons, stores: Sequence[str]) -> Batches:
    """Yield who was written to or wrote; who answers no job is known to every store."""
    known: set[tuple[str, str]] = set()
    whose: dict[str, datetime] = {}

    def named(row: Any) -> Iterator[tuple[object, ...]]:
        if row.store is None:
            whose[row.number] = row.first_at
            return
        first_at = row.first_at
        if row.number in whose:
            known.add((row.store, row.number))
            first_at = min(first_at, whose[row.number])
        yield _person(persons, row.store, row.number, first_at)

    yield from _batches(PERSONS, rows, named)
    others = [
        _person(persons, store, number, first_at)
        for number, first_at in whose.items()
        for store in stores
        if (store, number) not in known
    ]
    if others:
        yield batch(PERSONS, others)


def _person(persons: Persons, store: str, number: str, first_at: datetime) -> tuple[object, ...]:
    return (
        store,
        persons.person_id(number),
        persons.country(number),
        persons.timezone(number, store),
        first_at,
    )


def _batches(
    table: Table, rows: Rows, cells: Callable[[Any], Iterator[tuple[object, ...]]]
) -> Batches:
    for some in rows:
        yield batch(table, [cell for row in some for cell in cells(row)])
