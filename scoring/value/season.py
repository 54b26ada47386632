"""The season: how far the level of the days to come is from that of the days learned from.

What last year's same days brought, over what BG/NBD then expected of them, is set against the same
figure of the days learned from. BG/NBD knows no season and needs no labels, so that it errs alike
in both years. What one year tells is drawn to nothing the more, the fewer people stand behind it
and the less history lay before it.

The part that is not responsible: which persons, and who among them (`scoring.value.model`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

YEAR: Final = 365
"""Days."""

NEAR: Final = 15
"""Days by which the snapshot of last year may miss the same day."""

SPREAD: Final = 0.3
"""Standard deviation of the logarithm of a shop's level over its year. On Online Retail II 0.29
over the cut-offs before 2011-02-12."""

YOUNG: Final = 0.3
"""The same of what a level misses when no history lies before it; falls to 0 over a year. On
Online Retail II 0.17 between the same days of two years, with 133 to 193 days of history."""


def year_before(cutoffs: np.ndarray, at: np.datetime64) -> np.datetime64 | None:
    """The cut-off nearest to the same day of last year; None when none is within `NEAR` days."""
    days = np.unique(cutoffs)
    away = np.abs((days - (at - np.timedelta64(YEAR, "D"))).astype(int))
    return days[away.argmin()] if away.min() <= NEAR else None


def log_ratio(actual: np.ndarray, expected: np.ndarray) -> tuple[float, float]:
    """Logarithm of the ratio of two sums, and its variance over people.

    Parameters
    ----------
    actual, expected : ndarray of shape (n,)
        What each did, and what was expected of him; not negative.

    Returns
    -------
    float, float
        Both 0 and infinite variance where a sum is 0.
    """
    if actual.sum() <= 0 or expected.sum() <= 0:
        return 0.0, np.inf
    ratio = actual.sum() / expected.sum()
    return float(np.log(ratio)), float(((actual - ratio * expected) ** 2).sum() / actual.sum() ** 2)


def weight(variance: float, history: float) -> float:
    """The share of what last year tells that is believed, 0 to 1.

    Parameters
    ----------
    variance : float
        Of the two logarithms of ratios together.
    history : float
        Days of data before last year's cut-off.

    Examples
    --------
    >>> round(weight(0.0, history=365), 2), round(weight(0.0, history=0), 2)
    (1.0, 0.5)
    """
    young = YOUNG * max(1 - history / YEAR, 0.0)
    return SPREAD**2 / (SPREAD**2 + variance + young**2)


def season(
    then: tuple[np.ndarray, np.ndarray], learned: tuple[np.ndarray, np.ndarray], history: float
) -> tuple[float, float]:
    """Logarithm by which the level is shifted, and the weight that it was given.

    Parameters
    ----------
    then, learned : pair of ndarray
        Actual and expected, of last year's same days and of the days learned from.
    history : float
        Days of data before last year's cut-off.
    """
    (last_year, noise), (now, more_noise) = log_ratio(*then), log_ratio(*learned)
    believed = weight(noise + more_noise, history)
    return believed * (last_year - now), believed
