"""Tables of simulated shops, filed as a lake has them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from scoring.pseudonym import PSEUDONYM_OCTETS
from scoring.schema import TABLES

Ints = NDArray[np.int64]

SECOND: Final = 1_000_000
HOUR: Final = 3600 * SECOND
DAY: Final = 24 * HOUR
"""In microseconds."""


def names(rows: int, rng: np.random.Generator) -> pa.Array:
    """Return names as `scoring.pseudonym` gives them, all different but for bad luck."""
    letters = base64.urlsafe_b64encode(rng.bytes(PSEUDONYM_OCTETS * rows))
    length = len(letters) // max(rows, 1)
    ends = pa.py_buffer(length * np.arange(rows + 1, dtype=np.int64))
    return pa.LargeStringArray.from_buffers(rows, ends, pa.py_buffer(letters)).cast(pa.string())


def days_since_epoch(day: date) -> int:
    """Return the number of a day, counted from 1970."""
    return (day - date(1970, 1, 1)).days


def instants(local: Ints, timezone: str) -> pa.Array:
    """Return instants in UTC of microseconds on a wall clock."""
    clock = pd.DatetimeIndex(local.view("datetime64[us]")).tz_localize(
        timezone, ambiguous=np.ones(len(local), bool), nonexistent="shift_forward"
    )
    return pa.array(clock.tz_convert("UTC"), type=pa.timestamp("us", tz="UTC"))


def clocks(local: Ints) -> pa.Array:
    """Return the wall clock times themselves."""
    return pa.array(local).cast(pa.timestamp("us"))


def same(word: str | None, rows: int) -> pa.Array:
    """Return a column in which one word stands."""
    return pa.repeat(pa.scalar(word, pa.string()), rows)


def words(choices: Any, places: Ints) -> pa.Array:
    """Return a column of words by their places; null where a place is below 0."""
    return pa.array(choices, pa.string()).take(pa.array(places, mask=np.asarray(places) < 0))


def save(folder: Path, name: str, table: pa.Table) -> None:
    """File a table by the UTC month of its clock, or whole where it has none."""
    clock = TABLES[name].clock
    if clock is None:
        _write(table, folder / name / "all.parquet")
        return
    for month, rows in _months(table[clock]):
        _write(table.take(pa.array(rows)), folder / name / f"month={month}" / "all.parquet")


def _months(clock: pa.ChunkedArray) -> Iterator[tuple[str, Ints]]:
    months = clock.to_numpy().astype("datetime64[M]")
    order = np.argsort(months, kind="stable")
    found, starts = np.unique(months[order], return_index=True)
    for month, rows in zip(found, np.split(order, starts[1:]), strict=True):
        yield str(month), rows


def _write(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd")
