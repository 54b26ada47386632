"""The ways to predict an uplift, among which `UpliftModel` chooses.

Responsible for one fit and one prediction each. A learner takes the features, NaN allowed, and the
draw of an experiment; an outcome of 0 and 1 is classified, any other is regressed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import is_classifier
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from scoring.uplift.draw import Array, Draw

_TREES: Final = {
    "max_leaf_nodes": 6,
    "max_iter": 60,
    "learning_rate": 0.05,
    "early_stopping": False,
}
"""Small trees: an uplift is far smaller than the noise around it."""


class Learner(Protocol):
    """What `UpliftModel` asks of a member."""

    def fit(self, X: Array, draw: Draw, random_state: int | None) -> Self:
        """Learn from the draw; X is of shape (n, features)."""
        ...

    def predict(self, X: Array) -> Array:
        """Return the uplift of each row, shape (n,)."""
        ...


class Additive:
    """Regression on features and treatment, without their products.

    The message moves everybody by the same log-odds, hence most those who are undecided: what is
    left of `Interactions` where the experiment tells of no interaction.
    """

    def fit(self, X: Array, draw: Draw, random_state: int | None) -> Self:
        """Learn from the draw."""
        self.scale_ = _scale().fit(signed_log(X))
        self.centre_ = float(draw.probability.mean())
        design = self._design(X, draw.treated.astype(float))
        weight = draw.relative_weight
        self.model_ = _fit(_linear(draw), design, draw.outcome, sample_weight=weight)
        return self

    def predict(self, X: Array) -> Array:
        """Return the uplift of each row."""
        treated, control = (
            _expected(self.model_, self._design(X, np.full(len(X), arm))) for arm in (1.0, 0.0)
        )
        return treated - control

    def _design(self, X: Array, treated: Array) -> Array:
        return np.column_stack([self.scale_.transform(signed_log(X)), treated - self.centre_])


class Interactions(Additive):
    """Regression on features, treatment and their products.

    References
    ----------
    Lo, V. S. Y. (2002). The true lift model. SIGKDD Explorations 4(2).
    """

    def _design(self, X: Array, treated: Array) -> Array:
        plain = super()._design(X, treated)
        return np.hstack([plain, plain[:, :-1] * plain[:, -1:]])


class Trees:
    """Small boosted trees for each arm by itself (T-learner).

    References
    ----------
    Kuenzel, S. R. et al. (2019). Metalearners for estimating heterogeneous treatment effects
    using machine learning. PNAS 116(10).
    """

    def fit(self, X: Array, draw: Draw, random_state: int | None) -> Self:
        """Learn from the draw."""
        kind = HistGradientBoostingClassifier if _binary(draw) else HistGradientBoostingRegressor
        self.treated_, self.control_ = (
            self._arm(kind, X, draw, arm, random_state) for arm in (draw.treated, ~draw.treated)
        )
        return self

    def predict(self, X: Array) -> Array:
        """Return the uplift of each row."""
        return _expected(self.treated_, X) - _expected(self.control_, X)

    def _arm(
        self, kind: Any, X: Array, draw: Draw, arm: NDArray[np.bool_], random_state: int | None
    ) -> Any:
        model = kind(**_TREES, min_samples_leaf=_leaf(int(arm.sum())), random_state=random_state)
        weight = draw.relative_weight[arm]
        return _fit(model, X[arm], draw.outcome[arm], sample_weight=weight)


class Transformed:
    """Small boosted trees on an outcome whose mean is the uplift.

    The outcome less a middle level, times 1 / probability for the treated and -1 / probability for
    the controls. Taking the level away leaves what is learnt and lowers its noise.

    References
    ----------
    Athey, S. and Imbens, G. W. (2015). Machine learning methods for estimating heterogeneous
    causal effects. arXiv 1504.01132.
    """

    def fit(self, X: Array, draw: Draw, random_state: int | None) -> Self:
        """Learn from the draw."""
        sign = np.where(draw.treated, 1.0, -1.0)
        target = sign * draw.weight * (draw.outcome - _middle(draw))
        leaf = _leaf(draw.outcome.size // 2)
        model = HistGradientBoostingRegressor(
            **_TREES, min_samples_leaf=leaf, random_state=random_state
        )
        self.model_ = _fit(model, X, target)
        return self

    def predict(self, X: Array) -> Array:
        """Return the uplift of each row."""
        return _expected(self.model_, X)


class Response:
    """Who buys, message or not: what an uplift is compared with, never a candidate itself."""

    def fit(self, X: Array, draw: Draw, random_state: int | None) -> Self:
        """Learn from the draw, all arms alike."""
        self.model_ = _fit(make_pipeline(_scale(), _linear(draw)), signed_log(X), draw.outcome)
        return self

    def predict(self, X: Array) -> Array:
        """Return the outcome that is expected of each row."""
        return _expected(self.model_, signed_log(X))


LEARNERS: Final[Mapping[str, type[Learner]]] = {
    "additive": Additive,
    "interactions": Interactions,
    "trees": Trees,
    "transformed": Transformed,
}
"""By their names, simplest first."""


def signed_log(X: Array) -> Array:
    """Return sign(x) log(1 + |x|): amounts of any size on one scale, signs and zeros kept.

    Examples
    --------
    >>> signed_log(np.array([-1.0, 0.0, 1.0])).round(2)
    array([-0.69,  0.  ,  0.69])
    """
    return np.sign(X) * np.log1p(np.abs(X))


def _binary(draw: Draw) -> bool:
    return bool(np.isin(draw.outcome, (0.0, 1.0)).all())


def _scale() -> Pipeline:
    filled = SimpleImputer(strategy="median", keep_empty_features=True)
    return make_pipeline(filled, StandardScaler())


def _linear(draw: Draw) -> Any:
    return LogisticRegression(C=0.1, max_iter=1000) if _binary(draw) else Ridge(alpha=10.0)


def _leaf(rows: int) -> int:
    """Return the least size of a leaf: 100 rows, fewer where there are few."""
    return max(min(100, rows // 10), 2)


def _middle(draw: Draw) -> float:
    """Return the level that gives the transformed outcome the least variance."""
    treated, control = (
        np.average(draw.outcome[arm], weights=draw.weight[arm])
        for arm in (draw.treated, ~draw.treated)
    )
    share = float(draw.probability.mean())
    return float((1 - share) * treated + share * control)


def _fit(model: Any, X: Array, y: Array, **given: Array) -> Any:
    """Fit a model, or a constant where there is one outcome only."""
    if np.ptp(y) == 0:
        return DummyRegressor(strategy="constant", constant=float(y[0])).fit(X, y)
    with _one_thread():
        return model.fit(_known(X), y, **given)


def _known(X: Array) -> Array:
    """Return X with 0 in columns of which nothing is known; boosting refuses them, and learns none.

    No tree is parted by such a column, whatever stands in it when it predicts.
    """
    return np.where(np.isnan(X).all(axis=0), 0.0, X)


def _expected(model: Any, X: Array) -> Array:
    """Return P(1) of a classifier, or the prediction of a regressor."""
    with _one_thread():
        return model.predict_proba(X)[:, 1] if is_classifier(model) else model.predict(X)


def _one_thread() -> Any:
    """Keep trees to one thread: so small ones gain nothing by more.

    Threads that wait for each other for every leaf take minutes where the cores are busy.
    """
    return threadpool_limits(limits=1, user_api="openmp")
