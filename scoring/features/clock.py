"""Days, hours and cut-offs as expressions, the same on every engine.

A day is a whole number, counted from 1970-01-01 on the wall clock of the person; a cut-off is the
day whose end it is, so that what happened on that day is still seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import ibis
import numpy as np

_EPOCH = date(1970, 1, 1)


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


def seen(table: Any, cutoffs: Sequence[int]) -> Any:
    """Return rows once for each cut-off that sees them, with the column ``cutoff``.

    Parameters
    ----------
    table : ibis.expr.types.Table
        With the column ``day``.
    cutoffs : sequence of int
        Sorted; a row is seen by those at or after its day.
    """
    if len(cutoffs) == 1:
        [cutoff] = cutoffs
        rows = table.filter(table.day <= cutoff)
        return rows.mutate(cutoff=ibis.literal(cutoff, "int32"))
    rows = table.filter(table.day <= max(cutoffs))
    days = ibis.array([ibis.literal(cutoff, "int32") for cutoff in cutoffs])
    rows = rows.mutate(cutoff=days.filter(lambda cutoff: cutoff >= rows.day))
    return rows.mutate(cutoff=rows.cutoff.unnest())


def within(table: Any, days: int) -> Any:
    """Tell which rows of `seen` lie in the last days up to and with their cut-off."""
    return table.day > table.cutoff - days
