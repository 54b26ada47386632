"""What a segment is made of once it is read: a small tree, and nothing that is not in it.

A condition is true, false or unknown, as in SQL; a segment holds who it is true for. Three
readers of the tree agree: the one that asks the database, the one that speaks, and, in the tests,
one that evaluates it in Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias


class Kind(StrEnum):
    """What a value is; only like is compared with like."""

    MONEY = "an amount"
    COUNT = "a whole number"
    SHARE = "a number"
    TEXT = "a text"
    INSTANT = "an instant"


class Sign(StrEnum):
    """How two values are compared."""

    EQUAL = "="
    OTHER = "<>"
    LESS = "<"
    MOST = "<="
    MORE = ">"
    LEAST = ">="


OPPOSITE: Final = {
    Sign.EQUAL: Sign.OTHER,
    Sign.OTHER: Sign.EQUAL,
    Sign.LESS: Sign.LEAST,
    Sign.LEAST: Sign.LESS,
    Sign.MORE: Sign.MOST,
    Sign.MOST: Sign.MORE,
}
"""What holds where the other does not, and neither where a side is unknown."""

MIRRORED: Final = {
    Sign.EQUAL: Sign.EQUAL,
    Sign.OTHER: Sign.OTHER,
    Sign.LESS: Sign.MORE,
    Sign.MORE: Sign.LESS,
    Sign.LEAST: Sign.MOST,
    Sign.MOST: Sign.LEAST,
}
"""The same with the sides changed."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the view that has a value."""

    name: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something happened in the last days."""

    name: str
    days: int


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a text."""

    value: Decimal | str


@dataclass(frozen=True, slots=True)
class Moment:
    """A fixed instant, UTC."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Now:
    """The instant of the question, and so long after it; before it where that is negative."""

    shift: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Sum:
    """Two numbers of a kind, added or taken away."""

    left: Value
    right: Value
    minus: bool = False


@dataclass(frozen=True, slots=True)
class Default:
    """A value, or a constant where it is unknown."""

    value: Value
    constant: Constant


Value: TypeAlias = "Column | Counted | Constant | Moment | Now | Sum | Default"


@dataclass(frozen=True, slots=True)
class Always:
    """True of everybody, or of nobody."""

    true: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """A column of the view that is true or false, and never unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of ours, true or false and never unknown."""

    name: str
    argument: str | int
    days: int | None = None
    """Within the last days; None: ever."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values; unknown where one is."""

    sign: Sign
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value that is one of several constants; unknown where it is."""

    value: Value
    options: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """A text that looks like a pattern: ``%`` stands for any letters, ``_`` for one."""

    value: Value
    pattern: str


@dataclass(frozen=True, slots=True)
class Known:
    """Whether a value is known."""

    value: Value


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; unknown where it is."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class All:
    """All of them."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of them."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """Who is in another segment."""

    name: str
    condition: Condition


Condition: TypeAlias = (
    "Always | Flag | Call | Comparison | OneOf | Like | Known | Not | All | Any | Within"
)


def all_in(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and all that it is made of, those of segments that it uses among them."""
    yield condition
    for part in parts_of(condition):
        yield from all_in(part)


def depth_of(condition: Condition) -> int:
    """Return how deep conditions stand in each other."""
    return 1 + max(map(depth_of, parts_of(condition)), default=0)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions that a condition is made of, itself left out."""
    if isinstance(condition, All | Any):
        return condition.conditions
    if isinstance(condition, Not | Within):
        return (condition.condition,)
    return ()
