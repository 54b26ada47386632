"""Asks the database who fulfils a condition: each term becomes a part of one statement.

What differs from person to person is the database's to say; everything fixed, `now()` among it, is
bound, so that the same instant gives the same people on every database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import singledispatch
from typing import Any, Final, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, Float, and_, false, func, literal, not_, or_, true

from gateway.commerce.segments import terms
from gateway.commerce.segments.allowing import Allowance
from gateway.commerce.segments.kinds import sure_kind_of
from gateway.commerce.segments.terms import Kind, Sign
from gateway.db.columns import UtcDateTime
from gateway.db.shop.people import People
from gateway.domain.money import kept

Expression: TypeAlias = ColumnElement[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What the terms are put into."""

    view: People
    allowance: Allowance

    def condition(self, term: terms.Condition) -> Expression:
        """Return a condition as SQL has it."""
        return _condition(term, self)

    def value(self, term: terms.Value, kind: Kind) -> Expression:
        """Return a value as SQL has it."""
        return _value(term, self, kind)


@singledispatch
def _condition(term: Any, question: Question) -> Expression:
    raise TypeError(f"no condition: {term!r}")


@_condition.register
def _(term: terms.Always, question: Question) -> Expression:
    return true() if term.true else false()


@_condition.register
def _(term: terms.Flag, question: Question) -> Expression:
    view = question.view
    return view.has_cart() if term.name == "has_cart" else view.coupon_open()


@_condition.register
def _(term: terms.Call, question: Question) -> Expression:
    view, word = question.view, str(term.argument)
    if term.name in _WORDS:
        return view.word(_WORDS[term.name], word)
    if term.name == "consented":
        return question.allowance.condition(view, word)
    if term.name == "birthday_in":
        days = birthdays(question.view.now.date(), int(term.argument))
        return func.coalesce(view.column("birthday").in_(days), false())
    asks: Any = getattr(view, term.name)
    return asks(word, term.days)  # type: ignore[no-any-return]


_WORDS: Final = {"tagged": "tag", "prefers": "preference"}


@_condition.register
def _(term: terms.Comparison, question: Question) -> Expression:
    kind = sure_kind_of(term.left)
    left, right = question.value(term.left, kind), question.value(term.right, kind)
    match term.sign:
        case Sign.EQUAL:
            return left == right
        case Sign.OTHER:
            return left != right
        case Sign.LESS:
            return left < right
        case Sign.MOST:
            return left <= right
        case Sign.MORE:
            return left > right
        case Sign.LEAST:
            return left >= right


@_condition.register
def _(term: terms.OneOf, question: Question) -> Expression:
    kind = sure_kind_of(term.value)
    options = [question.value(option, kind) for option in term.options]
    return question.value(term.value, kind).in_(options)


@_condition.register
def _(term: terms.Like, question: Question) -> Expression:
    value = question.value(term.value, Kind.TEXT)
    if question.view.sqlite:  # its LIKE takes great and small letters for the same
        return value.op("GLOB", is_comparison=True)(literal(_glob(term.pattern)))
    return value.like(term.pattern.replace("\\", "\\\\"))


def _glob(pattern: str) -> str:
    """Return a pattern of LIKE as one of GLOB."""
    letters = {"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"}
    return "".join(letters.get(letter, letter) for letter in pattern)


@_condition.register
def _(term: terms.Known, question: Question) -> Expression:
    kind = sure_kind_of(term.value)
    return question.value(term.value, kind).is_not(None)


@_condition.register
def _(term: terms.Not, question: Question) -> Expression:
    return not_(question.condition(term.condition))


@_condition.register
def _(term: terms.All, question: Question) -> Expression:
    return and_(*map(question.condition, term.conditions))


@_condition.register
def _(term: terms.Any, question: Question) -> Expression:
    return or_(*map(question.condition, term.conditions))


@_condition.register
def _(term: terms.Within, question: Question) -> Expression:
    return question.condition(term.condition)


@singledispatch
def _value(term: Any, question: Question, kind: Kind) -> Expression:
    raise TypeError(f"no value: {term!r}")


@_value.register
def _(term: terms.Column, question: Question, kind: Kind) -> Expression:
    return question.view.column(term.name)


@_value.register
def _(term: terms.Counted, question: Question, kind: Kind) -> Expression:
    view = question.view
    return view.clicks(term.days) if term.name == "clicks" else view.messages(term.days)


@_value.register
def _(term: terms.Constant, question: Question, kind: Kind) -> Expression:
    value = term.value
    if isinstance(value, str):
        return literal(value)
    if kind is Kind.MONEY:
        return literal(kept(value), BigInteger)
    if kind is Kind.COUNT and value == int(value):
        return literal(int(value), BigInteger)
    return literal(float(value), Float)


@_value.register
def _(term: terms.Moment, question: Question, kind: Kind) -> Expression:
    return literal(term.at, UtcDateTime)


@_value.register
def _(term: terms.Now, question: Question, kind: Kind) -> Expression:
    return literal(question.view.now + term.shift, UtcDateTime)


@_value.register
def _(term: terms.Sum, question: Question, kind: Kind) -> Expression:
    left, right = question.value(term.left, kind), question.value(term.right, kind)
    return left - right if term.minus else left + right


@_value.register
def _(term: terms.Default, question: Question, kind: Kind) -> Expression:
    return func.coalesce(question.value(term.value, kind), question.value(term.constant, kind))


def birthdays(today: date, days: int) -> list[str]:
    """Return the birthdays, ``MM-DD``, of today and the next days.

    Who was born on 29 February has it on the 28th in a year without.
    """
    found = list(_days(today, days))
    return sorted({f"{day:%m-%d}" for day in found} | {"02-29" for day in found if _eve(day)})


def _days(today: date, days: int) -> Iterator[date]:
    return (today + timedelta(days=ahead) for ahead in range(min(days, 366) + 1))


def _eve(day: date) -> bool:
    return (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3
