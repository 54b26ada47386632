"""The estimators of a policy's value, each as a smooth function of means over the rows.

Responsible for formulas only. Written this way, one formula gives the value, its influence
function (by the gradient) and every resample of a bootstrap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Terms:
    """What the formulas are made of, one number for each of n rows.

    Attributes
    ----------
    reward, weight : ndarray of shape (n,)
        What came of the choice, and for how many it speaks.
    expected : ndarray of shape (n,) or None
        Predicted reward under the policy to be valued; None without a model.
    fitted : ndarray of shape (n,) or None
        Predicted reward of the action that was taken.
    """

    reward: Array
    weight: Array
    expected: Array | None = None
    fitted: Array | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimator:
    """A way to value a policy.

    Attributes
    ----------
    name : str
        What it is called.
    moments : callable
        `Terms` of n rows to an array of shape (n, k).
    value : callable
        Means of the moments, shape (..., k), to values, shape (...).
    gradient : callable
        Means of shape (k,) to the derivative of the value by each of them.
    modelled : bool
        Whether it needs predicted rewards.
    weighted : bool
        Whether it needs weights; without them the log's own size is what counts.
    """

    name: str
    moments: Callable[[Terms], Array]
    value: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    modelled: bool = False
    weighted: bool = True


def _first(means: Array) -> Array:
    return means[..., 0]


def _one(means: Array) -> Array:
    return np.ones(1)


def _residual(terms: Terms) -> Array:
    return terms.weight * (terms.reward - terms.fitted)


IPS: Final = Estimator(
    name="ips",
    moments=lambda terms: np.column_stack([terms.weight * terms.reward]),
    value=_first,
    gradient=_one,
)
SNIPS: Final = Estimator(
    name="snips",
    moments=lambda terms: np.column_stack([terms.weight * terms.reward, terms.weight]),
    value=lambda means: means[..., 0] / means[..., 1],
    gradient=lambda means: np.array([1.0, -means[0] / means[1]]) / means[1],
)
DM: Final = Estimator(
    name="dm",
    moments=lambda terms: np.column_stack([terms.expected]),
    value=_first,
    gradient=_one,
    modelled=True,
    weighted=False,
)
DR: Final = Estimator(
    name="dr",
    moments=lambda terms: np.column_stack([terms.expected + _residual(terms)]),
    value=_first,
    gradient=_one,
    modelled=True,
)
SNDR: Final = Estimator(
    name="sndr",
    moments=lambda terms: np.column_stack([terms.expected, _residual(terms), terms.weight]),
    value=lambda means: means[..., 0] + means[..., 1] / means[..., 2],
    gradient=lambda means: np.array([1.0, 1.0 / means[2], -means[1] / means[2] ** 2]),
    modelled=True,
)

ESTIMATORS: Final[Mapping[str, Estimator]] = {
    estimator.name: estimator for estimator in (IPS, SNIPS, DM, DR, SNDR)
}
"""Inverse propensity, the same self-normalised, direct, doubly robust, the same self-normalised."""
