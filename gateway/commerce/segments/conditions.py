"""Reads conditions: what sqlglot parsed is taken node by node, and nothing else.

The list of what is taken is here and in `values`: whatever has no function is refused with its
place, so that nothing that sqlglot learns some day slips through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

from gateway.commerce.segments.catalogue import COLUMNS, FLAGS, FUNCTIONS, FunctionEntry
from gateway.commerce.segments.kinds import compare, is_fixed, like, one_of
from gateway.commerce.segments.source import Source, meant, short
from gateway.commerce.segments.terms import (
    All,
    Always,
    Any,
    Call,
    Condition,
    Flag,
    Known,
    Not,
    Sign,
    Within,
)
from gateway.commerce.segments.values import Values

_SIGNS: Final[Mapping[type[exp.Expr], Sign]] = {
    exp.EQ: Sign.EQUAL,
    exp.NEQ: Sign.OTHER,
    exp.LT: Sign.LESS,
    exp.LTE: Sign.MOST,
    exp.GT: Sign.MORE,
    exp.GTE: Sign.LEAST,
}


class Conditions:
    """Turns nodes into conditions.

    Args:
        source: where they stand.
        segments: the conditions that may be used by name.
    """

    def __init__(self, source: Source, segments: Mapping[str, Condition]) -> None:
        self._source = source
        self._segments = segments
        self._words = {f"is_{name.replace('-', '_')}": name for name in segments}
        self._values = Values(source, frozenset(self._words))

    def condition(self, node: exp.Expr) -> Condition:
        """Return a condition.

        Raises:
            ContentError: it is none.
        """
        if isinstance(node, exp.Paren):
            return self.condition(node.this)
        if isinstance(node, exp.And | exp.Or):
            parts = tuple(self.condition(part) for part in node.flatten())
            return All(parts) if isinstance(node, exp.And) else Any(parts)
        if isinstance(node, exp.Not):
            return Not(self.condition(node.this))
        if isinstance(node, exp.Boolean):
            return Always(bool(node.this))
        reads = _READS.get(type(node))
        if reads is None:
            raise self._source.fault(node, f"{short(node)} is no condition such as spend > 500")
        return reads(self, node)

    def _comparison(self, node: exp.Expr) -> Condition:
        self._source.only(node, "this", "expression")
        sign, left, right = _SIGNS[type(node)], node.this, node.expression
        if isinstance(left, exp.Boolean):
            left, right = right, left
        if isinstance(right, exp.Boolean):
            return self._truth(node, left, sign, true=bool(right.this))
        if isinstance(left, exp.Null) or isinstance(right, exp.Null):
            raise self._source.fault(node, "nothing is = null; right: is null, or is not null")
        one, other = self._values.value(left), self._values.value(right)
        return self._source.fit(node, lambda: compare(sign, one, other))

    def _truth(self, node: exp.Expr, of: exp.Expr, sign: Sign, *, true: bool) -> Condition:
        if sign not in (Sign.EQUAL, Sign.OTHER):
            raise self._source.fault(node, "what is true or false is not more or less")
        condition = self.condition(of)
        return condition if true is (sign is Sign.EQUAL) else Not(condition)

    def _between(self, node: exp.Expr) -> Condition:
        self._source.only(node, "this", "low", "high")
        value, low, high = (self._values.value(node.args[name]) for name in _BOUNDS)
        ends = ((Sign.LEAST, low), (Sign.MOST, high))
        return self._source.fit(
            node, lambda: All(tuple(compare(sign, value, end) for sign, end in ends))
        )

    def _in(self, node: exp.Expr) -> Condition:
        self._source.only(node, "this", "expressions", hint="right: country in ('GB', 'IE')")
        value = self._values.value(node.this)
        options = tuple(map(self._values.value, node.expressions))
        return self._source.fit(node, lambda: one_of(value, options))

    def _like(self, node: exp.Expr) -> Condition:
        self._source.only(node, "this", "expression", "negate")
        value = self._values.value(node.this)
        pattern = self._source.word(node.expression, "language like 'en%'")
        found = self._source.fit(node, lambda: like(value, pattern))
        return Not(found) if node.args.get("negate") else found

    def _is(self, node: exp.Expr) -> Condition:
        self._source.only(node, "this", "expression")
        if isinstance(node.expression, exp.Boolean):
            return self._decided(node, true=bool(node.expression.this))
        if not isinstance(node.expression, exp.Null):
            raise self._source.fault(node, "right: is null, is not null, is true, is false")
        value = self._values.value(node.this)
        if is_fixed(value):
            raise self._source.fault(node, "is always known; name a column")
        return Not(Known(value))

    def _decided(self, node: exp.Expr, *, true: bool) -> Condition:
        """Return what is true, or false: of what is never unknown alone, where `is` means `=`."""
        condition = self.condition(node.this)
        if not isinstance(condition, Flag | Call | Always):
            word = "true" if true else "false"
            raise self._source.fault(node, f"is {word} goes behind a column that is true or false")
        return condition if true else Not(condition)

    def _named(self, node: exp.Expr) -> Condition:
        """Return what a word alone says: a flag, or the members of a segment."""
        name = self._source.name(node)
        if name in FLAGS:
            return Flag(name)
        if name in self._words:
            return self._within(self._words[name])
        if name in COLUMNS:
            kind = COLUMNS[name].kind
            raise self._source.fault(node, f"{name} is {kind}, and no condition; compare it")
        raise self._values.no_column(node, name)

    def _called(self, node: exp.Expr) -> Condition:
        name = str(node.this).lower()
        if name == "segment":
            return self._segment(node)
        if name not in FUNCTIONS:
            raise self._values.no_function(node, name)
        return self._call(node, FUNCTIONS[name])

    def _call(self, node: exp.Expr, entry: FunctionEntry) -> Call:
        given = node.expressions
        if not 1 <= len(given) <= 1 + entry.days:
            told = f"{entry.name} is given {len(given)} values"
            raise self._source.fault(node, f"{told}; right: {entry.written}")
        if entry.number:
            return Call(entry.name, self._values.days(given[0]))
        argument = self._source.word(given[0], entry.written)
        if entry.words and argument not in entry.words:
            told = f"there is no {entry.argument} {argument!r}"
            raise self._source.fault(given[0], f"{told}; {meant(argument, entry.words)}")
        days = self._values.days(given[1]) if len(given) > 1 else None
        return Call(entry.name, argument, days)

    def _segment(self, node: exp.Expr) -> Condition:
        if len(node.expressions) != 1:
            raise self._source.fault(node, "right: segment('vip')")
        name = self._source.word(node.expressions[0], "segment('vip')")
        if name in self._segments:
            return self._within(name)
        hint = f"; {meant(name, self._segments)}" if self._segments else ""
        raise self._source.fault(node.expressions[0], f"there is no segment {name!r}{hint}")

    def _within(self, name: str) -> Within:
        return Within(name, self._segments[name])


_BOUNDS: Final = ("this", "low", "high")
_READS: Final[Mapping[type[exp.Expr], Callable[[Conditions, exp.Expr], Condition]]] = {
    **dict.fromkeys(_SIGNS, Conditions._comparison),
    exp.Between: Conditions._between,
    exp.In: Conditions._in,
    exp.Like: Conditions._like,
    exp.Is: Conditions._is,
    exp.Column: Conditions._named,
    exp.Anonymous: Conditions._called,
}
