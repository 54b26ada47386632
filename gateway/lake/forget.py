"""Takes persons out of a lake, and shows what is of them in it.

Whatever file names a person is written anew without, also an import's; a month is not written again
from the database for it, since nothing in the database changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gateway.lake.folder import LakeFolder
from scoring.schema import MESSAGES, PARTS

PERSON: Final = "person_id"
MESSAGE: Final = "message_id"
STORE: Final = "store"

Persons = Mapping[str | None, Set[str]]
"""Pseudonyms by store; under None those who are meant at every store."""


@dataclass(kw_only=True, slots=True)
class Forgotten:
    """What was taken out."""

    rows: dict[str, int] = field(default_factory=dict)
    """How many of each table."""
    files: int = 0
    """How many were written anew."""


def forget(lake: LakeFolder, persons: Persons) -> Forgotten:
    """Take persons out of a lake that is open for writing."""
    done = Forgotten()
    if not any(persons.values()):
        return done
    messages = _messages(lake.path, persons)
    for file in _files(lake.path):
        meant = _meant(file, persons, messages)
        if meant is None:
            continue
        table, mask = meant
        gone = pc.sum(mask).as_py() or 0
        if gone:
            lake.replace(file, table.filter(pc.invert(mask)))
            name = file.relative_to(lake.path).parts[0]
            done.rows[name] = done.rows.get(name, 0) + gone
            done.files += 1
    return done


def find(folder: Path, persons: Persons) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of persons in a lake, by table."""
    found: dict[str, list[dict[str, Any]]] = {}
    messages = _messages(folder, persons)
    for file in _files(folder):
        meant = _meant(file, persons, messages)
        if meant is not None and (rows := meant[0].filter(meant[1]).to_pylist()):
            name = file.relative_to(folder).parts[0].removesuffix(".parquet")
            found.setdefault(name, []).extend(rows)
    return found


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(folder.rglob("*.parquet")))


def _meant(
    file: Path, persons: Persons, messages: Set[str]
) -> tuple[pa.Table, pa.ChunkedArray] | None:
    """Return a file and which of its rows are of the persons; None when none can be."""
    columns = pq.ParquetFile(file).schema_arrow.names
    if PERSON in columns:
        table = pq.ParquetFile(file).read()
        return table, _mask(table, persons)
    if MESSAGE in columns and PARTS.name in file.parts:
        table = pq.ParquetFile(file).read()
        return table, _in(table, MESSAGE, messages)
    return None


def _mask(table: pa.Table, persons: Persons) -> pa.ChunkedArray:
    mask = _in(table, PERSON, persons.get(None, frozenset()))
    for store, ids in persons.items():
        if store is not None and STORE in table.column_names:
            of_store = pc.equal(table.column(STORE), store)
            mask = pc.or_(mask, pc.and_(of_store, _in(table, PERSON, ids)))
    return mask


def _in(table: pa.Table, column: str, values: Set[str]) -> pa.ChunkedArray:
    return pc.fill_null(
        pc.is_in(table.column(column), pa.array(sorted(values), pa.string())), False
    )


def _messages(folder: Path, persons: Persons) -> frozenset[str]:
    """Return the messages to persons; their parts name the message alone."""
    found: set[str] = set()
    for file in (folder / MESSAGES.name).rglob("*.parquet"):
        table = pq.ParquetFile(file).read(columns=[STORE, PERSON, MESSAGE])
        found.update(table.filter(_mask(table, persons)).column(MESSAGE).to_pylist())
    return frozenset(found)
