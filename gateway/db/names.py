"""A row by any of the names of its person or job: under the key in use, and under former ones.

There is mostly one key. A statement for so many names is built once; an expanding `IN` is compiled
again at each use, which took longer than the rest of the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_


def one_of(column: ColumnElement[Any], count: int) -> ColumnElement[bool]:
    """Return the condition that a column is one of so many names, at least one."""
    return or_(*(column == bindparam(f"name_{place}") for place in range(count)))


def by_place(names: Sequence[str]) -> dict[str, str]:
    """Return the parameters of such a condition."""
    return {f"name_{place}": name for place, name in enumerate(names)}
