"""How good lists of products are: does what a person then bought stand in them, and how high."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array


def found(items: NDArray[np.integer], wanted: csr_array) -> NDArray[np.bool_]:
    """Return which places of each list hold something that was bought, (persons, n).

    Parameters
    ----------
    items : int array of shape (persons, n)
        Columns of `wanted`, best first; -1: an empty place.
    wanted : sparse array of shape (persons, items)
        Above 0 where the person bought it.
    """
    width = wanted.shape[1]
    rows = np.repeat(np.arange(wanted.shape[0]), np.diff(wanted.indptr))
    bought = rows * width + wanted.indices
    listed = np.arange(len(items))[:, np.newaxis] * width + items
    return (items >= 0) & np.isin(listed, bought)


def hits(items: NDArray[np.integer], wanted: csr_array) -> NDArray[np.float64]:
    """Return 1 for each person whose list holds anything that was bought, else 0.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy.sparse import csr_array
    >>> from scoring.metrics.lists import hits, ndcg
    >>> wanted = csr_array([[0, 1, 0], [1, 0, 0]])
    >>> hits(np.array([[2, 1], [2, 1]]), wanted)
    array([1., 0.])
    >>> ndcg(np.array([[2, 1], [0, 1]]), wanted).round(3)
    array([0.631, 1.   ])
    """
    return found(items, wanted).any(axis=1).astype(float)


def ndcg(items: NDArray[np.integer], wanted: csr_array) -> NDArray[np.float64]:
    """Return the normalised discounted gain of each list, 0 to 1; NaN where nothing is wanted.

    References
    ----------
    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 20 (2002).
    """
    n = items.shape[1]
    gain = 1 / np.log2(np.arange(2, n + 2))
    best = np.append(0, np.cumsum(gain))[np.minimum(np.diff(wanted.indptr), n)]
    reached = found(items, wanted) @ gain
    return np.divide(reached, best, out=np.full(len(best), np.nan), where=best > 0)
