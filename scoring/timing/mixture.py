"""A mixture of Dirichlet priors: the kinds of people a shop has, by the hours they are active.

Responsible for learning the kinds and how firmly each member keeps to hers, and for telling how
likely a person is of each kind. It knows neither days nor smoothing (`scoring.timing.model`).

References
----------
T. P. Minka, "Estimating a Dirichlet distribution", 2000 (fixed point of the Polya likelihood).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import digamma, gammaln

from scoring.timing.circle import shares

Floats = NDArray[np.floating]

LEAST_FIRMNESS = 1.0
MOST_FIRMNESS = 500.0
"""Bounds of a Dirichlet's sum, in events: below, a histogram; above, the shop's curve for all."""
ROUNDS = 25
"""Rounds of EM; the likelihood of the shops seen moved by less than 1e-4 after 20."""
TABLE = 1_000
"""Largest count that is looked up instead of computed."""
PRIOR_EVENTS = 50.0
"""Events of the shop's curve that each kind is given, so that a rare kind stays a curve."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mixture:
    """Kinds of people."""

    weights: Floats
    """Share of each kind, shape (kinds,)."""
    alphas: Floats
    """Dirichlet parameters, shape (kinds, slots): a curve times its firmness in events."""

    @property
    def firmness(self) -> Floats:
        """How many events of one's own weigh as much as the kind's curve, shape (kinds,)."""
        return self.alphas.sum(1)


def fit_mixture(counts: csr_array | Floats, kinds: int) -> Mixture:
    """Learn kinds by expectation-maximisation of the Dirichlet-multinomial likelihood.

    Deterministic: it begins with people in order of their mean slot.

    Parameters
    ----------
    counts : array or sparse array of shape (people, slots)
        Weighted events, none negative.
    kinds : int
        How many; fewer are used where there are fewer people with events.

    Returns
    -------
    Mixture

    Examples
    --------
    >>> early, late = np.eye(4)[[0] * 30] * 9, np.eye(4)[[3] * 30] * 9
    >>> mixture = fit_mixture(np.vstack([early, late]), 2)
    >>> mixture.weights.round(2)
    array([0.5, 0.5])
    >>> mixture.alphas.argmax(1)
    array([0, 3])
    """
    counts = csr_array(counts, dtype=float)
    counts = counts[counts.sum(1) > 0]
    shop = shares(np.asarray(counts.sum(0)) + 0.5)
    if counts.shape[0] == 0:
        return Mixture(weights=np.ones(1), alphas=20.0 * shop[None])
    members = _first_guess(counts, min(kinds, counts.shape[0]))
    mixture = _begin(counts, members, shop)
    for _ in range(ROUNDS):
        members = memberships(counts, mixture)
        mixture = _improve(counts, members, mixture, shop)
    return mixture


def memberships(counts: csr_array | Floats, mixture: Mixture) -> Floats:
    """P(kind | the person's events), shape (people, kinds); the shares where there are none."""
    likelihood = _log_likelihood(csr_array(counts), mixture.alphas)
    odds = likelihood + np.log(mixture.weights)
    odds -= odds.max(1, keepdims=True)
    return shares(np.exp(odds))


def _log_likelihood(counts: csr_array, alphas: Floats) -> Floats:
    """Dirichlet-multinomial, without the multinomial coefficient: only what was counted costs."""
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    total = np.bincount(rows, counts.data, counts.shape[0])
    out = np.empty((counts.shape[0], len(alphas)))
    for kind, alpha in enumerate(alphas):
        out[:, kind] = np.bincount(rows, _rises(counts, alpha), counts.shape[0])
        out[:, kind] += gammaln(alpha.sum()) - gammaln(total + alpha.sum())
    return out


def _rises(counts: csr_array, alpha: Floats) -> Floats:
    """Logarithm of Gamma(count + alpha) / Gamma(alpha), from a table where counts are whole."""
    whole = counts.data.astype(np.int64)
    if len(whole) == 0 or whole.max() > TABLE or not np.array_equal(whole, counts.data):
        return gammaln(counts.data + alpha[counts.indices]) - gammaln(alpha)[counts.indices]
    table = gammaln(np.arange(whole.max() + 1)[:, None] + alpha) - gammaln(alpha)
    return table.ravel()[whole * len(alpha) + counts.indices]


def _first_guess(counts: csr_array, kinds: int) -> Floats:
    mean = (counts @ np.arange(counts.shape[1])) / counts.sum(1)
    borders = np.quantile(mean, np.linspace(0, 1, kinds + 1)[1:-1])
    return 0.8 * np.eye(kinds)[np.searchsorted(borders, mean, side="right")] + 0.2 / kinds


def _begin(counts: csr_array, members: Floats, shop: Floats) -> Mixture:
    curves = shares((counts.T @ members).T + PRIOR_EVENTS * shop)
    return Mixture(weights=members.mean(0), alphas=15.0 * curves)


def _improve(counts: csr_array, members: Floats, mixture: Mixture, shop: Floats) -> Mixture:
    weights = (members.sum(0) + 1) / (len(members) + members.shape[1])
    pairs = zip(members.T, mixture.alphas, strict=True)
    alphas = [_improve_alpha(counts, member, alpha, shop) for member, alpha in pairs]
    return Mixture(weights=weights, alphas=np.array(alphas))


def _improve_alpha(counts: csr_array, member: Floats, alpha: Floats, shop: Floats) -> Floats:
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    steps = digamma(counts.data + alpha[counts.indices]) - digamma(alpha)[counts.indices]
    tables = alpha * np.bincount(counts.indices, member[rows] * steps, counts.shape[1])
    firm = alpha.sum()
    spread = member @ (digamma(np.asarray(counts.sum(1)) + firm) - digamma(firm))
    firm = np.clip((tables.sum() + 1e-3) / (spread + 1e-3 / firm), LEAST_FIRMNESS, MOST_FIRMNESS)
    return firm * shares(tables + PRIOR_EVENTS * shop)
