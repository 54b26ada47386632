"""Reads values: columns, numbers, texts, instants, and what is counted."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Final

from sqlglot import exp

from gateway.commerce.segments.catalogue import COLUMNS, COUNTS, FLAGS, FUNCTIONS, MOST_DAYS
from gateway.commerce.segments.kinds import add, default
from gateway.commerce.segments.source import Source, meant, short
from gateway.commerce.segments.terms import Column, Constant, Counted, Now, Value
from gateway.domain.errors import ContentError

_UNITS: Final = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_NUMBER: Final = re.compile(r"\d{1,20}(\.\d{0,20})?|\.\d{1,20}", re.ASCII)
_INTERVAL: Final = re.compile(r"\d{1,4}", re.ASCII)


class Values:
    """Turns nodes into values.

    Args:
        source: where they stand.
        words: more that a column may have been meant to be.
    """

    def __init__(self, source: Source, words: frozenset[str]) -> None:
        self._source = source
        self._words = words

    def value(self, node: exp.Expr) -> Value:
        """Return a value.

        Raises:
            ContentError: it is none.
        """
        if isinstance(node, exp.Paren):
            return self.value(node.this)
        if isinstance(node, exp.Literal):
            return Constant(str(node.this) if node.is_string else self._decimal(node))
        if isinstance(node, exp.Neg):
            return self._negative(node)
        if isinstance(node, exp.CurrentTimestamp) or _is_now(node):
            return Now()
        if isinstance(node, exp.Add | exp.Sub):
            return self._sum(node)
        if isinstance(node, exp.Coalesce):
            return self._coalesce(node)
        return self._named(node)

    def _named(self, node: exp.Expr) -> Value:
        if isinstance(node, exp.Anonymous):
            return self._counted(node)
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Func):
            raise self.no_function(node, short(node).partition("(")[0].lower())
        raise self._source.fault(node, f"{short(node)} is no column, number or text")

    def days(self, node: exp.Expr) -> int:
        """Return a number of days.

        Raises:
            ContentError: it is none, or too many.
        """
        if isinstance(node, exp.Literal) and not node.is_string and _INTERVAL.fullmatch(node.this):
            days = int(node.this)
            if 1 <= days <= MOST_DAYS:
                return days
        raise self._source.fault(node, f"right: a whole number of days, 1 to {MOST_DAYS}")

    def no_column(self, node: exp.Expr, name: str) -> ContentError:
        """Return that there is no column of a name."""
        known = [*COLUMNS, *FLAGS, *sorted(self._words)]
        return self._source.fault(node, f"there is no column {name!r}; {meant(name, known)}")

    def no_function(self, node: exp.Expr, name: str) -> ContentError:
        """Return that there is no function of a name."""
        known = [*FUNCTIONS, *COUNTS, "segment", "now", "coalesce"]
        return self._source.fault(node, f"there is no function {name!r}; {meant(name, known)}")

    def _column(self, node: exp.Expr) -> Value:
        name = self._source.name(node)
        if name in COLUMNS:
            return Column(name)
        if name in FLAGS or name in self._words:
            raise self._source.fault(node, _TRUTH.format(name))
        raise self.no_column(node, name)

    def _counted(self, node: exp.Expr) -> Counted:
        name = str(node.this).lower()
        if name in FUNCTIONS or name == "segment":
            raise self._source.fault(node, _TRUTH.format(name))
        if name not in COUNTS:
            raise self.no_function(node, name)
        if len(node.expressions) != 1:
            raise self._source.fault(node, f"{name} is given a number of days: {name}(30)")
        return Counted(name, self.days(node.expressions[0]))

    def _decimal(self, node: exp.Expr) -> Decimal:
        if not _NUMBER.fullmatch(str(node.this)):
            raise self._source.fault(node, f"{node.this} is no number such as 500 or 0.25")
        return Decimal(str(node.this))

    def _negative(self, node: exp.Expr) -> Constant:
        if not isinstance(node.this, exp.Literal) or node.this.is_string:
            raise self._source.fault(node, "a minus goes before a number")
        return Constant(-self._decimal(node.this))

    def _sum(self, node: exp.Expr) -> Value:
        minus = isinstance(node, exp.Sub)
        if isinstance(node.expression, exp.Interval):
            return self._shifted(node, minus=minus)
        left, right = self.value(node.this), self.value(node.expression)
        return self._source.fit(node, lambda: add(left, right, minus=minus))

    def _shifted(self, node: exp.Expr, *, minus: bool) -> Now:
        length = self._interval(node.expression)
        base = self.value(node.this)
        if not isinstance(base, Now):
            reason = "an interval goes beside now(): now() - interval '30 days'"
            raise self._source.fault(node, reason)
        return Now(base.shift - length if minus else base.shift + length)

    def _interval(self, node: exp.Expr) -> timedelta:
        number, unit = str(node.this.this if node.this else ""), node.args.get("unit")
        name = str(unit.this if unit else "").lower().removesuffix("s")
        if not _INTERVAL.fullmatch(number) or name not in _UNITS:
            reason = "right: interval '30 days', in minutes, hours, days or weeks"
            raise self._source.fault(node, reason)
        return int(number) * _UNITS[name]

    def _coalesce(self, node: exp.Expr) -> Value:
        if len(node.expressions) != 1:
            raise self._source.fault(node, "right: coalesce(churn_risk, 0)")
        value, constant = self.value(node.this), self.value(node.expressions[0])
        return self._source.fit(node, lambda: default(value, constant))


_TRUTH: Final = "{} is true or false, and not to be compared with a value"


def _is_now(node: exp.Expr) -> bool:
    named = isinstance(node, exp.Anonymous) and str(node.this).lower() == "now"
    return named and not node.expressions
