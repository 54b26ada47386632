"""How fast one line may send: its bucket, its jitter and its answers of congestion. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Final

from gateway.dispatch.pacing.bucket import Bucket
from gateway.dispatch.pacing.congestion import Congestion
from gateway.dispatch.pacing.jitter import Jitter

_REMEMBERED: Final = 16
"""Departures by which the speed of a line without a rate is known."""

_UNKNOWN_SPEED: Final = 1 / 3
"""Parts a second of a SIM whose speed was not seen yet (MODEMS.md 2.17)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Speed:
    """What an operator, or the law, sets for a line."""

    per_second: float | None = None
    """Parts; None: no limit, and no jitter."""
    jitter: bool = False


class Pace:
    """One SIM's, in whatever stick, or one carrier's."""

    def __init__(self, random: Random | None = None) -> None:
        self._bucket = Bucket()
        self._jitter = Jitter(random or Random())  # noqa: S311 -- a habit, not a secret
        self._congestion = Congestion()
        self._departures: deque[float] = deque(maxlen=_REMEMBERED)
        self._set = Speed()
        self._own = _UNKNOWN_SPEED

    def rate(self, now: float, speed: Speed) -> float | None:
        """Return the parts a second that it may send now; None is no limit.

        Args:
            now: the caller's monotonic clock, in seconds.
            speed: what is set for it.
        """
        share = self._congestion.share(now)
        if share == 1.0:
            return speed.per_second
        return share * (speed.per_second or self._own)

    def wait(self, now: float, speed: Speed, parts: int = 1) -> float:
        """Return the seconds until so many parts may leave together, 0.0 when they may now."""
        rate, late = self.rate(now, speed), self._late(speed)
        return self._bucket.wait(now, rate, parts, beyond=late)

    def take(self, now: float, speed: Speed, parts: int = 1) -> None:
        """Count parts that leave at ``now``."""
        self._set = speed
        rate, late = self.rate(now, speed), self._late(speed)
        rested = rate is not None and self._bucket.level(now, rate) > 2 + late
        # After a rest nobody is late for anything: what follows keeps the whole pause.
        self._bucket.take(now, rate, parts, beyond=0.0 if rested else late)
        self._departures.append(now)
        if speed.jitter:
            self._jitter.draw()

    def slow_down(self, now: float) -> float | None:
        """Take note of an answer that means congestion; return the rate that holds now."""
        if self._set.per_second is None and self._congestion.share(now) == 1.0:
            self._own = self._seen_speed()
        self._congestion.answered(now)
        return self.rate(now, self._set)

    def _late(self, speed: Speed) -> float:
        if not speed.jitter:
            self._jitter.end()
        return self._jitter.late

    def _seen_speed(self) -> float:
        """Return the parts a second at which it went lately, pauses for want of work left out."""
        gaps = sorted(later - earlier for earlier, later in pairwise(self._departures))
        usual = gaps[len(gaps) // 2] if gaps else 0.0
        return 1 / usual if usual > 0 else _UNKNOWN_SPEED
