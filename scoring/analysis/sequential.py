"""Looking at an experiment while it runs: bounds that stay right, and what happens without them.

A 95 % interval is right once. Whoever looks every day and stops at the first good look gives chance
as many chances. Two remedies are here: `spending_bounds`, for looks that are planned, and
`always_valid`, an interval that may be looked at whenever one likes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import ndtr
from scipy.stats import norm

Floats = NDArray[np.float64]

DAILY: Final = "daily, fixed 95 %"
ONCE: Final = "once, at the end"
SPENT: Final = "daily, bounds"
ALWAYS: Final = "daily, always valid"
RULES: Final = (DAILY, ONCE, SPENT, ALWAYS)

_NODES: Final = 100


def always_valid(
    value: ArrayLike, error: ArrayLike, *, scale: float, coverage: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the ends of an interval that holds at all looks at once.

    Parameters
    ----------
    value, error : array-like
        The effect so far, and its standard error.
    scale : float
        How large an effect one looks for: there the interval is narrowest. It must be chosen
        before the data are seen.
    coverage : float
        That it holds the truth at every look, however many there are.

    Returns
    -------
    low, high : ndarray

    References
    ----------
    Robbins, H. (1970). Statistical methods related to the law of the iterated logarithm. Annals
    of Mathematical Statistics 41 (the normal mixture).
    Johari, R., Koomen, P., Pekelis, L. and Walsh, D. (2022). Always valid inference: continuous
    monitoring of A/B tests. Operations Research 70.

    Examples
    --------
    >>> low, high = always_valid(0.03, 0.01, scale=0.03)
    >>> low.round(4).item(), high.round(4).item()
    (-0.0004, 0.0604)
    """
    middle, squared = np.asarray(value, float), np.asarray(error, float) ** 2
    prior = scale**2
    odds = (1 + prior / squared) / (1 - coverage) ** 2
    half = np.sqrt(squared * (1 + squared / prior) * np.log(odds))
    return middle - half, middle + half


def spending_bounds(fractions: Sequence[float], *, significance: float = 0.05) -> Floats:
    """Return how many standard errors the effect must be away from 0 at each planned look.

    Parameters
    ----------
    fractions : sequence of float
        Share of all people at each look, rising; 1 at the last of the plan.
    significance : float
        Chance to ever see an effect where there is none, two-sided.

    Returns
    -------
    ndarray of shape (looks,)
        Strict early, near the fixed bound at the end (O'Brien-Fleming's shape).

    Raises
    ------
    ValueError
        The shares do not rise within (0, 1].

    References
    ----------
    Lan, K. K. G. and DeMets, D. L. (1983). Discrete sequential boundaries for clinical trials.
    Biometrika 70.
    Armitage, P., McPherson, C. K. and Rowe, B. C. (1969). Repeated significance tests on
    accumulating data. JRSS A 132 (the recursion).

    Examples
    --------
    >>> spending_bounds([0.2, 0.4, 0.6, 0.8, 1.0]).round(2).tolist()
    [4.88, 3.36, 2.68, 2.29, 2.03]
    """
    times = np.asarray(fractions, float)
    if not len(times) or times[0] <= 0 or times[-1] > 1 or (np.diff(times) <= 0).any():
        raise ValueError(f"fractions: {list(fractions)}; shares that rise within (0, 1] are right")
    # Half of it is spent on each side, as the published tables do.
    spent = 4 * norm.sf(norm.isf(significance / 4) / np.sqrt(times))
    place, weight = np.zeros(1), np.ones(1)
    bounds = []
    for time, step, share in zip(
        times, np.diff(times, prepend=0.0), np.diff(spent, prepend=0.0), strict=True
    ):
        sd = np.sqrt(step)
        bound = _bound(place, weight, sd, share)
        bounds.append(bound / np.sqrt(time))
        nodes, widths = np.polynomial.legendre.leggauss(_NODES)
        away = (bound * nodes[:, None] - place) / sd
        density = np.exp(-(away**2) / 2) @ weight / (sd * np.sqrt(2 * np.pi))
        place, weight = bound * nodes, bound * widths * density
    return np.array(bounds)


