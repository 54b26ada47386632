"""What BG/NBD says of one person, given what he did: closed forms, stable at any parameters.

References
----------
Fader, Hardie, Lee: "Counting your customers" the easy way. Marketing Science 24 (2005).
Fader, Hardie, Lee: Computing P(alive) using the BG/NBD model (2008).
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.special import expit

NODES = 24
"""Of the quadrature over p; 24 agree with the hypergeometric form to 1e-9 where that is stable."""


def alive(
    parameters: np.ndarray, x: np.ndarray, recency: np.ndarray, age: np.ndarray
) -> np.ndarray:
    """P(not stopped by now); 1 for who bought once, since nobody stops before a repeat purchase."""
    r, alpha, a, b = parameters
    again = x > 0
    repeats = np.where(again, x, 1.0)
    odds = np.log(a) - np.log(b + repeats - 1)
    odds = odds + (r + x) * (np.log(alpha + age) - np.log(alpha + recency))
    return np.where(again, expit(-odds), 1.0)


def none_within(
    parameters: np.ndarray,
    x: np.ndarray,
    recency: np.ndarray,
    age: np.ndarray,
    horizon: float | np.ndarray,
) -> np.ndarray:
    """P(no purchase in the horizon) = 1 - P(alive) (1 - ((alpha+T)/(alpha+T+H))^(r+x))."""
    r, alpha, _, _ = parameters
    silent = np.expm1(-(r + x) * np.log1p(horizon / (alpha + age)))
    return 1.0 + alive(parameters, x, recency, age) * silent


def expected(
    parameters: np.ndarray,
    x: np.ndarray,
    recency: np.ndarray,
    age: np.ndarray,
    horizon: float | np.ndarray,
) -> np.ndarray:
    """Mean number of purchases in the horizon.

    Given that a person lives, p is beta(a, b + x) and the mean is that of
    ``(1 - (1 + p H/(alpha+T))^-(r+x)) / p`` over it, by Gauss-Jacobi quadrature: the same as the
    paper's eq. 10, without its singularity at a = 1 and its overflow at large x.
    """
    r, alpha, a, b = parameters
    reach = np.broadcast_to(horizon / (alpha + age), x.shape)
    mean = np.empty(len(x))
    values, which = np.unique(x, return_inverse=True)
    order = np.argsort(which, kind="stable")
    for value, rows in zip(
        values, np.split(order, np.cumsum(np.bincount(which))[:-1]), strict=True
    ):
        p, weight = _beta_nodes(a, b + value)
        grown = np.log1p(np.outer(reach[rows], p))
        mean[rows] = (-np.expm1(-(r + value) * grown)) @ (weight / p)
    return alive(parameters, x, recency, age) * mean


def _beta_nodes(a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    """Points and weights (sum 1) for the mean over a beta(a, b) variable.

    References
    ----------
    Golub, Welsch: Calculation of Gauss quadrature rules. Math. Comp. 23 (1969).
    """
    k = np.arange(NODES)
    left, right = b - 1, a - 1
    total = 2 * k + left + right
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (right**2 - left**2) / (total * (total + 2))
    middle[0] = (right - left) / (left + right + 2)
    n = k[1:]
    total = 2 * n + left + right
    with np.errstate(invalid="ignore", divide="ignore"):
        beside = 4 * n * (n + left) * (n + right) * (n + left + right)
        beside = beside / (total**2 * (total + 1) * (total - 1))
    beside[0] = 4 * (1 + left) * (1 + right) / ((2 + left + right) ** 2 * (3 + left + right))
    z, vectors = eigh_tridiagonal(middle, np.sqrt(beside))
    p = np.clip((1 + z) / 2, 1e-300, 1.0)
    return p, vectors[0] ** 2
