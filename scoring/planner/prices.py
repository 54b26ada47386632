"""Prices of slots: what a part of each slot is worth, so that the best choice of each fits.

The plan is a transport problem: maximise ``sum v[i, s] x[i, s]`` with ``sum_s x[i, s] <= 1`` and
``sum_i w[i] x[i, s] <= c[s]``. With a price ``p[s] >= 0`` a part its dual is

    D(p) = sum_s c[s] p[s]  +  sum_i max(0, max_s v[i, s] - w[i] p[s]),

convex in S prices, and at *any* prices no plan is worth more than D. The inner maximum is smoothed
(``t log(1 + sum_s exp(. / t))``), so that Newton's method takes a few steps where a subgradient
takes hundreds, and the smoothing is lowered step by step.

References
----------
Nesterov, "Smooth minimization of non-smooth functions", Mathematical Programming 103 (2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUGH, FINE = 0.1, 1e-5
"""First and last smoothing, as shares of the mean best worth; the last one is also about what
choosing at random among equals costs."""

FALL = 0.25
"""How the smoothing falls from one round to the next."""

STEPS = 8
"""Newton steps in a round at most; two or three are usual."""

ENOUGH = 1e-4
"""A round ends when no slot's load is further from its room than this share of all parts."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Dual:
    """The dual of some persons, smoothed.

    `worth` is (S, m), with -inf where a slot is not legal: slots come first, since every step
    runs along the persons.
    """

    worth: Floats
    parts: Floats
    room: Floats
    low: Floats
    high: Floats

    def scale(self) -> float:
        """Return the mean best worth; 1 where nobody is worth anything."""
        best = self.worth.max(axis=0, initial=0.0)
        return float(best.mean()) or 1.0

    def at(self, prices: Floats, smoothing: float) -> tuple[float, Floats]:
        """Return the dual and the chance of each slot, (S, m)."""
        scaled = np.multiply(prices[:, np.newaxis], -self.parts / smoothing)
        scaled += self.worth / smoothing
        top = np.maximum(scaled.max(axis=0), 0)
        scaled -= top
        chance = np.exp(scaled, out=scaled)
        total = chance.sum(axis=0) + np.exp(-top)
        chance /= total
        value = self.room @ prices + smoothing * (top.sum() + np.log(total).sum())
        return float(value), chance

    def solve(self, prices: Floats, first: float, last: float) -> Floats:
        """Return the best prices, with the smoothing falling from `first` to `last`."""
        smoothing = max(first, last)
        prices, drift = self._round(prices, smoothing), np.zeros_like(prices)
        while smoothing > last:
            finer = max(smoothing * FALL, last)
            # The best prices move about as the smoothing does, and exactly so among equals.
            ahead = np.clip(prices + drift * (finer - smoothing), self.low, self.high)
            found = self._round(ahead, finer)
            drift = (found - prices) / (finer - smoothing)
            prices, smoothing = found, finer
        return prices

    def _round(self, prices: Floats, smoothing: float) -> Floats:
        value, chance = self.at(prices, smoothing)
        for _ in range(STEPS):
            slope, step = self._newton(prices, chance, smoothing)
            if np.abs(slope).max(initial=0) <= ENOUGH * self.parts.sum():
                break
            moved = self._search(prices, step, value, smoothing)
            if moved is None:
                break
            prices, value, chance = moved
        return prices

    def _newton(self, prices: Floats, chance: Floats, smoothing: float) -> tuple[Floats, Floats]:
        """Return the slope and Newton's step, both 0 where a price is held by its limit."""
        load = chance * self.parts
        slope = self.room - load.sum(axis=1)
        held = ((prices <= self.low) & (slope > 0)) | ((prices >= self.high) & (slope < 0))
        slope = np.where(held, 0, slope)
        bend = (np.diag(load @ self.parts) - load @ load.T) / smoothing
        bend += np.diag(np.full(len(bend), 1e-6 * (np.trace(bend) / len(bend)) + 1e-300))
        free = np.flatnonzero(~held)
        step = np.zeros_like(prices)
        step[free] = -np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        return slope, step

    def _search(
        self, prices: Floats, step: Floats, value: float, smoothing: float
    ) -> tuple[Floats, float, Floats] | None:
        """Return the first point along the step where the dual falls, what it is, and chances."""
        # Where hardly anybody is near a boundary the curvature says nothing of further away.
        reach = min(1.0, 10 * smoothing / (np.abs(step).max(initial=0) + 1e-300))
        for share in reach * 0.5 ** np.arange(6):
            there = np.clip(prices + share * step, self.low, self.high)
            lower, chance = self.at(there, smoothing)
            if lower < value:
                return there, lower, chance
        return None
