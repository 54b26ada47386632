"""A file of scores, as `shopbell score run` writes it: checked as a whole, then read in lots.

Not responsible for where they are kept (`gateway.db.scores`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gateway.domain.errors import ShopbellError
from gateway.domain.job import format_instant
from gateway.domain.score import HOURS, STALE_AFTER, BestHours, Score, is_stale
from gateway.lake.tables import schema_of
from scoring.schema import SCORES, Column, Type

AT_ONCE: Final = 5000
"""Rows in memory at once; each has a curve of 168 numbers as text."""

AHEAD: Final = timedelta(hours=1)
"""By so much may the clock that made the scores run ahead of ours."""

_NAMES: Final = [column.name for column in SCORES.columns]


class ScoreFileError(ShopbellError):
    """The file of scores is not as `scoring.schema.SCORES` says; names column and what is right."""

    def __init__(self, column: str | None, message: str) -> None:
        super().__init__(f"scores.{column}: {message}" if column else f"scores: {message}")


def check_scores(path: Path, now: datetime) -> Mapping[str, int]:
    """Check a whole file; return how many persons of which store it has.

    Args:
        path: the file.
        now: the present instant.

    Raises:
        ScoreFileError: something in it is not right, or all of it is stale.
    """
    file = _open(path)
    _check_columns(file)
    stores = _check_keys(file)
    newest = None
    for some in _batches(file):
        for column in SCORES.columns:
            _check_cells(column, some.column(column.name))
        for row in some.to_pylist():
            _score(row)
        latest = pc.max(some.column("made_at")).as_py()
        newest = latest if newest is None else max(newest, latest)
    if newest is not None:
        _check_age(newest, now)
    return stores


def read_scores(path: Path, stores: Sequence[str]) -> Iterator[list[Score]]:
    """Yield the scores of some stores, from a file that was checked."""
    for some in _batches(_open(path)):
        scores = [_score(row) for row in some.to_pylist() if row["store"] in stores]
        if scores:
            yield scores


def _open(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except FileNotFoundError:
        raise ScoreFileError(
            None, f"there is no file {path}; `shopbell score run` makes it"
        ) from None
    except (OSError, pa.ArrowInvalid):
        raise ScoreFileError(None, f"{path} is no Parquet file, or is cut short") from None


def _batches(file: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
    yield from file.iter_batches(AT_ONCE, columns=_NAMES)


def _check_columns(file: pq.ParquetFile) -> None:
    found = file.schema_arrow
    for field in schema_of(SCORES):
        meaning = SCORES.column(field.name).meaning
        if field.name not in found.names:
            raise ScoreFileError(field.name, f"is missing; right: {field.type}, {meaning}")
        type_ = found.field(field.name).type
        if not _fits(type_, field.type):
            raise ScoreFileError(field.name, f"is {type_}; right: {field.type}, {meaning}")


def _fits(found: pa.DataType, right: pa.DataType) -> bool:
    if pa.types.is_dictionary(found):
        found = found.value_type
    if pa.types.is_timestamp(right):
        return pa.types.is_timestamp(found) and found.unit == right.unit and found.tz is not None
    return bool(found == right or (pa.types.is_large_string(found) and pa.types.is_string(right)))


def _check_keys(file: pq.ParquetFile) -> Mapping[str, int]:
    keys = file.read(columns=["store", "person_id"])
    for name in ("store", "person_id"):
        _check_cells(SCORES.column(name), keys.column(name))
    counted = keys.group_by(["store", "person_id"]).aggregate([([], "count_all")])
    twice = counted.filter(pc.greater(counted.column("count_all"), 1))
    if twice.num_rows:
        row = twice.slice(0, 1).to_pylist()[0]
        raise ScoreFileError(
            "person_id",
            f"{row['person_id']} of store {row['store']} has {row['count_all']} rows; right: one",
        )
    stores = keys.group_by("store").aggregate([([], "count_all")]).to_pylist()
    return {row["store"]: row["count_all"] for row in stores}


def _check_cells(column: Column, cells: Any) -> None:
    if not column.nullable and cells.null_count:
        raise ScoreFileError(
            column.name, f"is null in {cells.null_count} rows; right: {column.meaning}"
        )
    if column.type in (Type.NUMBER, Type.INTEGER):
        _check_range(column, cells)
    if column.name in ("store", "person_id") and pc.any(pc.equal(cells, "")).as_py():
        raise ScoreFileError(column.name, f"is empty; right: {column.meaning}")


def _check_range(column: Column, cells: Any) -> None:
    least = -math.inf if column.least is None else column.least
    most = math.inf if column.most is None else column.most
    right = f"a number from {least:g} to {most:g}" if math.isfinite(most) else f"from {least:g}"
    if column.type is Type.NUMBER and pc.all(pc.is_finite(cells)).as_py() not in (True, None):
        raise ScoreFileError(column.name, f"is no number in some rows; right: {right}, or null")
    span = pc.min_max(cells).as_py()
    for value in (span["min"], span["max"]):
        if value is not None and not least <= value <= most:
            raise ScoreFileError(column.name, f"is {value:g} in a row; right: {right}")


def _check_age(newest: datetime, now: datetime) -> None:
    made = format_instant(newest)
    if is_stale(newest, now):
        raise ScoreFileError(
            "made_at",
            f"the newest was made at {made}, more than {STALE_AFTER.days} days ago, and is advice "
            "no more; right: what `shopbell score run` writes now",
        )
    if newest - now > AHEAD:
        raise ScoreFileError("made_at", f"{made} is still to come; right: when it was made, in UTC")


def _score(row: Mapping[str, Any]) -> Score:
    try:
        best_hours = BestHours(row["best_hours"])
    except ValueError:
        words = ", ".join(BestHours)
        message = f"has the word {row['best_hours']!r}; right: {words}"
        raise ScoreFileError("best_hours", message) from None
    parsed = {
        "hours": _curve(row["hours"]),
        "best_hours": best_hours,
        "buy_again": _products("buy_again", row["buy_again"]),
        "new_for_you": _products("new_for_you", row["new_for_you"]),
    }
    try:
        return Score(**{**row, **parsed})
    except ValueError as error:
        raise ScoreFileError(None, str(error)) from None


@lru_cache(maxsize=4096)
def _curve(text: str) -> tuple[float, ...]:
    """Return the numbers of a curve; many persons share their shop's."""
    hours = _list("hours", text)
    if len(hours) not in (0, HOURS) or not all(_is_share(hour) for hour in hours):
        raise ScoreFileError(
            "hours", "right: a JSON list of 168 numbers from 0, Monday 00 first, or of none"
        )
    return tuple(float(hour) for hour in hours)


def _is_share(hour: object) -> bool:
    return isinstance(hour, int | float) and not isinstance(hour, bool) and 0 <= hour < math.inf


def _products(column: str, text: str) -> tuple[str, ...]:
    products = _list(column, text)
    if not all(isinstance(product, str) for product in products):
        raise ScoreFileError(column, "right: a JSON list of product_ids, which are texts")
    return tuple(products)


def _list(column: str, text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise ScoreFileError(column, f"is not a JSON list in a row; right: {_meaning(column)}")
    return found


def _meaning(column: str) -> str:
    return SCORES.column(column).meaning
