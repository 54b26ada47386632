"""What may be compared with what. Pure.

Only like is compared with like, so that no database has to make one of the other: a text with a
number, or an amount with a count, is a slip of whoever wrote it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from gateway.commerce.segments.catalogue import COLUMNS
from gateway.commerce.segments.terms import (
    MIRRORED,
    Column,
    Comparison,
    Constant,
    Counted,
    Default,
    Kind,
    Like,
    Moment,
    Now,
    OneOf,
    Sign,
    Sum,
    Value,
)
from gateway.domain.money import read_money

MOST: Final = Decimal(10) ** 12
"""A number beyond is a slip of the keyboard, and would not fit into every database."""

_NUMBERS: Final = (Kind.MONEY, Kind.COUNT, Kind.SHARE)


class KindError(ValueError):
    """Two things do not go together; the text says what would be right."""


def kind_of(value: Value) -> Kind | None:
    """Return the kind of a value; None of a number or text that takes what it stands beside."""
    if isinstance(value, Column):
        return COLUMNS[value.name].kind
    if isinstance(value, Counted):
        return Kind.COUNT
    if isinstance(value, Sum):
        return kind_of(value.left) or kind_of(value.right)
    if isinstance(value, Default):
        return kind_of(value.value)
    return Kind.INSTANT if isinstance(value, Moment | Now) else None


def sure_kind_of(value: Value) -> Kind:
    """Return the kind of what is told of people, which always has one."""
    kind = kind_of(value)
    if kind is None:
        raise TypeError(f"told of nobody: {value!r}")
    return kind


def compare(sign: Sign, left: Value, right: Value) -> Comparison:
    """Return a comparison, with what is told of people on its left.

    Raises:
        KindError: the two are not to be compared.
    """
    if is_fixed(left) and not is_fixed(right):
        sign, left, right = MIRRORED[sign], right, left
    if is_fixed(left):
        raise KindError("compares two fixed values; name a column, such as spend > 500")
    kind = sure_kind_of(left)
    if kind is Kind.TEXT and sign not in (Sign.EQUAL, Sign.OTHER):
        raise KindError(f"is a text, which is never {sign} another; right: =, <>, in, like")
    return Comparison(sign, left, fitting(right, kind))


def one_of(value: Value, options: tuple[Value, ...]) -> OneOf:
    """Return that a value is one of several.

    Raises:
        KindError: they are of another kind.
    """
    kind = kind_of(value)
    if kind is None or kind is Kind.INSTANT:
        raise KindError("is no text and no number of people; right: country in ('GB', 'IE')")
    if not options:
        raise KindError("is one of nothing; right: country in ('GB', 'IE')")
    fitted = [fitting(option, kind) for option in options]
    constants = tuple(one for one in fitted if isinstance(one, Constant))
    if len(constants) < len(fitted):
        raise KindError("takes fixed values alone; right: country in ('GB', 'IE')")
    return OneOf(value, constants)


def like(value: Value, pattern: str) -> Like:
    """Return that a text looks like a pattern.

    Raises:
        KindError: it is no text.
    """
    if kind_of(value) is not Kind.TEXT:
        raise KindError("is no text, so that it looks like no pattern")
    return Like(value, pattern)


def add(left: Value, right: Value, *, minus: bool) -> Value:
    """Return the sum of two numbers, or their difference.

    Raises:
        KindError: one is none, or they are of different kinds.
    """
    kind = kind_of(left) or kind_of(right)
    if kind is None:
        raise KindError("adds two fixed numbers; write what they make")
    if kind not in _NUMBERS:
        raise KindError("only numbers are added; an interval goes beside now() or a date")
    return Sum(fitting(left, kind), fitting(right, kind), minus)


def default(value: Value, constant: Value) -> Default:
    """Return a value with what it is where it is unknown.

    Raises:
        KindError: they are of different kinds.
    """
    kind = kind_of(value)
    if kind is None or kind is Kind.INSTANT:
        raise KindError("right: coalesce(churn_risk, 0), with a column of numbers or texts")
    fitted = fitting(constant, kind)
    if not isinstance(fitted, Constant):
        raise KindError("right: coalesce(churn_risk, 0), with a fixed value behind the column")
    return Default(value, fitted)


def is_fixed(value: Value) -> bool:
    """Tell whether a value is the same for everybody."""
    if isinstance(value, Sum):
        return is_fixed(value.left) and is_fixed(value.right)
    return isinstance(value, Constant | Moment | Now)


def fitting(value: Value, kind: Kind) -> Value:
    """Return a value as one of a kind.

    Raises:
        KindError: it is of another.
    """
    known = kind_of(value)
    if known is not None:
        if known is not kind:
            raise KindError(f"compares {kind} with {known}")
        return value
    if not isinstance(value, Constant):
        raise KindError("adds two fixed numbers; write what they make")
    if isinstance(value.value, Decimal):
        return _number(value.value, kind)
    return _text(value.value, kind)


def _number(value: Decimal, kind: Kind) -> Constant:
    if kind not in _NUMBERS:
        raise KindError(f"compares {kind} with the number {value}; {_EXAMPLES[kind]}")
    if not value.is_finite() or abs(value) >= MOST:
        raise KindError("is a number of more than twelve digits")
    if kind is Kind.MONEY:
        try:
            read_money(value)
        except ValueError as error:
            raise KindError(str(error)) from None
    return Constant(value)


def _text(value: str, kind: Kind) -> Value:
    if kind is Kind.TEXT:
        return Constant(value)
    if kind is Kind.INSTANT:
        return _moment(value)
    raise KindError(f"compares {kind} with the text {value!r}; {_EXAMPLES[kind]}")


def _moment(text: str) -> Moment:
    """Read a date or an instant; what has no zone is UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise KindError(f"{text!r} is no date; {_EXAMPLES[Kind.INSTANT]}") from None
    return Moment((at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC))


_EXAMPLES: Final = {
    Kind.MONEY: "right: a number such as 500",
    Kind.COUNT: "right: a number such as 3",
    Kind.SHARE: "right: a number such as 0.5",
    Kind.TEXT: "right: a text in single quotes such as 'GB'",
    Kind.INSTANT: "right: '2026-11-26', or now() - interval '30 days'",
}
