"""Rows that belong together: exports write an order once for each of its lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.bridge.backfill.form import Facts
from gateway.bridge.backfill.kinds import Columns
from gateway.consent.imports.sheet import Sheet


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Rows of one thing, in their order."""

    lines: tuple[int, ...]
    """Of the file; from 1."""
    rows: tuple[Facts, ...]

    @property
    def head(self) -> Facts:
        """The first row, which has all that is not of a line."""
        return self.rows[0]


def groups_of(sheet: Sheet, columns: Columns, after: int = 0) -> Iterator[Group]:
    """Yield what belongs together, by the same name in rows that follow each other.

    Args:
        sheet: the file.
        columns: which of its columns says what.
        after: a line behind which to begin; the last of a group.

    Raises:
        SheetError: a row cannot be read.
    """
    lines: list[int] = []
    rows: list[Facts] = []
    for line, cells in sheet.rows():
        if line <= after:
            continue
        facts = columns.facts(cells)
        if rows and not columns.same(rows[0], facts):
            yield Group(lines=tuple(lines), rows=tuple(rows))
            lines, rows = [], []
        lines.append(line)
        rows.append(facts)
    if rows:
        yield Group(lines=tuple(lines), rows=tuple(rows))
