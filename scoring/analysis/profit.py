"""What it brings to write to those at risk, by how many of them are written to.

A person who would have gone brings a margin if a message keeps her, and some messages do; everyone
who is written to costs. Which share of messages does so an experiment tells (`scoring.uplift`); it
is assumed to be the same for everybody, though who is surely gone may not be kept by anything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scoring.metrics import Interval, interval

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What a message costs and may bring.

    Attributes
    ----------
    cost : float
        Of writing to one person, in the store's currency.
    margin : float
        What a person who is kept brings, in the same.
    saved : float
        Share of those who would go whom a message keeps.

    Raises
    ------
    ValueError
        A number is negative, the share above 1, or nothing could be gained.

    Examples
    --------
    >>> Offer(cost=0.1, margin=20.0, saved=0.01).break_even
    0.5
    """

    cost: float
    margin: float
    saved: float

    def __post_init__(self) -> None:
        """Refuse what no offer can be."""
        if self.cost < 0 or self.margin <= 0 or not 0 < self.saved <= 1:
            raise ValueError(f"{self}: cost from 0, margin above 0 and saved from 0 to 1 are right")

    @property
    def break_even(self) -> float:
        """The chance of churn above which writing pays; over 1: it never does."""
        return self.cost / (self.margin * self.saved)

    def of(self, churned: ArrayLike) -> Floats:
        """Return the profit of writing to each person, by her chance of churn, or what came."""
        return self.margin * self.saved * np.asarray(churned, float) - self.cost


def curve(offer: Offer, p: ArrayLike, churned: ArrayLike, *, points: int = 100) -> pd.DataFrame:
    """Return the profit by how many are written to, those likeliest to churn first.

    Parameters
    ----------
    offer : Offer
    p : array-like of shape (n,)
        Chances of churn, which give the order.
    churned : array-like of shape (n,)
        What came, 0 or 1.
    points : int, default 100
        Of the curve, beside its beginning.

    Returns
    -------
    pandas.DataFrame
        ``people`` who are written to, the profit that was ``expected`` and that which ``came``,
        both in the store's currency.

    Examples
    --------
    >>> offer = Offer(cost=1.0, margin=4.0, saved=0.5)
    >>> curve(offer, [0.9, 0.1], [1, 0], points=2)["came"].tolist()
    [0.0, 1.0, 0.0]
    """
    p = np.asarray(p, float)
    order = np.argsort(-p, kind="stable")
    reached = np.unique(np.linspace(0, len(p), points + 1).round().astype(int))
    told = {"expected": offer.of(p)[order], "came": offer.of(churned)[order]}
    sums = {name: np.r_[0.0, each.cumsum()][reached] for name, each in told.items()}
    return pd.DataFrame({"people": reached, **sums})


def compare(
    offer: Offer, p: ArrayLike, churned: ArrayLike, *, times: int = 200
) -> dict[str, Interval]:
    """Return the profit of writing to those above the break-even, and what it has over others.

    Returns
    -------
    dict of str to Interval
        ``profit`` of writing to those whose chance lies above the break-even, in the store's
        currency, and what that is more than writing to ``everybody``.
    """
    chosen = np.asarray(p, float) > offer.break_even
    each = offer.of(churned)
    found = {"profit": each * chosen, "everybody": each * chosen - each}
    return {name: interval(np.sum, one, times=times) for name, one in found.items()}
