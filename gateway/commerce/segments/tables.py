"""The view of people as tables in Markdown, for docs/commerce/segments.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gateway.commerce.segments.catalogue import COLUMNS, COUNTS, FLAGS, FUNCTIONS


def columns() -> str:
    """Return the table of columns."""
    valued = ((one.name, str(one.kind), one.about, one.unknown) for one in COLUMNS.values())
    flags = ((one.name, "true or false", one.about, None) for one in FLAGS.values())
    rows = ((f"`{name}`", kind, about, null or "") for name, kind, about, null in valued)
    told = ((f"`{name}`", kind, about, "") for name, kind, about, _ in flags)
    return _table(("column", "is", "tells", "`null` of those who"), [*rows, *told])


def functions() -> str:
    """Return the table of functions."""
    truths = ((f"`{one.written}`", "true or false", one.about) for one in FUNCTIONS.values())
    counts = ((f"`{one.name}(days)`", "a whole number", one.about) for one in COUNTS.values())
    return _table(("function", "is", "tells"), [*truths, *counts])


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(_lines(head, rows))


def _lines(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for row in rows:
        yield f"| {' | '.join(row)} |"
