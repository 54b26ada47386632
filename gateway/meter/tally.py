"""The meter of a running gateway: sums and buckets in plain dictionaries.

A hook costs a fraction of a microsecond and needs no library; what reads it (metrics, samples)
pays for its own reading.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

import structlog

from gateway.domain.measures import TIMED, Counted, Timed

log = structlog.get_logger(__name__)

MOST: Final = 1000
"""Sets of labels of one measure: some times more than a box with 64 modems and as many stores has.
What comes beyond is counted together, so that no fault of ours can fill the memory."""

OTHER: Final = "other"

Labels = tuple[str, ...]
What = TypeVar("What", Counted, Timed)


@dataclass(slots=True)
class Spread:
    """How long something took, so far."""

    bounds: tuple[float, ...]
    buckets: list[int] = field(init=False)
    """How many took at most each bound and longer than the one before; the last, longer."""
    count: int = 0
    total: float = 0.0
    least: float | None = None
    most: float | None = None
    """Since they were last asked for."""

    def __post_init__(self) -> None:
        self.buckets = [0] * (len(self.bounds) + 1)

    def add(self, seconds: float) -> None:
        """Take one more."""
        self.buckets[bisect_left(self.bounds, seconds)] += 1
        self.count += 1
        self.total += seconds
        if self.least is None or seconds < self.least:
            self.least = seconds
        if self.most is None or seconds > self.most:
            self.most = seconds

    def take_extremes(self) -> tuple[float | None, float | None]:
        """Return the least and the most since the last call."""
        found = self.least, self.most
        self.least = self.most = None
        return found


class Tally:
    """Implements `gateway.meter.Meter`."""

    def __init__(self) -> None:
        self._counts: dict[tuple[Counted, Labels], int] = {}
        self._spreads: dict[tuple[Timed, Labels], Spread] = {}
        self._sets: Counter[Counted | Timed] = Counter()

    @property
    def counts(self) -> Mapping[tuple[Counted, Labels], int]:
        """How often each happened."""
        return self._counts

    @property
    def spreads(self) -> Mapping[tuple[Timed, Labels], Spread]:
        """How long each took."""
        return self._spreads

    def count(self, what: Counted, *labels: str, by: int = 1) -> None:
        """Count something that happened."""
        try:
            self._counts[what, labels] += by
        except KeyError:
            key = self._bounded(what, labels)
            self._counts[key] = self._counts.get(key, 0) + by

    def time(self, what: Timed, seconds: float, *labels: str) -> None:
        """Note how long something took."""
        try:
            spread = self._spreads[what, labels]
        except KeyError:
            spread = self._spreads.setdefault(
                self._bounded(what, labels), Spread(TIMED[what].bounds)
            )
        spread.add(seconds if seconds > 0 else 0.0)  # a clock that is set back takes no time away

    def _bounded(self, what: What, labels: Labels) -> tuple[What, Labels]:
        if self._sets[what] >= MOST:
            return what, (OTHER,) * len(labels)
        self._sets[what] += 1
        if self._sets[what] == MOST:
            log.error("too_many_labels", measure=what.value, most=MOST)
        return what, labels
