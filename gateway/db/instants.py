"""Instants as texts, made by the database: for a million of them objects would take longer.

SQLite keeps them as such texts; PostgreSQL is asked for the same.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class as_text(FunctionElement[str]):  # noqa: N801 -- a function of SQL
    """An instant in UTC, as ``2026-11-23 09:30:00.000000``."""

    name = "as_text"
    type = String()
    inherit_cache = True


@compiles(as_text, "sqlite")
def _kept(element: as_text, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(as_text, "postgresql")
def _formatted(element: as_text, compiler: SQLCompiler, **options: Any) -> str:
    instant = compiler.process(element.clauses, **options)
    return f"to_char({instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"


def month_of(column: Any) -> Any:
    """Return the expression of an instant's month in UTC, as ``2026-11``."""
    return func.substr(as_text(column), 1, 7)


def day_of(column: Any) -> Any:
    """Return the expression of an instant's day in UTC, as ``2026-11-23``."""
    return func.substr(as_text(column), 1, 10)
