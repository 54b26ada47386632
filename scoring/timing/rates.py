"""How willing a person is to answer at all, and how often her phone is on.

Responsible for rates that are shrunk to the shop's, by counts of trials and successes. When she
answers is `scoring.timing.model`'s; the two multiply to P(answer | person, hour).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.timing.circle import kernel

Floats = NDArray[np.floating]

LEAST_WEIGHT, MOST_WEIGHT = 1.0, 1_000.0
"""Bounds of what the shop's rate weighs, in trials."""
PARTS = 6
"""Parts of the day, by which it is told how alike people are: single hours have too few reports."""
PROMPT = 600.0
"""Seconds within which a report is taken to mean that the phone was on; a network that stores the
message tries again after some minutes, then ever more seldom."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shop:
    """The rate of a shop, and what it weighs."""

    rate: float
    """Successes for each trial."""
    weight: float
    """Trials of one's own that weigh as much."""


def shop_rate(successes: ArrayLike, trials: ArrayLike) -> Shop:
    """Estimate a shop's rate and how alike its people are, by the method of moments.

    Parameters
    ----------
    successes, trials : array of shape (n_people,)
        Counts, weighted or not.

    Returns
    -------
    Shop

    References
    ----------
    J. C. Kleinman, "Proportions with extraneous variance", JASA 68, 1973.

    Examples
    --------
    >>> shop = shop_rate([0, 0, 10, 10] * 50, [10] * 200)
    >>> round(shop.rate, 2), shop.weight
    (0.5, 1.0)
    """
    y, n = np.asarray(successes, float), np.asarray(trials, float)
    y, n = y[n > 0], n[n > 0]
    if n.sum() == 0:
        return Shop(rate=0.05, weight=20.0)
    rate = (y.sum() + 0.05) / (n.sum() + 1)
    spread = ((y - n * rate) ** 2).sum() / max(rate * (1 - rate), 1e-12)
    alike = max(spread - n.sum(), 0.0) / max((n * (n - 1)).sum(), 1e-12)
    weight = 1 / alike - 1 if alike > 0 else MOST_WEIGHT
    return Shop(rate=float(rate), weight=float(np.clip(weight, LEAST_WEIGHT, MOST_WEIGHT)))


def answer_rates(answers: ArrayLike, sends: ArrayLike) -> Floats:
    """P(answer) of each person, shrunk to the shop's rate.

    Parameters
    ----------
    answers, sends : array of shape (n_people,)
        How often she answered and was written to.

    Returns
    -------
    ndarray of shape (n_people,)
        Between 0 and 1; the shop's rate where nothing was sent.

    Raises
    ------
    ValueError
        Somebody answered more often than she was written to.

    Examples
    --------
    >>> answer_rates([0, 9, 0], [10, 10, 0]).round(2)
    array([0.04, 0.86, 0.43])
    """
    y, n = np.asarray(answers, float), np.asarray(sends, float)
    if (y > n).any():
        raise ValueError("more answers than messages of a person; an answer counts once a message")
    shop = shop_rate(y, n)
    return (y + shop.weight * shop.rate) / (n + shop.weight)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """How often phones of a shop's people are on, and what that weighs."""

    by_slot: Floats
    """Shape (n_slots,)."""
    weight: float
    """Reports of one's own that weigh as much."""


def shop_reach(prompt: ArrayLike, reports: ArrayLike, *, kernel_hours: float = 1.5) -> Reach:
    """Estimate how often the phones of a shop's people are on, and how alike they are in that.

    Parameters
    ----------
    prompt, reports, kernel_hours
        As in `reach`, of all people or of a fair share of them.

    Returns
    -------
    Reach

    Examples
    --------
    >>> shop_reach(np.full((9, 24), 5.0), np.full((9, 24), 10.0)).by_slot.round(1).max()
    np.float64(0.5)
    """
    y, n = np.asarray(prompt, float), np.asarray(reports, float)
    smooth = kernel(n.shape[1], kernel_hours)
    whole = (y.sum() + 1) / (n.sum() + 1)
    by_slot = (y.sum(0) @ smooth + whole) / (n.sum(0) @ smooth + 1)
    parts = np.linspace(0, n.shape[1], min(PARTS, n.shape[1]), endpoint=False).astype(int)
    by_part = [np.add.reduceat(counts, parts, axis=1).ravel() for counts in (y, n)]
    return Reach(by_slot=by_slot, weight=shop_rate(*by_part).weight)


def reach(
    prompt: ArrayLike,
    reports: ArrayLike,
    *,
    shop: Reach | None = None,
    kernel_hours: float = 1.5,
) -> Floats:
    """P(the phone is on) of each person in each slot, from how quickly reports came.

    Parameters
    ----------
    prompt : array of shape (n_people, n_slots)
        By hour of the day: messages sent in a slot and reported delivered within `PROMPT` seconds.
    reports : array of shape (n_people, n_slots)
        Messages sent in a slot and reported delivered at all.
    shop : Reach, optional
        Of the whole shop, where these are some of its people; told from them alone where absent.
    kernel_hours : float, default=1.5
        Smoothing over neighbouring slots.

    Returns
    -------
    ndarray of shape (n_people, n_slots)
        Shrunk to the shop's share in the slot; 1 in a shop whose network sends no reports.

    Examples
    --------
    >>> reports = np.full((2, 24), 10.0)
    >>> prompt = reports.copy()
    >>> prompt[0, :8] = 0
    >>> on = reach(prompt, reports)
    >>> bool(on[0, 3] < 0.5 < on[0, 12]), bool(on[1, 3] > on[0, 3])
    (True, True)
    """
    y, n = np.asarray(prompt, float), np.asarray(reports, float)
    if shop is None and n.sum() == 0:
        return np.ones_like(n)
    shop = shop or shop_reach(y, n, kernel_hours=kernel_hours)
    smooth = kernel(n.shape[1], kernel_hours)
    return (y @ smooth + shop.weight * shop.by_slot) / (n @ smooth + shop.weight)


def answers_by_slot(curves: Floats, rates: Floats, on: Floats | None = None) -> Floats:
    """P(answer | person, slot): her rate, spread over the slots by her curve.

    Parameters
    ----------
    curves : ndarray of shape (n_people, n_slots)
        From `SendTimeModel`.
    rates : ndarray of shape (n_people,)
        From `answer_rates`.
    on : ndarray of shape (n_people, n_slots), optional
        From `reach`.

    Returns
    -------
    ndarray of shape (n_people, n_slots)
        Whose mean over slots is her rate, as far as none exceeds 1.

    Examples
    --------
    >>> answers_by_slot(np.array([[0.25, 0.75]]), np.array([0.1]))
    array([[0.05, 0.15]])
    """
    weighted = curves if on is None else curves * on
    level = rates[:, None] / np.maximum(weighted.mean(1, keepdims=True), 1e-12)
    return np.minimum(weighted * level, 1.0)
