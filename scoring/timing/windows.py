"""Which of the coming hours are legal for a person, on her own wall clock.

Responsible for turning windows of local time into a mask over UTC hours, across changes of the
clock. What a country's windows are is the gateway's (`gateway.domain.consent`); what is best among
them is chosen after masking, never before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Slots = NDArray[np.integer]

WEEK = 168
QUARTER = timedelta(minutes=15)
"""Zones lie at whole quarters of an hour; a UTC hour is legal when all four of its are."""


def week_mask(start: int, end: int, days: Sequence[int] = range(7)) -> Flags:
    """Legal hours of the week: the same window on some days.

    Parameters
    ----------
    start, end : int
        First legal hour and the first that is no more, 0 to 24.
    days : sequence of int
        Monday is 0.

    Returns
    -------
    ndarray of bool of shape (168,)

    Raises
    ------
    ValueError
        It is no window.

    Examples
    --------
    >>> int(week_mask(9, 20, range(6)).sum())
    66
    """
    if not 0 <= start < end <= 24:
        raise ValueError(f"a window from {start} to {end} is none; 0 <= start < end <= 24")
    week = np.zeros((7, 24), dtype=bool)
    week[list(days), start:end] = True
    return week.ravel()


def local_slots(begin: datetime, hours: int, zone: str) -> Slots:
    """Local hour of the week at the beginning of each of the coming UTC hours.

    Parameters
    ----------
    begin : datetime
        Aware; the first hour.
    hours : int
        How many.
    zone : str
        Of the tz database.

    Returns
    -------
    ndarray of int of shape (hours,)
        0 is Monday 00; columns of a curve of `SendTimeModel`.

    Examples
    --------
    In the night of 2026-10-25 the hour from two to three comes twice:

    >>> local_slots(datetime(2026, 10, 25, 0, tzinfo=UTC), 3, "Europe/Paris") - 6 * 24
    array([2, 2, 3])
    """
    return _slots(_instants(begin, hours), zone)


def legal_hours(begin: datetime, hours: int, legal: Flags, zones: Sequence[str]) -> Flags:
    """Tell which of the coming UTC hours are legal from their first minute to their last.

    Parameters
    ----------
    begin : datetime
        Aware; the first hour.
    hours : int
        How many.
    legal : ndarray of bool of shape (168,)
        Legal local hours of the week.
    zones : sequence of str
        The person's zone; where it is unknown, all that it may be: an hour must be legal in each.

    Returns
    -------
    ndarray of bool of shape (hours,)

    Raises
    ------
    ValueError
        `begin` is naive, the mask is no week, or no zone is given.

    Examples
    --------
    >>> begin = datetime(2026, 6, 1, 0, tzinfo=UTC)
    >>> np.flatnonzero(legal_hours(begin, 24, week_mask(8, 21), ["America/New_York"]))[[0, -1]]
    array([ 0, 23])
    >>> both = legal_hours(begin, 24, week_mask(8, 21), ["America/New_York", "Pacific/Honolulu"])
    >>> np.flatnonzero(both)
    array([ 0, 18, 19, 20, 21, 22, 23])
    """
    if np.shape(legal) != (WEEK,):
        raise ValueError(f"legal has shape {np.shape(legal)}; it is a week of 168 hours")
    if not zones:
        raise ValueError("no zone is given; where it is unknown, name all that are possible")
    mask = np.ones(hours, dtype=bool)
    for step in range(4):
        instants = _instants(begin + step * QUARTER, hours)
        for zone in zones:
            mask &= np.asarray(legal)[_slots(instants, zone)]
    return mask


def _instants(begin: datetime, hours: int) -> list[datetime]:
    if begin.tzinfo is None:
        raise ValueError("begin has no zone; an instant is wanted, as datetime(..., tzinfo=UTC)")
    first = begin.astimezone(UTC)
    return [first + timedelta(hours=hour) for hour in range(hours)]


def _slots(instants: Sequence[datetime], zone: str) -> Slots:
    local = [instant.astimezone(ZoneInfo(zone)) for instant in instants]
    return np.array([at.weekday() * 24 + at.hour for at in local])
