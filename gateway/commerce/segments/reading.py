"""Reads the text of a segment, within limits: sqlglot parses it, `conditions` takes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from sqlglot import exp, parse
from sqlglot.errors import ParseError, SqlglotError

from gateway.commerce.segments.conditions import Conditions
from gateway.commerce.segments.source import Source
from gateway.commerce.segments.terms import Condition, all_in, depth_of
from gateway.domain.errors import ContentError

MOST_LETTERS: Final = 4_000
MOST_DEPTH: Final = 16
"""Conditions within each other, those of used segments among them."""
MOST_CONDITIONS: Final = 300
"""In one segment, likewise; a database stops at some depth and number, too."""
_MOST_BRACKETS: Final = 40

_TOO_DEEP: Final = f"stands more than {MOST_DEPTH} deep in itself; make segments of its parts"


def read_condition(text: str, segments: Mapping[str, Condition]) -> Condition:
    """Read a condition on people.

    Args:
        text: SQL, as behind ``WHERE``.
        segments: what it may use by name.

    Raises:
        ContentError: it cannot be; the place is the line and the column.
    """
    if not text.strip():
        raise ContentError("is empty; write a condition such as spend > 500")
    if len(text) > MOST_LETTERS:
        raise ContentError(f"has {len(text):,} letters; at most {MOST_LETTERS:,}")
    try:
        return _bounded(Conditions(Source(text), segments).condition(_parsed(text)))
    except RecursionError:
        raise ContentError(_TOO_DEEP) from None


def names_in(text: str, segments: Iterable[str]) -> list[str]:
    """Return the segments that a text may use, so that those can be read before it."""
    words = re.findall(r"\bsegment\s*\(\s*'([^']*)'|\bis_(\w+)", text, re.IGNORECASE)
    said = {called or named.lower() for called, named in words}
    return [name for name in segments if name in said or name.replace("-", "_") in said]


def _bounded(condition: Condition) -> Condition:
    if depth_of(condition) > MOST_DEPTH:
        raise ContentError(_TOO_DEEP)
    if any(number >= MOST_CONDITIONS for number, _ in enumerate(all_in(condition))):
        raise ContentError(
            f"has more than {MOST_CONDITIONS:,} conditions, with those of segments that it uses"
        )
    return condition


def _parsed(text: str) -> exp.Expr:
    if _brackets(text) > _MOST_BRACKETS:
        raise ContentError(_TOO_DEEP)
    try:
        parsed = parse(text, read="sqlite")
    except ParseError as error:
        raise _unparsed(error) from None
    except SqlglotError:
        raise ContentError("has a quote or a bracket that is not closed") from None
    first, *more = parsed or [None]
    if first is None or more or isinstance(first, exp.Block):
        raise ContentError("must be one condition, without ;")
    return first


def _brackets(text: str) -> int:
    """Return how deep brackets stand in each other at most; those of texts count, too."""
    depth = most = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        most = max(most, depth)
    return most


def _unparsed(error: ParseError) -> ContentError:
    told = error.errors[0] if error.errors else {}
    place = f"line {told['line']}, column {told['col']}" if told.get("line") else None
    word = told.get("highlight")
    what = f"{word!r} is not expected there" if word else "ends too early"
    return ContentError(f"{what}; right: SQL as behind WHERE, such as spend > 500", place=place)
