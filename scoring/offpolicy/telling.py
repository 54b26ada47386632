"""The value of one policy, or of one above another, with the interval that was asked for.

Responsible for choosing among the intervals of `scoring.offpolicy.intervals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.offpolicy.estimators import Estimator, Terms
from scoring.offpolicy.intervals import (
    Array,
    Spread,
    bootstrap_interval,
    by_person,
    difference_interval,
    log_interval,
    t_interval,
)

RESAMPLES: Final = 1000
"""Of the bootstrap: the ends of a 95 % interval then rest on 25 values each."""

KINDS: Final = ("log", "normal", "bootstrap")


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """Which interval is wanted.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    coverage : float
        Share of such intervals that hold the truth, inside of (0, 1).
    resamples, random_state : int
        Of the bootstrap.
    """

    kind: str = "log"
    coverage: float = 0.95
    resamples: int = RESAMPLES
    random_state: int | None = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"interval: {self.kind!r} is none of {', '.join(KINDS)}")
        if not 0 < self.coverage < 1:
            raise ValueError(f"coverage: {self.coverage:g} is not between 0 and 1")


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A value with its interval and its standard error."""

    value: float
    low: float
    high: float
    error: float


def tell(
    formula: Estimator, policies: list[Terms], person: NDArray[np.int64], how: Interval
) -> Told:
    """Return the value of a policy, or that of the first of two minus that of the second.

    Parameters
    ----------
    formula : Estimator
        How it is estimated.
    policies : list of Terms
        One, or two on the same rows.
    person : ndarray of shape (n,)
        Whose each row is.
    how : Interval
        Which interval is wanted.
    """
    blocks = [formula.moments(terms) for terms in policies]
    values = [float(formula.value(block.mean(axis=0))) for block in blocks]
    sums = [by_person(_influence(formula, block)[:, None], person)[:, 0] for block in blocks]
    value = values[0] - sum(values[1:])
    spread = Spread.of(sums[0] - sum(sums[1:]), len(person))
    if how.kind == "bootstrap":
        low, high = _resampled(formula, blocks, person, how)
    elif how.kind == "log" and min(values) > 0 and policies[0].reward.min() >= 0:
        low, high = _skewed(values, sums, len(person), how.coverage)
    else:
        low, high = t_interval(value, spread, how.coverage)
    return Told(value=value, low=low, high=high, error=spread.error)


def _influence(formula: Estimator, block: Array) -> Array:
    means = block.mean(axis=0)
    return (block - means) @ formula.gradient(means)


def _skewed(
    values: list[float], sums: list[Array], rows: int, coverage: float
) -> tuple[float, float]:
    ends = [
        log_interval(value, Spread.of(each, rows), coverage)
        for value, each in zip(values, sums, strict=True)
    ]
    if len(values) == 1:
        return ends[0]
    lengths = np.sqrt(np.sum(sums[0] ** 2) * np.sum(sums[1] ** 2))
    correlation = float(np.sum(sums[0] * sums[1]) / lengths) if lengths else 0.0
    return difference_interval((values[0], values[1]), (ends[0], ends[1]), correlation)


def _resampled(
    formula: Estimator, blocks: list[Array], person: NDArray[np.int64], how: Interval
) -> tuple[float, float]:
    wide = blocks[0].shape[1]

    def value(means: Array) -> Array:
        first = formula.value(means[..., :wide])
        return first if len(blocks) == 1 else first - formula.value(means[..., wide:])

    return bootstrap_interval(
        np.hstack(blocks),
        person,
        value,
        coverage=how.coverage,
        resamples=how.resamples,
        random_state=how.random_state,
    )
