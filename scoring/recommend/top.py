"""The best few of many scores, in each row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WIDTH = 48
"""Scores of a group: the best one of each is found first, and only few groups are looked into."""


def take_best(scores: NDArray[np.float32], n: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return columns and scores of the best n of each row, best first.

    Parameters
    ----------
    scores : float32 array of shape (rows, columns)
        Is used up: what is taken is overwritten.
    n : int
        At most the number of columns.

    Returns
    -------
    columns : int32 array of shape (rows, n)
        Of equals, the first one.
    best : float32 array of shape (rows, n)

    Examples
    --------
    >>> import numpy as np
    >>> from scoring.recommend.top import take_best
    >>> take_best(np.array([[3, 9, 5, 9]], dtype=np.float32), 3)
    (array([[1, 3, 2]], dtype=int32), array([[9., 9., 5.]], dtype=float32))
    """
    rows, columns = scores.shape
    every = np.arange(rows)
    starts = np.arange(0, columns, WIDTH)
    tops = np.maximum.reduceat(scores, starts, axis=1)
    inside = np.arange(WIDTH)
    taken = np.empty((rows, n), dtype=np.int32)
    best = np.empty((rows, n), dtype=np.float32)
    for place in range(n):
        group = tops.argmax(axis=1)
        # The last group may be short; what lies beyond it is its own last column once more.
        cells = np.minimum(group[:, np.newaxis] * WIDTH + inside, columns - 1)
        found = scores[every[:, np.newaxis], cells]
        at = found.argmax(axis=1)
        taken[:, place], best[:, place] = cells[every, at], found[every, at]
        scores[every, taken[:, place]] = -np.inf
        found[cells == taken[:, place, np.newaxis]] = -np.inf
        tops[every, group] = found.max(axis=1)
    return taken, best
