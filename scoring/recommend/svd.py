"""Products by what few hidden tastes explain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.decomposition import TruncatedSVD
from sklearn.utils import check_random_state

from scoring.recommend.base import Recommender


class SVDRecommender(Recommender):
    """The purchases of a person as few factors see them (TruncatedSVD).

    Parameters
    ----------
    factors : int, default 64
        At most as many as there are products.
    trend, prior : float
        See `Recommender`.
    random_state : int, RandomState or None
        Of the factorisation.

    Attributes
    ----------
    components_ : float32 array of shape (factors, items)

    References
    ----------
    Halko, Martinsson, Tropp, "Finding structure with randomness", SIAM Review 53 (2011).

    Examples
    --------
    >>> import numpy as np
    >>> from scoring.recommend import SVDRecommender
    >>> tea_and_cup = np.array([[1, 1, 0]] * 20 + [[0, 0, 1]] * 20)
    >>> model = SVDRecommender(factors=2, random_state=0).fit(tea_and_cup)
    >>> model.recommend(np.array([[1, 0, 0]]), n=1)[0]
    array([[1]], dtype=int32)
    """

    def __init__(
        self,
        factors: int = 64,
        *,
        trend: float = 0.0,
        prior: float = 1.0,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        super().__init__(trend=trend, prior=prior)
        self.factors = factors
        self.random_state = random_state

    def _learn(self, bought: csr_array) -> None:
        factors = min(self.factors, *bought.shape)
        random = check_random_state(self.random_state)
        model = TruncatedSVD(factors, random_state=random)
        # The variance that it explains is undefined, and not used, where all bought the same.
        with np.errstate(invalid="ignore", divide="ignore"):
            model.fit(bought)
        self.components_ = model.components_.astype(np.float32)

    def _score(self, bought: csr_array) -> NDArray[np.float32]:
        return (bought @ self.components_.T) @ self.components_