def _bound(place: Floats, weight: Floats, sd: float, share: float) -> float:
    """Return the bound of the sum which a run that has not stopped yet leaves with this chance."""

    def excess(bound: float) -> float:
        beyond = ndtr((place - bound) / sd) + ndtr((-place - bound) / sd)
        return float(np.log(max(beyond @ weight, 1e-300)) - np.log(max(share, 1e-299)))

    return float(brentq(excess, 1e-9, np.abs(place).max() + 38 * sd))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Runs:
    """Experiments that were simulated, as they looked at each look.

    Attributes
    ----------
    value, error : ndarray of shape (runs, looks)
        The effect so far and its standard error.
    scale : float
        The effect for which they were planned.
    """

    value: Floats
    error: Floats
    scale: float

    def stops(self) -> dict[str, NDArray[np.bool_]]:
        """Return for each of `RULES` at which looks a run would be stopped: (runs, looks)."""
        looks = self.value.shape[1]
        away = np.abs(self.value) / self.error
        fixed = away > norm.isf(0.025)
        low, high = always_valid(self.value, self.error, scale=self.scale)
        return {
            DAILY: fixed,
            ONCE: fixed & (np.arange(looks) == looks - 1),
            SPENT: away > spending_bounds((np.arange(looks) + 1) / looks),
            ALWAYS: (low > 0) | (high < 0),
        }

    def table(self) -> pd.DataFrame:
        """Return ``rule``, ``look`` (from 1) and ``stopped``: share that had seen an effect."""
        frames = [
            pd.DataFrame(
                {
                    "rule": rule,
                    "look": np.arange(stops.shape[1]) + 1,
                    "stopped": np.logical_or.accumulate(stops, axis=1).mean(axis=0),
                }
            )
            for rule, stops in self.stops().items()
        ]
        return pd.concat(frames, ignore_index=True)

    def deceived(self) -> pd.DataFrame:
        """Return the run that stopped earliest at a fixed bound and ended within it.

        Returns
        -------
        pandas.DataFrame
            ``look``, ``value``, and the ends of both intervals: ``low`` and ``high`` of the fixed
            one, ``wide_low`` and ``wide_high`` of the always valid one; empty where no run did.
        """
        fixed = self.stops()[DAILY]
        # The first looks are at a handful of people; nobody stops there.
        seen = fixed & (np.arange(fixed.shape[1]) >= fixed.shape[1] // 4)
        which = np.flatnonzero(seen.any(axis=1) & ~fixed[:, -1])
        if not len(which):
            return pd.DataFrame(columns=["look", "value", "low", "high", "wide_low", "wide_high"])
        run = which[seen[which].argmax(axis=1).argmin()]
        value, error = self.value[run], self.error[run]
        half = norm.isf(0.025) * error
        low, high = always_valid(value, error, scale=self.scale)
        return pd.DataFrame(
            {
                "look": np.arange(len(value)) + 1,
                "value": value,
                "low": value - half,
                "high": value + half,
                "wide_low": low,
                "wide_high": high,
            }
        )


def simulate_runs(
    base: float,
    lift: float,
    *,
    people: int,
    planned: float,
    looks: int = 28,
    runs: int = 4000,
    random_state: int = 0,
) -> Runs:
    """Simulate experiments of two equal arms that are looked at every day.

    Parameters
    ----------
    base : float
        Share of the control arm that buys.
    lift : float
        The truth, relative to the base; 0: the message does nothing.
    people : int
        In each arm at the end; as many come every day.
    planned : float
        The relative lift that the experiment is meant to show.
    looks, runs, random_state : int

    Returns
    -------
    Runs
    """
    rng = np.random.default_rng(random_state)
    daily = np.full(looks, max(people // looks, 1))
    there = daily.cumsum()
    shares = [
        rng.binomial(daily, share, size=(runs, looks)).cumsum(axis=1) / there
        for share in (base, base * (1 + lift))
    ]
    # One more buyer and one more who is none: an arm in which nobody bought yet has an error too.
    kept = [(share * there + 1) / (there + 2) for share in shares]
    error = np.sqrt(sum(share * (1 - share) for share in kept) / there)
    return Runs(value=shares[1] - shares[0], error=error, scale=abs(base * planned))
