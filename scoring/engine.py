"""Engines: where the Ibis expressions are computed.

Responsible for opening one with its limits and for reading Parquet files on it as they are. Not
responsible for what is in the files (`scoring.lake`) nor for what is computed (`scoring.features`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ibis

from scoring.errors import ScoringError


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineSettings:
    """Limits of an engine; None leaves its own default.

    Attributes
    ----------
    memory : str or None
        As the engine writes it, such as ``"1GB"``; beyond it, what is computed goes to ``temp``.
    threads : int or None
        At once.
    temp : pathlib.Path or None
        The folder for what does not fit into memory.
    """

    memory: str | None = None
    threads: int | None = None
    temp: Path | None = None


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
        There is no such engine.

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
    return ENGINES[connection.name].read(connection, [str(file) for file in files])[list(columns)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Engine:
    """How one engine is opened, and how it reads files."""

    connect: Callable[[EngineSettings], Any]
    read: Callable[[Any, list[str]], Any]


def _connect_duckdb(settings: EngineSettings) -> Any:
    limits = {
        "memory_limit": settings.memory,
        "threads": settings.threads,
        "temp_directory": None if settings.temp is None else str(settings.temp),
    }
    given = {name: value for name, value in limits.items() if value is not None}
    # Nothing here hangs on the order of rows, and keeping it costs memory.
    return ibis.duckdb.connect(preserve_insertion_order=False, **given)


def _read_duckdb(connection: Any, files: list[str]) -> Any:
    return connection.read_parquet(files, hive_partitioning=False, union_by_name=True)


ENGINES: Final[dict[str, Engine]] = {
    "duckdb": Engine(connect=_connect_duckdb, read=_read_duckdb),
}
"""The engines there are, by the names of their Ibis backends."""
