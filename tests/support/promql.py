"""Reads PromQL as far as it takes to know that it can be read, and what it asks for.

The grammar of https://prometheus.io/docs/prometheus/latest/querying/basics without subqueries,
``@`` and ``offset``, which our files do not use. How strongly operators bind is left out: it
changes what comes out, and not whether it can be read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

AGGREGATIONS = {"sum", "min", "max", "avg", "count", "topk", "bottomk", "quantile", "stddev"}
RANGED = {
    *("rate", "increase", "irate", "delta", "deriv", "changes", "resets", "predict_linear"),
    *("avg_over_time", "max_over_time", "min_over_time", "sum_over_time", "last_over_time"),
}
"""Functions whose first vector is one over a time."""
FUNCTIONS = RANGED | {
    *("histogram_quantile", "absent", "time", "vector", "scalar", "abs", "ceil", "floor"),
    *("clamp_min", "clamp_max", "round", "label_replace", "timestamp", "sort", "sort_desc"),
}
OPERATORS = {"+", "-", "*", "/", "%", "^", "==", "!=", "<", ">", "<=", ">=", "and", "or", "unless"}

_TOKEN = re.compile(
    r"""\s*(?:(?P<range>\[\d+(?:ms|[smhdwy])\])|(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)
    |(?P<text>"(?:[^"\\]|\\.)*")|(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)
    |(?P<sign>=~|!~|==|!=|<=|>=|[-+*/%^<>=(){},]))""",
    re.VERBOSE,
)


class PromqlError(ValueError):
    """That is no PromQL."""


@dataclass
class Query:
    """What an expression asks for."""

    selectors: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """Each metric, and the labels by which it is chosen."""
    groups: set[str] = field(default_factory=set)
    """Labels that something is told apart by, or joined on."""


def read(text: str) -> Query:
    """Return what an expression asks for.

    Raises:
        PromqlError: it cannot be read.
    """
    reader = _Reader(_tokens(text))
    reader.expression()
    reader.expect("end")
    return reader.query


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise PromqlError(f"nobody knows {text[at : at + 20]!r}")
        assert match.lastgroup is not None
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return [*found, ("end", "end")]


class _Reader:
    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self.query = Query()
        self._tokens = tokens
        self._at = 0

    def _next(self) -> tuple[str, str]:
        return self._tokens[self._at]

    def _take(self) -> tuple[str, str]:
        self._at += 1
        return self._tokens[self._at - 1]

    def _has(self, *words: str) -> bool:
        return self._next()[1] in words and self._next()[0] != "text"

    def expect(self, word: str) -> None:
        kind, found = self._take()
        if found != word or kind == "text":
            raise PromqlError(f"{word!r} is expected, and there is {found!r}")

    def expression(self) -> bool:
        """Read one; tell whether it is a vector over a time."""
        ranged = self._operand()
        while self._has(*OPERATORS):
            if ranged:
                raise PromqlError("a vector over a time takes part in no operation")
            self._take()
            if self._has("bool"):
                self._take()
            if self._has("on", "ignoring"):
                self._take()
                self._labels()
                if self._has("group_left", "group_right"):
                    self._take()
                    self._labels()
            if self._operand():
                raise PromqlError("a vector over a time takes part in no operation")
        return ranged

    def _operand(self) -> bool:
        if self._has("-"):
            self._take()
        kind, word = self._take()
        if kind == "number":
            return False
        if word == "(":
            ranged = self.expression()
            self.expect(")")
            return ranged
        if kind != "name":
            raise PromqlError(f"a value is expected, and there is {word!r}")
        if word in AGGREGATIONS:
            return self._aggregation()
        if self._has("("):
            return self._call(word)
        return self._selector(word)

    def _aggregation(self) -> bool:
        grouped = self._grouping()
        self._arguments()
        if not grouped:
            self._grouping()
        return False

    def _grouping(self) -> bool:
        if not self._has("by", "without"):
            return False
        self._take()
        self._labels()
        return True

    def _labels(self) -> None:
        self.expect("(")
        while not self._has(")"):
            self.query.groups.add(self._take()[1])
            if self._has(","):
                self._take()
        self.expect(")")

    def _call(self, name: str) -> bool:
        if name not in FUNCTIONS:
            raise PromqlError(f"there is no function {name}")
        if any(self._arguments()) != (name in RANGED):
            raise PromqlError(f"{name} is asked of the wrong kind of vector")
        return False

    def _arguments(self) -> list[bool]:
        self.expect("(")
        ranged = []
        while not self._has(")"):
            if self._next()[0] == "text":
                self._take()
            else:
                ranged.append(self.expression())
            if not self._has(")"):
                self.expect(",")
        self.expect(")")
        return ranged

    def _selector(self, name: str) -> bool:
        labels = []
        if self._has("{"):
            self._take()
            while not self._has("}"):
                labels.append(self._take()[1])
                if self._take()[1] not in ("=", "!=", "=~", "!~") or self._take()[0] != "text":
                    raise PromqlError(f"{name} is not chosen by {labels[-1]}")
                if self._has(","):
                    self._take()
            self.expect("}")
        self.query.selectors.append((name, tuple(labels)))
        if self._next()[0] != "range":
            return False
        self._take()
        return True
