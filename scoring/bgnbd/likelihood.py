"""The likelihood of BG/NBD and its gradient, on rows that stand for many people.

What is not here: where the rows come from, and what is done with the parameters.

While alive, a person of rate lambda buys after exponential waits; after each repeat purchase he
stops with probability p. Over people, lambda is gamma(r, alpha) and p is beta(a, b).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, gammaln, psi

STARTS = ((0.5, 0.5, 0.5, 2.0), (1.0, 1.0, 1.0, 3.0), (0.3, 0.1, 1.0, 1.0))
"""r, alpha (over the mean age), a, b from which the search begins; the best end is kept."""

PRIOR_SD = 2.0
"""Of the logarithm of each parameter around 1 (alpha: the mean age): far wider than real shops
differ, so that it counts only where a small shop's data leave a parameter open."""

FEW = 20_000
"""Rows on which all starts are tried before the best of them goes on with every row."""


@dataclass(frozen=True, slots=True)
class Rows:
    """People by what BG/NBD looks at; times in units of their mean age.

    Logarithms and gamma functions are taken once for each different number of purchases.
    """

    x: np.ndarray
    """Different numbers of repeat purchases."""
    which: np.ndarray
    """For each row, its place in `x`."""
    recency: np.ndarray
    age: np.ndarray
    weight: np.ndarray
    """People for whom a row stands; sums to `people`."""

    @property
    def people(self) -> float:
        """How many people the rows stand for."""
        return float(self.weight.sum())

    def some(self, most: int) -> Rows:
        """Every k-th row, so that at most `most` are left."""
        step = -(-len(self.which) // most)
        parts = (self.which, self.recency, self.age, self.weight)
        return Rows(self.x, *(part[::step] for part in parts))


def rows_of(
    x: np.ndarray, recency: np.ndarray, age: np.ndarray, weight: np.ndarray | None, scale: float
) -> Rows:
    """Join people who look the same into one row."""
    weight = np.ones(len(x)) if weight is None else np.asarray(weight, dtype=float)
    values, which = np.unique(x, return_inverse=True)
    # Recency does not enter the likelihood of who bought once.
    recency = np.where(x > 0, recency, 0.0)
    order = np.lexsort((age, recency, which))
    new = np.zeros(len(x), dtype=bool)
    new[:1] = True
    for column in (which, recency, age):
        new[1:] |= np.diff(column[order]) != 0
    first = np.flatnonzero(new)
    kept = order[first]
    weights = np.add.reduceat(weight[order], first)
    return Rows(values, which[kept], recency[kept] / scale, age[kept] / scale, weights)


def fitted(rows: Rows) -> tuple[np.ndarray, float]:
    """The parameters (r, alpha, a, b) of the highest posterior, and the mean log-likelihood."""
    few = rows.some(FEW)
    ends = [_search(np.log(start), few) for start in STARTS]
    best = min(ends, key=lambda end: end[1])
    if few is not rows:
        best = _search(best[0], rows)
    theta = best[0]
    return np.exp(theta), -_cost(theta, rows, prior=False)[0]


def _search(start: np.ndarray, rows: Rows) -> tuple[np.ndarray, float]:
    end = minimize(
        _cost, start, args=(rows,), jac=True, method="L-BFGS-B", bounds=[(-12.0, 12.0)] * 4
    )
    return end.x, float(end.fun)


def _cost(theta: np.ndarray, rows: Rows, *, prior: bool = True) -> tuple[float, np.ndarray]:
    """Mean negative log posterior at the logarithms of the parameters, and its gradient."""
    value, slope = log_likelihood(np.exp(theta), rows)
    slope = slope * np.exp(theta)
    if prior:
        value -= float(theta @ theta) / (2 * PRIOR_SD**2)
        slope = slope - theta / PRIOR_SD**2
    return -value / rows.people, -slope / rows.people


def log_likelihood(parameters: np.ndarray, rows: Rows) -> tuple[float, np.ndarray]:
    """Sum over people and its gradient in (r, alpha, a, b).

    References
    ----------
    Fader, Hardie, Lee: "Counting your customers" the easy way. Marketing Science 24 (2005),
    eq. 6; here with the logarithm of the sum taken stably.
    """
    r, alpha, a, b = parameters
    x, which, weight = rows.x, rows.which, rows.weight
    again = x > 0
    until_now, until_last = np.log(alpha + rows.age), np.log(alpha + rows.recency)
    odds = np.full(len(x), -np.inf)
    odds[again] = np.log(a) - np.log(b + x[again] - 1)
    power = (r + x)[which]
    stopped = odds[which] + power * (until_now - until_last)
    people = np.bincount(which, weight, len(x))
    per_x = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    per_x += gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    value = people @ per_x + weight @ (np.logaddexp(0.0, stopped) - power * until_now)

    gone = expit(stopped)
    gone_by_x = np.bincount(which, weight * gone, len(x))
    logs = until_now + gone * (until_last - until_now)
    inverse = (1 - gone) / (alpha + rows.age) + gone / (alpha + rows.recency)
    shared = psi(a + b) - psi(a + b + x)
    slope = np.array(
        [
            people @ (psi(r + x) - psi(r) + np.log(alpha)) - weight @ logs,
            people.sum() * r / alpha - weight @ (power * inverse),
            people @ shared + gone_by_x.sum() / a,
            people @ (shared + psi(b + x) - psi(b)) - (gone_by_x[again] / (b + x[again] - 1)).sum(),
        ]
    )
    return float(value), slope
