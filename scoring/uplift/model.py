"""`UpliftModel`: who buys because of the message.

Responsible for choosing among the learners of `scoring.uplift.members` on the experiment itself,
and for telling whether it knows whom a message moves more than others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.model_selection import GroupKFold, StratifiedKFold
from sklearn.utils.validation import check_is_fitted, validate_data

from scoring.errors import NotEnoughDataError
from scoring.uplift.draw import Array, Draw
from scoring.uplift.effect import average_effect
from scoring.uplift.members import LEARNERS, Learner
from scoring.uplift.qini import qini_interval


class UpliftModel(BaseEstimator):
    """The difference that a message makes for each person, learnt from an experiment.

    Every member predicts persons of folds that it did not see; the one whose order has the highest
    Qini coefficient there is fitted again on everybody.

    Parameters
    ----------
    members : tuple of str
        Names of `scoring.uplift.members.LEARNERS` to choose among, simplest first.
    folds : int
        Of the choice; fewer where the smaller arm has fewer rows.
    least_arm : int
        Persons that each arm must have.
    least_outcomes : int
        Persons of each arm whose outcome must not be 0.
    coverage : float
        Of the intervals.
    random_state : int or None
        Seed of folds, trees and bootstrap.

    Attributes
    ----------
    chosen_ : str
        The member that predicts.
    scores_ : dict of str to Interval
        Qini coefficient of each member on folds it did not see. The intervals allow for the choice
        among so many (Bonferroni), so that of the chosen one may be read alone.
    heterogeneous_ : bool
        Whether the chosen one's interval is above 0: it knows whom the message moves more.
    effect_ : Effect
        The average effect.
    member_ : Learner
        The chosen one, fitted on everybody.
    why_ : str
        What was chosen and on what grounds, in one sentence.
    n_features_in_, feature_names_in_
        As scikit-learn has them. NaN is allowed in the features.

    References
    ----------
    Kuenzel, S. R. et al. (2019). Metalearners for estimating heterogeneous treatment effects
    using machine learning. PNAS 116(10). Radcliffe, N. J. (2007). Using control groups to target
    on predicted lift. Direct Marketing Analytics Journal.

    Examples
    --------
    A message that moves those who came lately (small x) and nobody else:

    >>> rng = np.random.default_rng(0)
    >>> X, written = rng.random((2000, 2)), rng.integers(2, size=2000)
    >>> bought = rng.random(2000) < 0.1 + 0.4 * (X[:, 0] < 0.3) * written
    >>> model = UpliftModel(members=("additive", "interactions")).fit(X, bought, treatment=written)
    >>> model.chosen_, model.heterogeneous_
    ('interactions', True)
    >>> lately, long_ago = model.predict([[0.1, 0.5], [0.9, 0.5]])
    >>> bool(lately > long_ago + 0.1)
    True
    """

    def __init__(
        self,
        members: tuple[str, ...] = tuple(LEARNERS),
        folds: int = 5,
        least_arm: int = 200,
        least_outcomes: int = 20,
        coverage: float = 0.95,
        random_state: int | None = 0,
    ) -> None:
        self.members = members
        self.folds = folds
        self.least_arm = least_arm
        self.least_outcomes = least_outcomes
        self.coverage = coverage
        self.random_state = random_state

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        treatment: ArrayLike | None = None,
        *,
        probability: ArrayLike | float | None = None,
        persons: ArrayLike | None = None,
    ) -> UpliftModel:
        """Learn from an experiment.

        Parameters
        ----------
        X : array-like of shape (n, features)
            What was known of each person before the draw.
        y : array-like of shape (n,)
            1 for who bought within the time looked at, else 0; or an amount.
        treatment : array-like of shape (n,)
            1 for who was meant to be written to, 0 for who was held out.
        probability : array-like of shape (n,) or float, optional
            Chance of being treated; without it everybody is taken to have had the same.
        persons : array-like of shape (n,), optional
            Who each row is: all rows of a person fall into one fold.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            There is no treatment, an arm is empty, or a row cannot be used.
        NotEnoughDataError
            An arm is too small, or too few of it bought.
        """
        X, y = validate_data(
            self,
            X,
            y,
            dtype=np.float64,
            ensure_all_finite="allow-nan",
            ensure_min_samples=2,
            y_numeric=True,
        )
        if treatment is None:
            raise ValueError("treatment: who was written to is needed, 0 or 1 for each row")
        unknown = set(self.members) - set(LEARNERS)
        if unknown or not self.members:
            raise ValueError(f"members: {sorted(unknown)} are none of {', '.join(LEARNERS)}")
        draw = Draw.of(y, treatment, probability=probability, persons=persons)
        self._check_enough(draw)
        self.effect_ = average_effect(
            y, treatment, probability=probability, persons=persons, coverage=self.coverage
        )
        self._choose(X, draw)
        self.member_ = LEARNERS[self.chosen_]().fit(X, draw, self.random_state)
        return self

    def predict(self, X: ArrayLike) -> Array:
        """Predict the difference that a message makes.

        Parameters
        ----------
        X : array-like of shape (n, features)
            As for `fit`.

        Returns
        -------
        ndarray of shape (n,)
            In units of the outcome: 0.02 is two more buyers in a hundred.
        """
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        return self.member_.predict(rows)

    def predict_unseen(
        self,
        X: ArrayLike,
        y: ArrayLike,
        treatment: ArrayLike,
        *,
        probability: ArrayLike | float | None = None,
        persons: ArrayLike | None = None,
    ) -> Array:
        """Predict the rows of an experiment by the chosen member, fitted on other persons each.

        Parameters
        ----------
        X, y, treatment, probability, persons
            As for `fit`.

        Returns
        -------
        ndarray of shape (n,)
            As `predict` has it; what it is worth is told by `scoring.uplift.qini_curve`.
        """
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        draw = Draw.of(y, treatment, probability=probability, persons=persons)
        return _unseen(LEARNERS[self.chosen_], rows, draw, self._split(draw), self.random_state)

    def _check_enough(self, draw: Draw) -> None:
        for name, arm in (("treated", draw.treated), ("control", ~draw.treated)):
            moving = arm & (draw.outcome != 0)
            there, moved = (np.unique(draw.person[rows]).size for rows in (arm, moving))
            if there < self.least_arm:
                raise NotEnoughDataError(f"persons in the {name} arm", there, self.least_arm)
            if moved < self.least_outcomes:
                what = f"persons with an outcome in the {name} arm"
                raise NotEnoughDataError(what, moved, self.least_outcomes)

    def _choose(self, X: Array, draw: Draw) -> None:
        """Set the Qini coefficient of each member on unseen folds, and the best of them."""
        folds = self._split(draw)
        unseen = {
            name: _unseen(LEARNERS[name], X, draw, folds, self.random_state)
            for name in self.members
        }
        self.scores_ = {
            name: qini_interval(
                *(draw.outcome, uplift, draw.treated),
                probability=draw.probability,
                persons=draw.person,
                coverage=1 - (1 - self.coverage) / len(unseen),
                random_state=self.random_state,
            )
            for name, uplift in unseen.items()
        }
        self.chosen_ = max(self.scores_, key=lambda name: self.scores_[name].estimate)
        best = self.scores_[self.chosen_]
        self.heterogeneous_ = best.low > 0
        verdict = "tells" if self.heterogeneous_ else "does not tell"
        self.why_ = (
            f"{self.chosen_} has the highest Qini coefficient on unseen folds, {best:.4f}; "
            f"it {verdict} whom a message moves more than others"
        )

    def _split(self, draw: Draw) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        folds = max(min(self.folds, *draw.arms), 2)
        if int(draw.person.max()) + 1 == draw.person.size:
            given: dict[str, Any] = {"shuffle": True, "random_state": self.random_state}
            return list(StratifiedKFold(folds, **given).split(draw.outcome, draw.treated))
        there = min(folds, int(draw.person.max()) + 1)
        grouped = GroupKFold(there, shuffle=True, random_state=self.random_state)
        return list(grouped.split(draw.outcome, groups=draw.person))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.target_tags.required = True
        return tags


def _unseen(
    learner: type[Learner],
    X: Array,
    draw: Draw,
    folds: list[tuple[NDArray[np.intp], NDArray[np.intp]]],
    random_state: int | None,
) -> Array:
    """Return the uplift that a learner predicts for persons whom it did not see."""
    uplift = np.empty(draw.outcome.size)
    for train, test in folds:
        fitted = learner().fit(X[train], draw.rows(train), random_state)
        uplift[test] = fitted.predict(X[test])
    return uplift
