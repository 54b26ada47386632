"""What sells best, for everybody alike: the baseline that has to be beaten."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from scoring.recommend.base import Recommender


class PopularRecommender(Recommender):
    """Products by the number of their buyers.

    Parameters
    ----------
    trend, prior : float
        See `Recommender`.

    Examples
    --------
    >>> import numpy as np
    >>> from scoring.recommend import PopularRecommender
    >>> PopularRecommender().fit(np.array([[1, 1], [0, 1]])).recommend([[0, 0]], n=2)[0]
    array([[1, 0]], dtype=int32)
    """

    def _learn(self, bought: csr_array) -> None:
        """Nothing: the buyers are counted already."""

    def _score(self, bought: csr_array) -> NDArray[np.float32]:
        return np.tile(self.buyers_.astype(np.float32), (bought.shape[0], 1))
