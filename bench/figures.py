"""Figures from instants: distributions, intervals and rates. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Self


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
