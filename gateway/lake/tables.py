"""Rows of the database as batches of the lake's tables, in Arrow.

Not responsible for which rows (`gateway.db.history`) nor for files (`gateway.lake.folder`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gateway.db.history import Rows
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
_SECOND: Final = 1_000_000


def schema_of(table: Table) -> pa.Schema:
    """Return the Arrow schema of a table."""
    fields = [
        pa.field(column.name, _ARROW[column.type], nullable=column.nullable)
        for column in table.columns
    ]
    return pa.schema(fields)


def make_batch(table: Table, columns: Sequence[Any]) -> pa.RecordBatch:
    """Return columns, in the table's order, as one batch."""
    schema = schema_of(table)
    arrays = [
        column if isinstance(column, pa.Array) else pa.array(column, field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def instants_of(texts: Sequence[str | None]) -> pa.Array:
    """Return instants in UTC of the texts that SQLite keeps."""
    naive = pa.array(texts, pa.string()).cast(pa.timestamp("us"))
    return naive.cast(pa.timestamp("us", tz="UTC"))


def local_of(
    instants: pa.Array, numbers: Sequence[str], stores: Sequence[str], persons: Persons
) -> pa.Array:
    """Return instants on the wall clocks of persons."""
    local = [
        None if at is None else persons.local(at, number, store)
        for at, number, store in zip(
            instants.cast(pa.int64()).to_pylist(), numbers, stores, strict=True
        )
    ]
    return pa.array(local, pa.timestamp("us"))


def _delay(sent_at: pa.Array, delivered_at: pa.Array) -> pa.Array:
    """Return seconds from one instant to the other; none is below 0, whatever a clock did."""
    between = pc.subtract(delivered_at.cast(pa.int64()), sent_at.cast(pa.int64()))
    seconds = pc.divide(between.cast(pa.float64()), float(_SECOND))
    return pc.max_element_wise(seconds, 0.0, skip_nulls=False)


def message_batches(rows: Rows, persons: Persons) -> Batches:
    """Yield messages, from `gateway.db.history.messages_of`."""
    for some in rows:
        stores, jobs, numbers, purposes, campaigns, states, *rest = columns_of(some)
        taken, parts, sent, delivered = rest
        sent_at, delivered_at = instants_of(sent), instants_of(delivered)
        yield make_batch(
            MESSAGES,
            (
                stores,
                list(map(persons.message_id, stores, jobs)),
                list(map(persons.person_id, numbers)),
                purposes,
                campaigns,
                states,
                parts,
                instants_of(taken),
                sent_at,
                local_of(sent_at, numbers, stores, persons),
                delivered_at,
                _delay(sent_at, delivered_at),
            ),
        )


def part_batches(rows: Rows, persons: Persons) -> Batches:
    """Yield parts, from `gateway.db.history.parts_of`."""
    for some in rows:
        (stores, jobs, places, lines, operators, *how) = columns_of(some)
        states, attempts, taken, sent, reported = how
        yield make_batch(
            PARTS,
            (
                stores,
                list(map(persons.message_id, stores, jobs)),
                places,
                [None if line is None else persons.line_id(line) for line in lines],
                operators,
                states,
                attempts,
                instants_of(taken),
                instants_of(sent),
                instants_of(reported),
            ),
        )


def reply_batches(rows: Rows, persons: Persons, stores: Sequence[str]) -> Batches:
    """Yield what persons wrote; what answers no job was told to every store, and is here too."""

    def told(row: Any) -> Iterator[tuple[Any, ...]]:
        reply, sender, text, received_at, store, job = row
        for told_to in stores if store is None else (store,):
            yield told_to, reply, sender, text, received_at, job

    for some in rows:
        cells = [cell for row in some for cell in told(row)]
        if not cells:
            continue
        whose, replies, senders, texts, received, jobs = columns_of(cells)
        received_at = instants_of(received)
        yield make_batch(
            REPLIES,
            (
                whose,
                list(map(persons.reply_id, replies)),
                list(map(persons.person_id, senders)),
                [
                    None if job is None else persons.message_id(store, job)
                    for store, job in zip(whose, jobs, strict=True)
                ],
                received_at,
                local_of(received_at, senders, whose, persons),
                list(map(kind_of, texts)),
            ),
        )


def person_batches(rows: Rows, persons: Persons, stores: Sequence[str]) -> Batches:
    """Yield who was written to or wrote; who answers no job is known to every store."""
    known: set[tuple[str, str]] = set()
    wrote: dict[str, str] = {}

    def named(row: Any) -> Iterator[tuple[str, str, str]]:
        store, number, first_at = row
        if store is None:
            wrote[number] = first_at
            return
        if number in wrote:
            known.add((store, number))
            first_at = min(first_at, wrote[number])
        yield store, number, first_at

    for some in rows:
        yield from _persons([cell for row in some for cell in named(row)], persons)
    others = [
        (store, number, first_at)
        for number, first_at in wrote.items()
        for store in stores
        if (store, number) not in known
    ]
    yield from _persons(others, persons)


def _persons(cells: Sequence[tuple[str, str, str]], persons: Persons) -> Batches:
    if not cells:
        return
    stores, numbers, first_at = columns_of(cells)
    yield make_batch(
        PERSONS,
        (
            stores,
            list(map(persons.person_id, numbers)),
            list(map(persons.country, numbers)),
            list(map(persons.timezone, numbers, stores)),
            instants_of(first_at),
        ),
    )


def without(batches: Batches, files: Sequence[Path], table: Table = PERSONS) -> Batches:
    """Yield batches of a table without the rows whose keys stand in some files."""
    if not files:
        yield from batches
        return
    keys = list(table.key)
    known = pa.concat_tables([pq.ParquetFile(file).read(columns=keys) for file in files])
    for some in batches:
        new = pa.Table.from_batches([some]).join(known, keys, join_type="left anti")
        yield from new.select(some.schema.names).cast(some.schema).to_batches()


def columns_of(rows: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
    """Return rows, one at least, as columns."""
    return tuple(zip(*rows, strict=True))
