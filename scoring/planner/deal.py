"""How many places of each slot each group is dealt: as evenly as the room allows.

A transport problem in whole numbers: each group's people all get a place, no slot holds more than
its room, and the further a group's share of a slot is above the even one, the dearer it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

Counts = NDArray[np.int64]

STEPS = (0.25, 0.5, 1.0, 1.5, 2.0, 4.0, np.inf)
"""Ends of the pieces, in even shares; each piece is dearer than the one before."""


def deal(people: Counts, legal: NDArray[np.bool_], room: Counts) -> Counts:
    """Return the places of each group in each slot, (G, S).

    Parameters
    ----------
    people : int array of shape (G, S)
        People of each group by the slot they come from; all of them staying is one way to deal.
    legal : bool array of shape (G, S)
        Slots that may be dealt.
    room : int array of shape (S,)
        Places in each slot; at least those that people come from.

    Examples
    --------
    >>> import numpy as np
    >>> from scoring.planner.deal import deal
    >>> deal(np.array([[5, 0, 0]]), np.array([[True, True, True]]), np.array([5, 2, 1]))
    array([[2, 2, 1]])
    """
    groups, slots = np.nonzero(legal)
    if len(groups) == 0 or people.sum() == 0:
        return np.zeros_like(people)
    sizes = _pieces(people.sum(axis=1), legal)[:, groups, slots]
    cost = np.arange(len(STEPS), dtype=float)[:, np.newaxis] + _tie_break(sizes.shape)
    rows = np.tile(groups, len(STEPS))
    columns = np.tile(slots, len(STEPS))
    taken = linprog(
        cost.ravel(),
        A_eq=_incidence(rows, len(people)),
        b_eq=people.sum(axis=1),
        A_ub=_incidence(columns, len(room)),
        b_ub=room,
        bounds=np.stack([np.zeros(sizes.size), sizes.ravel()], axis=1),
        method="highs-ds",
    ).x
    places = np.zeros_like(people)
    np.add.at(places, (rows, columns), np.rint(taken).astype(np.int64))
    return places


def _pieces(total: Counts, legal: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the size of each piece for each group and slot, (pieces, G, S), in whole places."""
    even = total / np.maximum(legal.sum(axis=1), 1)
    ends = np.ceil(np.multiply.outer(np.asarray(STEPS[:-1]), even))
    ends = np.concatenate([np.zeros((1, len(even))), ends, [total + ends[-1]]])
    return np.repeat(np.diff(ends, axis=0)[:, :, np.newaxis], legal.shape[1], axis=2)


def _tie_break(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return tiny costs, so that small groups do not all take the first slots."""
    return np.random.default_rng(0).uniform(0, 0.01, shape)


def _incidence(rows: NDArray[np.intp], n: int) -> csr_array:
    return csr_array((np.ones(len(rows)), (rows, np.arange(len(rows)))), shape=(n, len(rows)))
