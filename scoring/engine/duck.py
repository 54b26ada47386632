"""DuckDB: in this process, on its cores."""

from __future__ import annotations

from typing import Any, Final

import duckdb
import ibis
import pyarrow as pa

from scoring.engine.settings import EngineSettings

_BAR: Final = "enable_progress_bar"


def without_bar(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Let DuckDB draw no bar: it would come after two seconds, on stdout, which is for results.

    In a notebook it draws none of itself, and cannot be asked to without widgets.
    """
    if connection.execute(f"SELECT current_setting('{_BAR}')").fetchall() == [(True,)]:
        connection.execute(f"SET {_BAR} = false")
    return connection


def database(settings: EngineSettings) -> duckdb.DuckDBPyConnection:
    """Open a database in memory, for DuckDB's own SQL."""
    limits = {
        "memory_limit": settings.memory,
        "threads": settings.threads,
        "temp_directory": None if settings.temp is None else str(settings.temp),
    }
    given = {name: value for name, value in limits.items() if value is not None}
    # Nothing here hangs on the order of rows, and keeping it costs memory.
    return without_bar(duckdb.connect(config={"preserve_insertion_order": False, **given}))


def connect(settings: EngineSettings) -> Any:
    """Open a database in memory, for Ibis expressions."""
    return ibis.duckdb.from_connection(database(settings))


def read(connection: Any, files: list[str]) -> Any:
    """Return files as one table, their columns matched by name."""
    return connection.read_parquet(files, hive_partitioning=False, union_by_name=True)


def empty(connection: Any, schema: Any) -> Any:
    """Return a table without rows."""
    return ibis.memtable([], schema=schema)


def fetch(connection: Any, expression: Any) -> pa.Table:
    """Compute an expression."""
    return connection.to_pyarrow(expression.as_table())


def close(connection: Any) -> None:
    """Give back its memory."""
    connection.disconnect()
