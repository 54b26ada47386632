"""Figures from instants: distributions, intervals, rates and shares. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final, Self

STEADY: Final = 0.8
"""Part of a run, in its middle, of which a steady rate is taken."""

STARVED: Final = 1.5
"""Times the ideal interval after which a line that sends no more counts as left without work."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Distribution:
    """What is told of many durations."""

    median_ms: float
    p99_ms: float
    """The smallest value that 99 of 100 do not exceed; with few values, the greatest."""
    count: int

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Self | None:
        """Sum durations up, or return None when there are none."""
        values = sorted(seconds)
        if not values:
            return None
        rank = math.ceil(0.99 * len(values)) - 1
        return cls(median_ms=median(values) * 1000, p99_ms=values[rank] * 1000, count=len(values))


def gaps(instants: Sequence[float]) -> list[float]:
    """Return the seconds between each instant and the next."""
    return [later - earlier for earlier, later in pairwise(sorted(instants))]


def rate(instants: Iterable[float]) -> float:
    """Return how many a second there were between the first and the last; zero for fewer than 2."""
    ordered = sorted(instants)
    span = ordered[-1] - ordered[0] if ordered else 0.0
    return (len(ordered) - 1) / span if span > 0 else 0.0


def steady_rate(instants: Iterable[float]) -> float:
    """Return the rate in the middle of a run, without its start and its end."""
    ordered = sorted(instants)
    left_out = round(len(ordered) * (1 - STEADY) / 2)
    return rate(ordered[left_out : len(ordered) - left_out])


def share_of_ideal(lines: Mapping[str, Sequence[float]], ideal: float) -> float:
    """Return the share of what lines could have sent that they did send, from 0 to 1.

    Lines that come up one after the other and messages under way at the end are no loss: it is
    asked how long a line took from one message to the next, until half of the lines have sent their
    last one. A line that is left without work before that has its wait counted.

    Args:
        lines: by modem, when each of its messages was taken, in seconds.
        ideal: seconds of a message on a line that never waits.
    """
    end = median(max(instants) for instants in lines.values())
    taken: list[float] = []
    for instants in lines.values():
        within = [instant for instant in sorted(instants) if instant <= end]
        taken += gaps(within)
        if within and end - within[-1] > STARVED * ideal:
            taken.append(end - within[-1])
    return ideal * len(taken) / sum(taken) if taken else 0.0
