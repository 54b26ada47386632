"""Engines: where the Ibis expressions are computed, DuckDB by default, or Spark."""

from scoring.engine.engines import ENGINES, close, connect, empty_table, fetch, read_parquet
from scoring.engine.settings import EngineSettings

__all__ = [
    "ENGINES",
    "EngineSettings",
    "close",
    "connect",
    "empty_table",
    "fetch",
    "read_parquet",
]
