"""Who did nothing yet: the curve of her segment or time zone, and where that is unknown the shop's.

Responsible for the rung between a person's own curve (`scoring.timing.model`) and the shop's. What
a segment is, is whoever's who calls: a country, a time zone, a list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from scoring.timing.circle import shares

Floats = NDArray[np.floating]

FIRMNESS = 200.0
"""Events of a segment that weigh as much as the shop's curve: one an hour of the week."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Segments:
    """Curves of segments.

    Examples
    --------
    >>> counts = np.array([[300.0, 0.0], [0.0, 300.0], [0.0, 0.0]])
    >>> segments = Segments.of(counts, ["fr", "us", "us"])
    >>> curves = np.full((3, 2), 0.5)
    >>> segments.fill(curves, counts, ["fr", "us", "us"])[2].round(2)
    array([0.2, 0.8])
    """

    names: pd.Index
    curves: Floats
    """One row a segment; each sums to 1."""

    @classmethod
    def of(cls, counts: Any, segment: ArrayLike) -> Self:
        """Learn the curve of each segment, shrunk to the shop's.

        Parameters
        ----------
        counts : array or sparse array of shape (n_people, n_slots)
            As for `SendTimeModel`.
        segment : array of shape (n_people,)
            Each person's segment; missing where unknown.

        Returns
        -------
        Segments
        """
        place, names = pd.factorize(np.asarray(segment, dtype=object))
        known = np.flatnonzero(place >= 0)
        cells = (np.ones(len(known)), (place[known], known))
        member = csr_array(cells, shape=(len(names), len(place)))
        counts = csr_array(counts)
        shop = shares(np.asarray(counts.sum(0)) + 0.5)
        total = np.asarray((member @ counts).todense())
        return cls(names=pd.Index(names), curves=shares(total + FIRMNESS * shop))

    def fill(self, curves: Floats, counts: Any, segment: ArrayLike) -> Floats:
        """Give people without an event the curve of their segment.

        Parameters
        ----------
        curves : ndarray of shape (n_people, n_slots)
            From `SendTimeModel`, which gave strangers the shop's curve; changed in place.
        counts : array or sparse array of shape (n_people, n_slots)
            From which they were made.
        segment : array of shape (n_people,)
            A segment that was not learned leaves the shop's curve.

        Returns
        -------
        ndarray of shape (n_people, n_slots)
            The same array.
        """
        place = self.names.get_indexer(pd.Index(np.asarray(segment, dtype=object)))
        strangers = np.asarray(csr_array(counts).sum(1)) == 0
        rows = np.flatnonzero(strangers & (place >= 0))
        curves[rows] = self.curves[place[rows]]
        return curves
