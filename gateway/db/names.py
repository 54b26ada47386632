"""Rows by their names: of a person or job under each key there is, or of all jobs of a batch.

A statement for so many names is built and compiled once; an expanding `IN` is compiled again at
each use, which takes longer than the rest of the question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, bindparam

N = TypeVar("N", str, int)

AT_ONCE: Final = 256
"""Names in one statement at most; a power of two."""


def one_of(column: ColumnElement[Any], count: int) -> ColumnElement[bool]:
    """Return the condition that a column is one of so many names, at least one."""
    places = [bindparam(f"name_{place}", type_=column.type) for place in range(count)]
    return column.in_(places) if count > 1 else column == places[0]


def by_place(names: Sequence[N]) -> dict[str, N]:
    """Return the parameters of such a condition."""
    return {f"name_{place}": name for place, name in enumerate(names)}


def in_lots(names: Sequence[N]) -> Iterator[list[N]]:
    """Give any number of names in lots of 1, 2, 4 … `AT_ONCE`, so that few statements do for all.

    A lot is filled up with the last name again.
    """
    for first in range(0, len(names), AT_ONCE):
        lot = list(names[first : first + AT_ONCE])
        size = 1 << (len(lot) - 1).bit_length()
        yield lot + lot[-1:] * (size - len(lot))
