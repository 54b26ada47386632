"""The file of scores: exactly the columns of `scoring.schema.SCORES`, written block by block."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from scoring.schema import SCORES, Type

_ARROW: Final = {
    Type.STRING: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.FLAG: pa.bool_(),
    Type.INSTANT: pa.timestamp("us", tz="UTC"),
    Type.LOCAL: pa.timestamp("us"),
}

SCHEMA: Final = pa.schema(
    [
        pa.field(column.name, _ARROW[column.type], nullable=column.nullable)
        for column in SCORES.columns
    ]
)

UNTOLD: Final = {"hours": "[]", "best_hours": "now", "buy_again": "[]", "new_for_you": "[]"}
"""What stands where no model tells and null may not stand."""


class ScoresWriter:
    """Appends blocks of people to a file of scores; made by `scores_file`.

    Attributes
    ----------
    rows : int
        Written so far.
    """

    def __init__(self, writer: pq.ParquetWriter) -> None:
        self._writer = writer
        self.rows = 0

    def write(self, rows: int, columns: Mapping[str, Any]) -> None:
        """Append ``rows`` people.

        Parameters
        ----------
        rows : int
        columns : mapping of str to array-like or scalar
            By names of the schema; NaN and NaT are null. What is left out is null, or `UNTOLD`.
        """
        whole = {**UNTOLD, **columns}
        arrays = [_array(whole.get(field.name), field, rows) for field in SCHEMA]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=SCHEMA))
        self.rows += rows


@contextmanager
def scores_file(file: Path) -> Iterator[ScoresWriter]:
    """Write a file of scores that takes its place only when it is whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = tempfile.NamedTemporaryFile(  # noqa: SIM115 -- closed by the writer, then renamed
        prefix=f".{file.name}.", dir=file.parent, delete=False
    )
    beside = Path(handle.name)
    try:
        with handle, pq.ParquetWriter(handle, SCHEMA, compression="zstd") as writer:
            yield ScoresWriter(writer)
        beside.chmod(0o644)
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _array(values: Any, field: pa.Field, rows: int) -> pa.Array:
    if values is None:
        return pa.nulls(rows, field.type)
    if isinstance(values, pa.Array):
        return values
    if isinstance(values, (str, int, float, pa.Scalar)):
        scalar = values if isinstance(values, pa.Scalar) else pa.scalar(values, field.type)
        return pa.repeat(scalar, rows)
    array = pa.array(values, from_pandas=True)
    return array if array.type == field.type else array.cast(field.type)
