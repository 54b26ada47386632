"""The churn model: three members that err in different ways, at the level of the season.

Not responsible for features and snapshots (`scoring.features`, `scoring.snapshots`), nor for its
own judgement (`scoring.evaluation`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from scoring.bgnbd import BGNBD, Pace, observed_pace
from scoring.churn.design import design, log_odds
from scoring.churn.members import SmallTrees, SplineLogistic
from scoring.churn.rfm import RFMClassifier, two_classes
from scoring.churn.rows import Rows, cutoff_days, known_labels
from scoring.churn.weights import validated_weights
from scoring.errors import NotEnoughDataError

NEEDED = ("since", "frequency", "recency", "age", "value_mean")
"""Columns that make a table a feature table."""

SOME = 1_000
"""People from whom on a regression on all features is asked; with fewer it learns their chances."""

MANY = 2_000
"""People from whom on trees are asked too; with fewer they cost more than they know."""

PACE_SD = 0.5
"""Of the logarithm of a pace, as believed before a snapshot's labels are looked at."""

CHUNK = 100_000
"""People who are scored at once, so that a million do not fill the memory."""


class ChurnModel(ClassifierMixin, BaseEstimator):
    """P(no purchase in the next days), for people who bought in the last year.

    The mean of a logistic regression on splines, small boosted trees and BG/NBD, which sees no
    labels and so knows the last days too. Levels follow the season: labels of a snapshot are
    explained by the pace of their own days, and what is to come by the pace that is expected
    (`scoring.bgnbd.Pace`).

    Parameters
    ----------
    horizon : int, default 90
        Days H that are looked ahead.
    within : int, default 365
        Days up to a cut-off in which a person must have bought to be of the population; others
        only inform BG/NBD.
    members : "auto" or sequence of str, default "auto"
        Of "bgnbd", "rfm", "logistic" and "trees".
    season : bool, default True
        Whether levels follow the pace; else a day is a day.
    min_people : int, default 100
        With fewer at the last cut-off there is no model.
    snapshots : int, default 6
        Of those whose labels are known, the latest so many are learned from: older ones tell of
        another shop.
    max_rows : int, default 200_000
        From more, so many rows are taken, all of a person's or none.
    random_state : int or None, default 0
        Of the sample and the trees.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        0 (buys) and 1 (churned), or as given.
    bgnbd_ : BGNBD
        Fitted at the last cut-off; None where X is no feature table.
    pace_ : Pace
        The season.
    members_ : dict of str to estimator
        Those that learned from labels, by name.
    bend_ : float
        Logarithm of how much faster people buy over a whole horizon than over its windows: BG/NBD
        takes gaps for exponential, and regular buyers are not.
    shifts_ : dict of str to float
        What is added to each member's log-odds, so that its level is that of the season.
    weights_ : dict of str to float
        Of each member in the mean; they sum to 1.
    why_ : str
        One sentence: which members, and why.
    cutoff_ : datetime64[D]
        The last cut-off seen.
    n_features_in_ : int
        Columns seen in `fit`.
    feature_names_in_ : ndarray of str
        Their names, when they had any.

    Notes
    -----
    An array, or a frame without the columns of a feature table, has no BG/NBD: it gets a logistic
    regression on the logarithms of all columns.

    References
    ----------
    Fader, Hardie, Lee: "Counting your customers" the easy way. Marketing Science 24 (2005).
    Wolpert: Stacked generalization. Neural Networks 5 (1992); here shrunk to equal weights.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> random = np.random.default_rng(0)
    >>> since, age = random.integers(0, 90, 300), random.integers(100, 400, 300)
    >>> people = pd.DataFrame({"since": since, "frequency": random.integers(1, 9, 300),
    ...                        "recency": age - since, "age": age, "value_mean": 20.0})
    >>> model = ChurnModel(horizon=30).fit(people)  # no labels are known yet
    >>> model.why_
    'bgnbd alone: no label is known yet'
    >>> model.predict_proba(people).shape
    (300, 2)
    """

    def __init__(
        self,
        horizon: int = 90,
        *,
        within: int = 365,
        members: str | tuple[str, ...] = "auto",
        season: bool = True,
        min_people: int = 100,
        snapshots: int = 6,
        max_rows: int = 200_000,
        random_state: int | None = 0,
    ) -> None:
        self.horizon = horizon
        self.within = within
        self.members = members
        self.season = season
        self.min_people = min_people
        self.snapshots = snapshots
        self.max_rows = max_rows
        self.random_state = random_state

    def fit(
        self, X: ArrayLike, y: ArrayLike | None = None, cutoffs: ArrayLike | None = None
    ) -> Self:
        """Learn from stacked snapshots.

        Parameters
        ----------
        X : DataFrame of shape (n, k)
            Feature tables of one store at several cut-offs, the index naming the person. Give
            those too whose labels are not known yet, up to the day of scoring: BG/NBD and the
            season learn from them.
        y : array-like of shape (n,), optional
            1 where there was no purchase day in the horizon, 0 where there was, NaN where that is
            not known yet.
        cutoffs : array-like of shape (n,), datetime64, optional
            The day of each row. None: all of one day, without a season.

        Raises
        ------
        NotEnoughDataError
            Fewer people than `min_people`.
        ValueError
            Shapes do not fit, or there are more than two classes.
        """
        table = _is_table(X)
        X, labels, known = self._checked(X, y, table)
        self.classes_, codes = self._coded(labels, known, table)
        if not table:
            return self._fit_plain(X, codes)
        rows = Rows(X, codes, cutoff_days(cutoffs, len(X)))
        return self._fit_rows(rows.sampled(self.max_rows, self.random_state))

    def predict_proba(self, X: ArrayLike, cutoff: Any = None) -> NDArray[np.float64]:
        """P(buys) and P(no purchase in the horizon), shape (n, 2).

        Parameters
        ----------
        X : DataFrame of shape (n, k)
            A feature table.
        cutoff : date, str or datetime64, optional
            Its day, for the season; the last one seen in `fit` where not given.
        """
        churn = self.member_proba(X, cutoff) @ np.array(list(self.weights_.values()))
        return np.column_stack([1 - churn, churn])

    def predict(self, X: ArrayLike, cutoff: Any = None) -> NDArray:
        """The likelier class, shape (n,)."""
        second = self.predict_proba(X, cutoff)[:, 1] > 0.5
        return self.classes_[second.astype(int)]

    def member_proba(self, X: ArrayLike, cutoff: Any = None) -> pd.DataFrame:
        """P(no purchase in the horizon) by each member, shape (n, members)."""
        check_is_fitted(self)
        if self.bgnbd_ is None:
            array = validate_data(self, X, dtype=float, reset=False)
            return pd.DataFrame({"rfm": self.members_["rfm"].predict_proba(array)[:, 1]})
        validate_data(self, X, skip_check_array=True, reset=False)
        days = self.horizon * self.pace(cutoff)
        starts = range(0, max(len(X), 1), CHUNK)
        return pd.concat([self._by_member(X.iloc[at : at + CHUNK], days) for at in starts])

    def pace(self, cutoff: Any = None) -> float:
        """How fast people are expected to buy in the horizon after a day; 1 as BG/NBD says."""
        expected = self.pace_.forecast(self.cutoff_ if cutoff is None else cutoff, self.horizon)
        return expected * float(np.exp(self.bend_))

    def _by_member(self, X: pd.DataFrame, days: float) -> pd.DataFrame:
        table = design(X, self.bgnbd_, days)
        return pd.DataFrame(
            {name: self._one(name, X, table, days) for name in self.weights_}, index=X.index
        )

    def _one(
        self, name: str, X: pd.DataFrame, table: pd.DataFrame, days: float
    ) -> NDArray[np.float64]:
        if name == "bgnbd":
            return self.bgnbd_.none_within(X, days)
        told = self.members_[name].predict_proba(table)[:, 1]
        return expit(log_odds(told) + self.shifts_.get(name, 0.0))

    def _checked(
        self, X: ArrayLike, y: ArrayLike | None, table: bool
    ) -> tuple[Any, NDArray, NDArray[np.bool_]]:
        if not self.horizon > 0:
            raise ValueError(f"horizon is {self.horizon!r}; a positive number of days is right")
        if not table:
            X, y = validate_data(self, X, y, dtype=float)
            return X, y, np.ones(len(y), dtype=bool)
        validate_data(self, X, skip_check_array=True)
        return X, *known_labels(y, len(X))

    def _coded(
        self, labels: NDArray, known: NDArray[np.bool_], table: bool
    ) -> tuple[NDArray, NDArray[np.float64]]:
        """Classes, and 1, 0 or NaN for each row."""
        codes = np.full(len(labels), np.nan)
        there = labels[known]
        if table and set(np.unique(there).tolist()) <= {0, 1}:
            codes[known] = there.astype(float)
            return np.array([0, 1]), codes
        check_classification_targets(there)
        classes = two_classes(self, there)
        codes[known] = there == classes[1]
        return classes, codes

    def _fit_plain(self, X: NDArray[np.float64], y: NDArray[np.float64]) -> Self:
        if len(X) < self.min_people:
            raise NotEnoughDataError("rows", len(X), self.min_people)
        self.bgnbd_, self.pace_, self.cutoff_ = None, Pace(), np.datetime64("1970-01-01", "D")
        self.members_, self.weights_ = {"rfm": RFMClassifier().fit(X, y)}, {"rfm": 1.0}
        self.bend_, self.shifts_ = 0.0, {}
        self.why_ = "rfm alone: the columns are not those of a feature table"
        return self

    def _fit_rows(self, rows: Rows) -> Self:
        latest, population = rows.latest, rows.take((rows.X["since"] < self.within).to_numpy())
        people = len(population.at(rows.day.max()).X)
        if people < self.min_people:
            what = f"people who bought in the last {self.within} days"
            raise NotEnoughDataError(what, people, self.min_people)
        self.cutoff_ = rows.day.max()
        self.bgnbd_ = BGNBD(self.horizon).fit(latest.X)
        self.pace_ = Pace()
        if self.season:
            self.pace_.fit(self.bgnbd_, population.X, population.day)
        known = population.known.last(self.snapshots)
        days = {day: self._days(known.at(day)) for day in known.days}
        self.bend_, self.shifts_ = self._bend(days) if self.season else 0.0, {}
        names, self.why_ = self._chosen(known, people)
        designed = self._designed(known, days) if len(names) > 1 else known
        self.weights_ = validated_weights(names, designed, self.horizon, self._learned)
        self.members_ = self._learned(names, designed)
        if self.season:
            self.shifts_ = self._shifts(population.at(self.cutoff_).X)
        return self

    def _bend(self, days: Mapping[np.datetime64, float]) -> float:
        """The mean over snapshots, drawn towards 0 as if two more had said so."""
        apart = [
            np.log(stretched / self.horizon / told)
            for day, stretched in days.items()
            if (told := self.pace_.told(day, self.horizon)) is not None
        ]
        return float(np.sum(apart) / (len(apart) + 2))

    def _shifts(self, X: pd.DataFrame) -> dict[str, float]:
        """What brings each member's mean over the population to that of BG/NBD at its pace.

        Labels are old by a horizon when they are known, so that members who learn from them tell
        the level of another season; who is likelier to buy than whom they tell better.
        """
        told = self._by_member(X, self.horizon * self.pace())
        level = self.bgnbd_.none_within(X, self.horizon * self.pace()).mean()
        return {name: _shift(told[name].to_numpy(), level) for name in self.members_}

    def _chosen(self, known: Rows, people: int) -> tuple[tuple[str, ...], str]:
        """Members by what there is to learn from."""
        kinds = len(np.unique(known.y))
        if kinds < 2:
            said = "no label is known yet" if kinds == 0 else "all labels are alike"
            return ("bgnbd",), f"bgnbd alone: {said}"
        if self.members != "auto":
            return tuple(self.members), f"{', '.join(self.members)}: as asked"
        if len(known.days) < 2:
            return ("bgnbd", "rfm"), "bgnbd and rfm: labels of one cut-off only"
        if people < SOME:
            return ("bgnbd", "rfm"), f"bgnbd and rfm: {people:,} people, {SOME:,} needed for more"
        if people < MANY:
            return ("bgnbd", "rfm", "logistic"), f"no trees: {people:,} people, {MANY:,} needed"
        return ("bgnbd", "logistic", "trees"), f"all three: {people:,} people"

    def _designed(self, known: Rows, days: Mapping[np.datetime64, float]) -> Rows:
        """Each snapshot as BG/NBD sees it at the pace of the days that its labels look at."""
        parts = [known.at(day) for day in days]
        tables = [
            design(part.X, self.bgnbd_, stretched)
            for part, stretched in zip(parts, days.values(), strict=True)
        ]
        return Rows(
            pd.concat(tables),
            np.concatenate([part.y for part in parts]),
            np.concatenate([part.day for part in parts]),
        )

    def _days(self, part: Rows) -> float:
        if not self.season:
            return float(self.horizon)
        log_pace, variance = observed_pace(self.bgnbd_, part.X, part.y == 0, self.horizon)
        return self.horizon * float(np.exp(log_pace * PACE_SD**2 / (PACE_SD**2 + variance)))

    def _learned(self, names: tuple[str, ...], rows: Rows) -> Mapping[str, BaseEstimator]:
        makers = {
            "rfm": lambda: RFMClassifier(logarithms=False),
            "logistic": SplineLogistic,
            "trees": lambda: SmallTrees(self.random_state),
        }
        return {name: makers[name]().fit(rows.X, rows.y) for name in names if name != "bgnbd"}

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags


def _shift(p: NDArray[np.float64], level: float) -> float:
    """What to add to log-odds for the mean of `p` to be at `level`."""
    odds = log_odds(p)
    level = float(np.clip(level, 1e-3, 1 - 1e-3))
    return float(brentq(lambda shift: expit(odds + shift).mean() - level, -20.0, 20.0))


def _is_table(X: object) -> bool:
    return isinstance(X, pd.DataFrame) and set(NEEDED) <= set(X.columns)
