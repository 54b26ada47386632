"""Numbers and times in words, for templates. Pure.

Times are shown in the gateway's own zone, which a template knows as `zone`; the browser counts
how long ago they were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from jinja2 import pass_context
from jinja2.runtime import Context

from gateway.domain.ids import store_in_words

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400

NOTHING: Final = "\N{EN DASH}"
"""Shown where there is no value."""


def span(seconds: float | timedelta | None) -> str:
    """Say a length of time in at most two units: ``3 min``, ``2 h 5 min``, ``4 d``."""
    if seconds is None:
        return NOTHING
    whole = int(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds)
    if whole < _MINUTE:
        return f"{max(whole, 0)} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    if whole < _DAY:
        hours, minutes = divmod(whole // _MINUTE, 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(whole // _HOUR, 24)
    return f"{days} d {hours} h" if hours and days < 10 else f"{days} d"


def number(value: float | None, digits: int = 0) -> str:
    """Write a number with thin spaces between thousands: ``12 345``."""
    if value is None:
        return NOTHING
    return f"{value:,.{digits}f}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def percent(value: float | None, digits: int = 0) -> str:
    """Write a ratio as ``97 %``."""
    return NOTHING if value is None else f"{100 * value:.{digits}f}\N{NARROW NO-BREAK SPACE}%"


@pass_context
def moment(context: Context, at: datetime | None) -> str:
    """Write when something was: the time alone today, with the day before that."""
    if at is None:
        return NOTHING
    zone, now = context["zone"], context["now"]
    there = at.astimezone(zone)
    if there.date() == now.astimezone(zone).date():
        return f"{there:%H:%M:%S}"
    return f"{there.day} {there:%b %Y %H:%M}"


@pass_context
def ago(context: Context, at: datetime | None) -> str:
    """Say how long ago something was."""
    return NOTHING if at is None else f"{span(context['now'] - at)} ago"


def instant(at: datetime) -> str:
    """Write a time for a `datetime` attribute."""
    return at.isoformat(timespec="seconds")


def plain(word: object) -> str:
    """Write a word of ours for eyes: `in_service` becomes ``in service``."""
    return str(word).replace("_", " ")


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "span": span,
    "number": number,
    "percent": percent,
    "moment": moment,
    "ago": ago,
    "instant": instant,
    "plain": plain,
    "store": store_in_words,
}
