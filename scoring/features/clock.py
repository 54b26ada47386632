"""Days, hours and cut-offs as expressions, the same on every engine.

A day is a whole number, counted from 1970-01-01 on the wall clock of the person; a cut-off is the
day whose end it is, so that what happened on that day is still seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import ibis
import numpy as np

_EPOCH = date(1970, 1, 1)

_ZONES = 2
"""Days that are more than any wall clock is away from UTC."""


def day_number(day: Any) -> int:
    """Return a calendar day as a number.

    Parameters
    ----------
    day : datetime.date, str or numpy.datetime64
        As ``"2011-09-10"``; of a datetime, its date.

    Raises
    ------
    ValueError
        It is no day.

    Examples
    --------
    >>> day_number("1970-01-03")
    2
    >>> day_number(date(2011, 9, 10))
    15227
    """
    try:
        number = np.datetime64(day, "D").astype(np.int64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{day!r} is no day; as in '2011-09-10'") from error
    if np.isnat(np.datetime64(day, "D")):
        raise ValueError("NaT is no day; as in '2011-09-10'")
    return int(number)


def day_numbers(days: Iterable[Any]) -> tuple[int, ...]:
    """Return calendar days as numbers, sorted, each once.

    Examples
    --------
    >>> day_numbers(["1970-01-03", "1970-01-02", "1970-01-03"])
    (1, 2)
    """
    return tuple(sorted({day_number(day) for day in days}))


def day_of(local: Any) -> Any:
    """Return the day of wall clock times.

    Parameters
    ----------
    local : ibis.expr.types.TimestampValue
        Without a zone.

    Returns
    -------
    ibis.expr.types.IntegerValue
        Days since 1970-01-01.
    """
    return local.date().epoch_days().cast("int32")


def clock_or_utc(local: Any, instant: Any) -> Any:
    """Return wall clock times, or UTC where the person's zone is unknown."""
    return ibis.coalesce(local, instant.cast("timestamp(6)"))


def seen(table: Any, clock: Any, cutoffs: Sequence[int]) -> Any:
    """Return rows once for each cut-off that sees them, with the columns ``day`` and ``cutoff``.

    Parameters
    ----------
    table : ibis.expr.types.Table
        Rows that happened at some time.
    clock : ibis.expr.types.TimestampValue
        When, on the wall clock; a row is seen by cut-offs at or after its day.
    cutoffs : sequence of int
        Sorted.
    """
    # Compared as it stands in the file, so that what came later need not even be read.
    rows = table.filter(clock < _start(max(cutoffs) + 1))
    rows = rows.mutate(day=day_of(clock))
    if len(cutoffs) == 1:
        return rows.mutate(cutoff=ibis.literal(cutoffs[0], "int32"))
    days = ibis.array([ibis.literal(cutoff, "int32") for cutoff in cutoffs])
    rows = rows.mutate(cutoff=days.filter(lambda cutoff: cutoff >= rows.day))
    return rows.mutate(cutoff=rows.cutoff.unnest())


def not_before(instant: Any, day: int) -> Any:
    """Tell of which rows the wall clock may show this day or a later one, by their instant.

    Some days too many, for zones; it only spares the engine to read what is left out later.
    """
    return instant >= _start(day - _ZONES).replace(tzinfo=UTC)


def _start(day: int) -> datetime:
    return datetime.combine(_EPOCH, time()) + timedelta(days=day)


def within(table: Any, days: int) -> Any:
    """Tell which rows of `seen` lie in the last days up to and with their cut-off."""
    return table.day > table.cutoff - days
