"""Products that are bought by the same persons: a baseline."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, dia_array

from scoring.recommend.base import Recommender


class CosineRecommender(Recommender):
    """The sum of cosines between a product's buyers and those of the products she bought.

    Parameters
    ----------
    trend, prior : float
        See `Recommender`.

    Attributes
    ----------
    cosines_ : float32 array of shape (items, items)

    References
    ----------
    Sarwar et al., "Item-based collaborative filtering recommendation algorithms", WWW (2001).

    Examples
    --------
    >>> import numpy as np
    >>> from scoring.recommend import CosineRecommender
    >>> tea_and_cup = np.array([[1, 1, 0]] * 20 + [[0, 0, 1]] * 20)
    >>> CosineRecommender().fit(tea_and_cup).recommend(np.array([[1, 0, 0]]), n=1)[0]
    array([[1]], dtype=int32)
    """

    def _learn(self, bought: csr_array) -> None:
        length = 1 / np.sqrt(np.maximum(self.buyers_, 1))
        scaled = bought @ dia_array((length[np.newaxis], [0]), shape=(len(length),) * 2)
        cosines = np.asarray((scaled.T @ scaled).todense(), dtype=np.float32, order="C")
        np.fill_diagonal(cosines, 0)
        self.cosines_ = cosines

    def _score(self, bought: csr_array) -> NDArray[np.float32]:
        return bought @ self.cosines_
