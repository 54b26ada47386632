"""Says in plain English who is in a segment.

An opposite is said of what stands inside: nobody reads "not (… and …)" twice. That is allowed in
three-valued logic, too: what is unknown stays unknown on both ways.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from gateway.commerce.segments.catalogue import COLUMNS, COUNTS, FLAGS, FUNCTIONS
from gateway.commerce.segments.kinds import kind_of
from gateway.commerce.segments.terms import (
    OPPOSITE,
    All,
    Always,
    Any,
    Call,
    Column,
    Comparison,
    Condition,
    Constant,
    Counted,
    Default,
    Flag,
    Kind,
    Known,
    Like,
    Moment,
    Not,
    Now,
    OneOf,
    Sign,
    Sum,
    Value,
    Within,
)

_AMOUNTS: Final = {
    Sign.EQUAL: "exactly {}",
    Sign.OTHER: "other than {}",
    Sign.LESS: "less than {}",
    Sign.MOST: "at most {}",
    Sign.MORE: "more than {}",
    Sign.LEAST: "at least {}",
}
_INSTANTS: Final = {
    Sign.EQUAL: "exactly at {}",
    Sign.OTHER: "at another time than {}",
    Sign.LESS: "before {}",
    Sign.MOST: "at or before {}",
    Sign.MORE: "after {}",
    Sign.LEAST: "at or after {}",
}
_AGO: Final = {
    Sign.LESS: "more than {} ago",
    Sign.MOST: "at least {} ago",
    Sign.MORE: "less than {} ago",
    Sign.LEAST: "at most {} ago",
}
_UNITS: Final = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
)
_SIMPLE: Final = Column | Counted


def explain(condition: Condition, currency: str | None = None) -> str:
    """Say in words whom a condition is true of.

    Args:
        condition: of a segment.
        currency: ISO 4217, of amounts.
    """
    if isinstance(condition, Always):
        return "everybody" if condition.true else "nobody"
    return f"people who {_Speaker(currency).says(condition)}"


class _Speaker:
    def __init__(self, currency: str | None) -> None:
        self._currency = currency

    def says(self, term: Condition, *, denied: bool = False) -> str:
        """Return what stands behind ``people who``, of a condition or of its opposite."""
        match term:
            case Not(inner):
                return self.says(inner, denied=not denied)
            case All(parts) | Any(parts):
                return self._several(parts, isinstance(term, All) is not denied, denied=denied)
            case Always(true):
                return "are anybody" if true is not denied else "are nobody"
            case Flag(name):
                return FLAGS[name].denies if denied else FLAGS[name].says
            case Call():
                return self._call(term, denied=denied)
            case Within(name, inner):
                return self._within(name, inner, denied=denied)
            case Known(value):
                return self._known(value, known=not denied)
            case Comparison():
                return self._compared(term, denied=denied)
            case OneOf() | Like():
                return self._chosen(term, denied=denied)

    def _several(self, parts: tuple[Condition, ...], all_: bool, *, denied: bool) -> str:
        said = [self._part(part, denied=denied) for part in parts]
        return (" and " if all_ else " or ").join(said)

    def _part(self, part: Condition, *, denied: bool) -> str:
        said = self.says(part, denied=denied)
        while isinstance(part, Not):
            part = part.condition
        return f"({said})" if isinstance(part, All | Any) else said

    def _call(self, call: Call, *, denied: bool) -> str:
        entry = FUNCTIONS[call.name]
        word = str(call.argument) if entry.number else _quoted(str(call.argument))
        said = (entry.denies if denied else entry.says).format(word)
        return said if call.days is None else f"{said} in the last {_many(call.days, 'day')}"

    def _within(self, name: str, inner: Condition, *, denied: bool) -> str:
        are = "are not" if denied else "are"
        return f"{are} in {_quoted(name)} (who {self.says(inner)})"

    def _known(self, value: Value, *, known: bool) -> str:
        if isinstance(value, Column):
            entry = COLUMNS[value.name]
            said = entry.known if known else entry.unknown
            if said is not None:
                return said
        return f"have {self._noun(value)} that is {'' if known else 'not '}known"

    def _compared(self, term: Comparison, *, denied: bool) -> str:
        sign = OPPOSITE[term.sign] if denied else term.sign
        kind = kind_of(term.left)
        if kind is Kind.TEXT and isinstance(term.right, Constant):
            return self._named(term.left, [term.right], no=sign is Sign.OTHER)
        if kind is Kind.INSTANT:
            return self._filled(term.left, self._when(sign, term.right))
        return self._filled(term.left, _AMOUNTS[sign].format(self._value(term.right, kind)))

    def _chosen(self, term: OneOf | Like, *, denied: bool) -> str:
        if isinstance(term, Like):
            says, denies = "looks like", "does not look like"
            said = f"{denies if denied else says} {_quoted(term.pattern)}"
            return f"have {self._noun(term.value)} that {said}"
        kind = kind_of(term.value)
        if kind is Kind.TEXT:
            return self._named(term.value, list(term.options), no=denied)
        options = _either([self._value(option, kind) for option in term.options])
        amount = (_AMOUNTS[Sign.OTHER if denied else Sign.EQUAL]).format(options)
        return self._filled(term.value, amount)

    def _named(self, value: Value, options: list[Constant], *, no: bool) -> str:
        words = _either([_quoted(str(option.value)) for option in options])
        if isinstance(value, Column):
            entry = COLUMNS[value.name]
            if not no or entry.denies is not None:
                return str(entry.denies if no else entry.says).format(words)
        return f"have {self._noun(value)} that is {'not ' if no else ''}{words}"

    def _filled(self, value: Value, amount: str) -> str:
        if isinstance(value, Column):
            return COLUMNS[value.name].says.format(amount)
        if isinstance(value, Counted):
            said = COUNTS[value.name].says.format(amount)
            return f"{said} in the last {_many(value.days, 'day')}"
        return f"have {self._noun(value)} of {amount}"

    def _noun(self, value: Value) -> str:
        match value:
            case Column(name):
                return f"a {COLUMNS[name].noun}"
            case Counted(name, days):
                return f"a {COUNTS[name].noun} in the last {_many(days, 'day')}"
            case Sum(left, right, minus):
                between = "less" if minus else "plus"
                return f"{self._side(left, value)} {between} {self._side(right, value)}"
            case Default(inner, constant):
                said = self._value(constant, kind_of(inner))
                return f"{self._noun(inner)} (where unknown, {said})"
            case _:
                return self._value(value, None)

    def _side(self, value: Value, of: Value) -> str:
        if isinstance(value, Constant):
            return self._value(value, kind_of(of))
        return self._noun(value).removeprefix("a ")

    def _value(self, value: Value, kind: Kind | None) -> str:
        match value:
            case Constant(Decimal() as number):
                return self._money(number) if kind is Kind.MONEY else f"{number:,f}"
            case Constant(text):
                return _quoted(str(text))
            case Moment(at):
                return _instant(at)
            case Now():
                return "now" if not value.shift else f"{_length(value.shift)} {_side_of(value)}"
            case _:
                return self._noun(value)

    def _when(self, sign: Sign, right: Value) -> str:
        if isinstance(right, Now) and right.shift < timedelta() and sign in _AGO:
            return _AGO[sign].format(_length(right.shift))
        return _INSTANTS[sign].format(self._value(right, Kind.INSTANT))

    def _money(self, amount: Decimal) -> str:
        if self._currency is None:
            return f"{amount:,f}"
        from babel.numbers import get_currency_symbol

        return f"{get_currency_symbol(self._currency, locale='en')}{amount:,f}"


def _either(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _quoted(word: str) -> str:
    return f"'{word}'"


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _length(shift: timedelta) -> str:
    length = abs(shift)
    for noun, unit in _UNITS:
        whole, rest = divmod(length, unit)
        if whole and not rest:
            return _many(whole, noun)
    return str(length)


def _side_of(now: Now) -> str:
    return "ago" if now.shift < timedelta() else "from now"


def _instant(at: datetime) -> str:
    day = f"{at.day} {at:%B %Y}"
    return day if (at.hour, at.minute, at.second) == (0, 0, 0) else f"{day}, {at:%H:%M:%S} UTC"
