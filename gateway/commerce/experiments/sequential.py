"""Is the difference real? A test that may be looked at every day.

A confidence sequence holds at every look at once: whoever stops at the first one that leaves out
zero is wrong no more often than `ALPHA`. It is the asymptotic one of Waudby-Smith, Arbour, Sinha,
Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", Annals
of Statistics 52(6), 2024, theorem 2.2 (Robbins' normal mixture), for the difference of two means
with the variance of unequal groups; its inversion is the mSPRT of Johari, Koomen, Pekelis and
Walsh, "Always valid inference", Operations Research 70(3), 2022. Pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

ALPHA: Final = 0.05
"""How often a difference is seen that is none, over all looks."""

TIGHTEST_AT: Final = 2_000
"""Persons at which the interval reaches least far, in standard errors. It has to be fixed before
anybody looks; at a quarter of it and at 25 times of it, it reaches an eighth further at most."""

_LEAST: Final = -2 * math.log(ALPHA)

RHO_SQUARED: Final = (_LEAST + math.log(_LEAST) + 1) / TIGHTEST_AT
"""The mixture's parameter: the best at `TIGHTEST_AT` (there, appendix B.2)."""

LEAST_PERSONS: Final = 100
"""In each group: with fewer the normal approximation is none, and nothing is said."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """What a group of persons did, each one number: 1 for who bought, or what they spent."""

    persons: int
    total: float
    squares: float
    """The sum of the squares."""

    @property
    def mean(self) -> float:
        """Of a person; 0 where there is none."""
        return self.total / self.persons if self.persons else 0.0

    @property
    def variance(self) -> float:
        """Of a person, unbiased; 0 where there are fewer than two."""
        if self.persons < 2:
            return 0.0
        spread = self.squares - self.total * self.total / self.persons
        return max(0.0, spread) / (self.persons - 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What one group has over another, for each person."""

    difference: float
    low: float
    """Of the interval that holds at every look."""
    high: float
    p: float
    """Always valid: the least alpha at which the interval leaves out zero; 1 at most."""
    relative: float | None
    """The difference as a share of the other group's mean; None where that is 0."""

    def decided(self, alpha: float = ALPHA) -> bool:
        """Whether there is a difference; with several comparisons, give each its share of alpha."""
        return self.p < alpha


def compare(one: Sample, other: Sample, alpha: float = ALPHA) -> Comparison | None:
    """Return what ``one`` has over ``other``; None while there are too few to tell.

    Args:
        one: those who were given something.
        other: those who were not, or were given something else.
        alpha: how often the interval may be wrong, over all looks.
    """
    if min(one.persons, other.persons) < LEAST_PERSONS:
        return None
    difference = one.mean - other.mean
    error = math.sqrt(one.variance / one.persons + other.variance / other.persons)
    persons = one.persons + other.persons
    reach = error * boundary(persons, alpha)
    return Comparison(
        difference=difference,
        low=difference - reach,
        high=difference + reach,
        p=_p(difference, error, persons),
        relative=difference / other.mean if other.mean else None,
    )


def boundary(persons: int, alpha: float = ALPHA) -> float:
    """Return how many standard errors the interval reaches, after so many persons."""
    grown = persons * RHO_SQUARED + 1
    return math.sqrt(2 * grown / (grown - 1) * math.log(math.sqrt(grown) / alpha))


def _p(difference: float, error: float, persons: int) -> float:
    if error == 0:
        return 1.0  # nobody did anything, or all did the same: that shows nothing
    grown = persons * RHO_SQUARED + 1
    exponent = (difference / error) ** 2 * (grown - 1) / (2 * grown)
    return min(1.0, math.exp(math.log(grown) / 2 - exponent))
