"""The engines there are, and what each of them can do.

Responsible for opening one with its limits, for reading Parquet files on it as they are, and for
taking what was computed out of it. Not responsible for what is in the files (`scoring.lake`) nor
for what is computed (`scoring.features`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from scoring.engine import duck, spark
from scoring.engine.settings import EngineSettings
from scoring.errors import ScoringError


@dataclass(frozen=True, kw_only=True, slots=True)
class Engine:
    """What one engine can do; the functions below say what each means."""

    backend: str
    connect: Callable[[EngineSettings], Any]
    read: Callable[[Any, list[str]], Any]
    empty: Callable[[Any, Any], Any]
    fetch: Callable[[Any, Any], pa.Table]
    close: Callable[[Any], None]


ENGINES: Final[dict[str, Engine]] = {
    "duckdb": Engine(
        backend="duckdb",
        connect=duck.connect,
        read=duck.read,
        empty=duck.empty,
        fetch=duck.fetch,
        close=duck.close,
    ),
    "spark": Engine(
        backend="pyspark",
        connect=spark.connect,
        read=spark.read,
        empty=spark.empty,
        fetch=spark.fetch,
        close=spark.close,
    ),
}
"""The engines by their names."""


def connect(engine: str = "duckdb", settings: EngineSettings | None = None) -> Any:
    """Open an engine.

    Parameters
    ----------
    engine : str
        One of `ENGINES`.
    settings : EngineSettings, optional
        Its limits.

    Returns
    -------
    ibis.backends.BaseBackend
        With UTC as its zone, so that the same expression means the same on each.

    Raises
    ------
    ScoringError
        There is no such engine, or it does not start.

    Examples
    --------
    >>> connect("duckdb", EngineSettings(memory="1GB", threads=1)).name
    'duckdb'
    """
    if engine not in ENGINES:
        raise ScoringError(f"there is no engine {engine!r}; there are: {', '.join(ENGINES)}")
    return ENGINES[engine].connect(settings or EngineSettings())


def read_parquet(connection: Any, files: Sequence[Path], columns: Sequence[str]) -> Any:
    """Return some columns of Parquet files as one table of an engine.

    Parameters
    ----------
    connection : ibis.backends.BaseBackend
        From `connect`.
    files : sequence of pathlib.Path
        At least one; their columns may stand in any order.
    columns : sequence of str
        What to take of them, in this order.

    Returns
    -------
    ibis.expr.types.Table
        Nothing is read before it is executed.
    """
    return _engine(connection).read(connection, [str(file) for file in files])[list(columns)]


def empty_table(connection: Any, schema: Any) -> Any:
    """Return a table without rows.

    Parameters
    ----------
    connection : ibis.backends.BaseBackend
        From `connect`.
    schema : ibis.Schema
        Its columns.

    Returns
    -------
    ibis.expr.types.Table
        On that engine.
    """
    return _engine(connection).empty(connection, schema)


def fetch(connection: Any, expression: Any) -> pa.Table:
    """Compute an expression.

    Parameters
    ----------
    connection : ibis.backends.BaseBackend
        From `connect`.
    expression : ibis.expr.types.Expr
        Of tables on it; a scalar or a column becomes a table.

    Returns
    -------
    pyarrow.Table
        In no certain order.

    Examples
    --------
    >>> import ibis
    >>> fetch(connect(), ibis.literal(2).name("two")).to_pydict()
    {'two': [2]}
    """
    return _engine(connection).fetch(connection, expression)


def close(connection: Any) -> None:
    """Give back what an engine holds: memory, files and processes."""
    _engine(connection).close(connection)


def _engine(connection: Any) -> Engine:
    return next(engine for engine in ENGINES.values() if engine.backend == connection.name)
