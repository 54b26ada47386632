"""Columns and their types, from a Parquet file's own metadata: nothing of its rows is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from scoring.errors import LakeError
from scoring.lake.files import month_of
from scoring.schema import Column, Table, Type

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def check_columns(table: Table, file: Path) -> None:
    """Pass when a file has the columns of a table, and rows of its folder's month alone.

    Raises
    ------
    LakeError
        It is no Parquet file, a column is missing or of another type, or a row lies in a month
        that is not its own.
    """
    metadata = _metadata(table, file)
    schema = metadata.schema.to_arrow_schema()
    for column in table.columns:
        _check_column(table, column, schema, file)
    if table.clock is not None:
        _check_month(table, metadata, file)


def _metadata(table: Table, file: Path) -> Any:
    try:
        return pq.read_metadata(file)
    except (OSError, pa.ArrowInvalid) as error:
        message = f"the file {file} is no Parquet file, or is cut short; write it again"
        raise LakeError(table.name, None, message) from error


def _check_column(table: Table, column: Column, schema: pa.Schema, file: Path) -> None:
    if column.name not in schema.names:
        message = f"the file {file} lacks this column; it is {column.type}: {column.meaning}"
        raise LakeError(table.name, column.name, message)
    found = schema.field(column.name).type
    if not _fits(found, column.type):
        message = f"is {found} in the file {file}; right: {column.type}"
        raise LakeError(table.name, column.name, message)


def _fits(found: pa.DataType, right: Type) -> bool:
    """Tell whether a type is the right one; how text is laid out, and a zone's name, is all one."""
    if pa.types.is_dictionary(found):
        found = found.value_type
    if right is Type.STRING:
        return pa.types.is_string(found) or pa.types.is_large_string(found)
    if right is Type.INSTANT:
        return pa.types.is_timestamp(found) and found.unit == "us" and found.tz is not None
    return str(found) == right.value


def _check_month(table: Table, metadata: Any, file: Path) -> None:
    year, month = month_of(file)
    place = metadata.schema.to_arrow_schema().names.index(table.clock)
    for number in range(metadata.num_row_groups):
        statistics = metadata.row_group(number).column(place).statistics
        if statistics is None or not statistics.has_min_max:
            continue
        for microseconds in (statistics.min_raw, statistics.max_raw):
            instant = _EPOCH + timedelta(microseconds=microseconds)
            if (instant.year, instant.month) != (year, month):
                raise LakeError(table.name, table.clock, _misplaced(instant, file))


def _misplaced(instant: datetime, file: Path) -> str:
    right = f"month={instant:%Y-%m}"
    return f"the file {file} has a row of {instant:%Y-%m-%d}, which belongs into {right} (UTC)"
