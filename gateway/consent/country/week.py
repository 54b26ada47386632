"""The hours of a week in which something is allowed, on the clock of whoever it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from typing import Final

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAYS: Final = "holidays"
AS_WEEKDAY: Final = "as_weekday"
NONE: Final = "none"

_SPAN: Final = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_MIDNIGHT: Final = 24 * 60


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Span:
    """From one minute of a day to another, which is the first outside; 1440 is its end."""

    start: int
    end: int

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read ``08:00-20:00``.

        Raises:
            ValueError: it is no span of a day.
        """
        found = _SPAN.fullmatch(text.strip())
        if found is None:
            raise ValueError(f'{text!r} is no span of a day; write one such as "08:00-20:00"')
        first, start, last, end = map(int, found.groups())
        span = cls(start=first * 60 + start, end=last * 60 + end)
        if start > 59 or end > 59 or not 0 <= span.start < span.end <= _MIDNIGHT:
            raise ValueError(f"{text!r} does not go forward within one day")
        return span

    def holds(self, at: time) -> bool:
        """Tell whether a time of day is inside."""
        return self.start <= at.hour * 60 + at.minute < self.end


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """What is open on each day."""

    days: tuple[tuple[Span, ...], ...]
    """From Monday to Sunday, each in order."""
    holidays: tuple[Span, ...] | None
    """On public holidays; None when they are days like others."""

    @classmethod
    def parse(cls, hours: object) -> Week:
        """Read a table such as ``{ mon-sat = "08:00-20:00", sun = "none", holidays = "none" }``.

        Raises:
            ValueError: a day is missing, stated twice or unknown, or a span is wrong.
        """
        if not isinstance(hours, Mapping):
            raise ValueError("is no table of days")  # noqa: TRY004  # pydantic collects it
        named: dict[str, tuple[Span, ...]] = {}
        for key, text in hours.items():
            if key != HOLIDAYS:
                named |= _add(named, str(key), _spans(str(text)))
        missing = [day for day in (*DAYS, HOLIDAYS) if day not in named and day not in hours]
        if missing:
            raise ValueError(f"says nothing about {', '.join(missing)}")
        told = str(hours[HOLIDAYS])
        return cls(
            days=tuple(named[day] for day in DAYS),
            holidays=None if told == AS_WEEKDAY else _spans(told),
        )

    def spans(self, day: date, *, holiday: bool) -> tuple[Span, ...]:
        """Return what is open on a day."""
        if holiday and self.holidays is not None:
            return self.holidays
        return self.days[day.weekday()]


def _add(
    named: Mapping[str, tuple[Span, ...]], key: str, spans: tuple[Span, ...]
) -> dict[str, tuple[Span, ...]]:
    first, _, last = key.partition("-")
    if first not in DAYS or (last and last not in DAYS):
        raise ValueError(f'{key!r} is no day; write one such as "sun" or "mon-sat"')
    days = DAYS[DAYS.index(first) : DAYS.index(last or first) + 1]
    twice = [day for day in days if day in named]
    if twice or not days:
        raise ValueError(f"{key!r} goes backward or states {', '.join(twice)} twice")
    return dict.fromkeys(days, spans)


def _spans(text: str) -> tuple[Span, ...]:
    if text == NONE:
        return ()
    spans = tuple(Span.parse(part) for part in text.split(","))
    if any(later.start < earlier.end for earlier, later in pairwise(spans)):
        raise ValueError(f"{text!r} is not in order")
    return spans
