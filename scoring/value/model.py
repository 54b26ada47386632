"""The model of value: what people will spend, how often they will buy, and when next.

Brings together BG/NBD, the learners, the level, the season and the intervals; each stands in a
file of its own.
"""

from __future__ import annotations

from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils import Tags, check_random_state
from sklearn.utils.validation import check_is_fitted, column_or_1d

from scoring.bgnbd import BGNBD
from scoring.errors import NotEnoughDataError
from scoring.value.columns import logarithms, people
from scoring.value.learners import LEAST, Learners, geometric
from scoring.value.level import Level, cap_of
from scoring.value.means import ShrunkMean
from scoring.value.quantiles import FEW, SpendQuantiles
from scoring.value.season import season, year_before

ENOUGH: Final = 10
"""Rows below which nothing is said."""

ROWS: Final = 300
BUYERS: Final = 50
"""Below either, BG/NBD times the shrunk mean stands alone."""

MOST: Final = 60_000
"""Rows that are learned from, drawn at random where there are more."""

MEMORY: Final = np.timedelta64(180, "D")
"""Snapshots further than this before the last one tell of the season only."""

FAR: Final = 365.0
"""Days beyond which no next order is named."""

_NO_DAY: Final = np.datetime64("1970-01-01", "D")


class ValueModel(RegressorMixin, BaseEstimator):
    """Expected spend and purchases in the horizon, with an interval, and the next order.

    The geometric mean of a Poisson line and trees on the root of spend, a two-part model (P(buys)
    times spend of who buys) and BG/NBD times the shrunk own mean, all on logarithms; then its
    level, and the season as last year showed it.

    Parameters
    ----------
    horizon : int, default 90
        Days ahead, those of the labels.
    season : bool, default True
        Whether last year's same days set the level, when their snapshot is there.
    random_state : int, RandomState or None, default None
        Of the trees, and of which rows are learned from where there are very many.

    Attributes
    ----------
    members_ : tuple of str
        The learners: all four, or BG/NBD alone in a small shop.
    buying_ : BGNBD
        Of the latest snapshot.
    level_ : Level
        Where the sum is set.
    season_, buying_season_, purchase_season_ : float
        Logarithms by which spend, the odds to buy and purchases are shifted; 0 when unknown.
    season_weight_ : float
        How far last year is believed, 0 to 1.
    at_ : datetime64[D] or None
        The cut-off that the level is set for.
    n_features_in_, feature_names_in_
        As everywhere in scikit-learn.

    Notes
    -----
    X is a feature table (`scoring.features.features`); ``frequency``, ``recency``, ``age`` and
    ``value_mean`` must be there, the other columns on orders, sales and gaps are used where they
    are. An array is read as these four. NaN stands where a column says it may.

    The mean of a heavy tail may lie above the upper end of an interval that holds 80 % of people.

    References
    ----------
    Fader, Hardie, Lee: RFM and CLV. Journal of Marketing Research 42 (2005).

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> random = np.random.default_rng(0)
    >>> often = random.gamma(0.7, 3, 400)
    >>> bought = random.poisson(often)
    >>> X = pd.DataFrame(
    ...     {
    ...         "frequency": bought,
    ...         "recency": np.where(bought > 0, 300, 0),
    ...         "age": 330,
    ...         "value_mean": random.gamma(2, 25, 400),
    ...     },
    ...     dtype=float,
    ... )
    >>> spend = random.poisson(often / 4) * X["value_mean"]
    >>> model = ValueModel(horizon=90, random_state=0).fit(X, spend)
    >>> bool(abs(model.predict(X).sum() / spend.sum() - 1) < 0.05)
    True
    >>> model.predict_interval(X, coverage=0.8).shape
    (400, 2)
    """

    def __init__(self, horizon: int = 90, season: bool = True, random_state: object = None) -> None:
        self.horizon = horizon
        self.season = season
        self.random_state = random_state

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        purchases: ArrayLike | None = None,
        cutoffs: ArrayLike | None = None,
        at: Any = None,
    ) -> Self:
        """Learn from what people did in the horizon after one or more cut-offs.

        Parameters
        ----------
        X : DataFrame or array of shape (n, features)
            People at cut-offs; those of several stacked.
        y : array-like of shape (n,)
            Spend in the horizon after each row's cut-off, in the store's currency.
        purchases : array-like of shape (n,), optional
            Purchase days in the same; without it, whether anything was spent.
        cutoffs : array-like of datetime64[D], shape (n,), optional
            Each row's cut-off; without it, one for all, and no season.
        at : date, optional
            The cut-off that will be predicted; without it, the first at which all of these labels
            were known: the last one plus the horizon.

        Raises
        ------
        ValueError
            Lengths differ, a column is missing, or a number is NaN or negative.
        NotEnoughDataError
            There are fewer than 10 rows.
        """
        if not self.horizon > 0:
            raise ValueError(f"horizon is {self.horizon!r}; a positive number of days is right")
        frame = people(self, X, reset=True)
        spend = _amounts("spend", y, len(frame))
        bought = (spend > 0) * 1.0 if purchases is None else purchases
        bought = _amounts("purchases", bought, len(frame))
        days = _days(cutoffs, len(frame))
        if len(frame) < 2:
            raise ValueError(f"{len(frame)} sample is too few to learn from")
        if len(frame) < ENOUGH:
            raise NotEnoughDataError("people at cut-offs", len(frame), ENOUGH)
        known = cutoffs is not None
        self.at_ = np.datetime64(at or days.max() + np.timedelta64(self.horizon, "D"), "D")
        self.at_ = self.at_ if known else None
        self._fit(*self._drawn(frame, spend, bought, days))
        return self

    def _drawn(self, frame: pd.DataFrame, *columns: np.ndarray) -> tuple[Any, ...]:
        """At most `MOST` rows of those that are of use."""
        days = columns[-1]
        last_year = year_before(days, self.at_) if self.at_ is not None else None
        rows = np.flatnonzero((days >= days.max() - MEMORY) | (days == last_year))
        if len(rows) > MOST:
            random = check_random_state(self.random_state)
            rows = np.sort(random.choice(rows, MOST, replace=False))
        frame = frame.iloc[rows].reset_index(drop=True)
        return frame, *(column[rows] for column in columns)

    def _fit(
        self, frame: pd.DataFrame, spend: np.ndarray, bought: np.ndarray, days: np.ndarray
    ) -> None:
        recent, latest = days >= days.max() - MEMORY, days == days.max()
        self.buying_ = BGNBD(self.horizon).fit(frame[latest])
        self.worth_ = ShrunkMean().fit(frame[latest])
        self._fit_members(frame[recent], spend[recent], bought[recent], latest[recent])
        self._fit_season(frame, spend, bought, days, recent)

    def _fit_members(
        self, frame: pd.DataFrame, spend: np.ndarray, bought: np.ndarray, latest: np.ndarray
    ) -> None:
        logs, buyers = self._logs(frame), int((spend > 0).sum())
        self.learners_ = None
        if len(frame) >= ROWS and BUYERS <= buyers < len(frame):
            self.learners_ = Learners(self.random_state)
            self.learners_.fit(logs, np.minimum(spend, cap_of(spend)), bought)
        spends = self._spends(frame, logs)
        self.members_ = tuple(spends)
        learn = self.learners_ is not None
        self.level_ = Level(learn_slope=learn).fit(self._score(spends, frame, logs), spend)
        expected = self._purchases(frame, logs)
        self.purchase_level_ = float(bought.sum() / expected.sum()) if bought.any() else 0.0
        self._fit_quantiles(logs, spend, latest)

    def _fit_quantiles(self, logs: pd.DataFrame, spend: np.ndarray, latest: np.ndarray) -> None:
        """Hold out the latest snapshot; of a single one, every second person."""
        held = latest if not latest.all() else np.arange(len(spend)) % 2 == 1
        if self.learners_ is None:
            logs = logs[["bgnbd_buys", "bgnbd_value"]]
        kinds = [(spend[part] > 0).astype(int) for part in (held, ~held)]
        enough = all(FEW <= kind.sum() <= len(kind) - FEW for kind in kinds)
        self.looked_at_ = list(logs.columns)
        self.quantiles_ = SpendQuantiles().fit(logs, spend, held) if enough else None
        self.bounds_ = np.sort(spend)

    def _fit_season(
        self,
        frame: pd.DataFrame,
        spend: np.ndarray,
        bought: np.ndarray,
        days: np.ndarray,
        recent: np.ndarray,
    ) -> None:
        self.season_ = self.buying_season_ = self.purchase_season_ = self.season_weight_ = 0.0
        last_year = year_before(days, self.at_) if self.season and self.at_ is not None else None
        if last_year is None or not (spend[recent] > 0).any():
            return
        then, history = days == last_year, float(frame.loc[days == last_year, "age"].max())
        purchases, worth, buys = self._expected(frame, days)
        capped = np.minimum(spend, self.level_.cap_)

        def shift(actual: np.ndarray, expected: np.ndarray) -> tuple[float, float]:
            pairs = [(actual[rows], expected[rows]) for rows in (then, recent)]
            return season(*pairs, history)

        self.season_, self.season_weight_ = shift(capped, np.minimum(worth, self.level_.cap_))
        self.purchase_season_ = shift(bought, purchases)[0]
        self.buying_season_ = shift(spend > 0, buys)[0] - shift(spend <= 0, 1 - buys)[0]

    def _expected(self, frame: pd.DataFrame, days: np.ndarray) -> np.ndarray:
        """Purchases, spend and P(buys), as a BG/NBD of each row's own cut-off expects them."""
        found = np.empty((3, len(frame)))
        for day in np.unique(days):
            rows = days == day
            own = frame[rows]
            buying = BGNBD(self.horizon).fit(own)
            purchases = buying.expected_purchases(own, self.horizon)
            buys = 1 - buying.none_within(own, self.horizon)
            found[:, rows] = purchases, purchases * ShrunkMean().fit(own).predict(own), buys
        return found

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Expected spend in the horizon, in the store's currency, shape (n,)."""
        frame, logs = self._read(X)
        score = self._score(self._spends(frame, logs), frame, logs)
        return self.level_.predict(score) * np.exp(self.season_)

    def predict_purchases(self, X: ArrayLike) -> np.ndarray:
        """Expected purchase days in the horizon, shape (n,)."""
        frame, logs = self._read(X)
        return self._purchases(frame, logs) * self.purchase_level_ * np.exp(self.purchase_season_)

    def predict_interval(self, X: ArrayLike, coverage: float = 0.8) -> np.ndarray:
        """What a person's spend will lie in, in the store's currency.

        Parameters
        ----------
        X : DataFrame or array of shape (n, features)
            People.
        coverage : float, default 0.8
            Share of people whose spend lies within.

        Returns
        -------
        ndarray of shape (n, 2)
            Lower and upper end. Of a shop too small for more, the same for everybody: from 0 to
            the quantile of what people spent.
        """
        if not 0 < coverage < 1:
            raise ValueError(f"coverage is {coverage!r}; a share between 0 and 1 is right")
        _, logs = self._read(X)
        if self.quantiles_ is None:
            high = np.quantile(self.bounds_, coverage, method="higher") * np.exp(self.season_)
            return np.tile([0.0, high], (len(logs), 1))
        looked_at = logs[self.looked_at_]
        return self.quantiles_.interval(looked_at, coverage, self.season_, self.buying_season_)

    def next_order(self, X: ArrayLike) -> np.ndarray:
        """Days from the cut-off to the next purchase, shape (n,).

        The median of BG/NBD's waiting time of a person who has not stopped: with a rate that is
        gamma(r + x, alpha + age), ``(alpha + age) (2^(1 / (r + x)) - 1)``. NaN beyond a year, and
        for who has more likely stopped than not.
        """
        check_is_fitted(self, "level_")
        frame = people(self, X, reset=False)
        power = self.buying_.r_ + frame["frequency"].to_numpy()
        with np.errstate(over="ignore"):
            days = (self.buying_.alpha_ + frame["age"].to_numpy()) * np.expm1(np.log(2) / power)
        gone = self.buying_.alive(frame) < 0.5
        return np.where(gone | (days > FAR), np.nan, days)

    def _read(self, X: ArrayLike) -> tuple[pd.DataFrame, pd.DataFrame]:
        check_is_fitted(self, "level_")
        frame = people(self, X, reset=False)
        return frame, self._logs(frame)

    def _logs(self, frame: pd.DataFrame) -> pd.DataFrame:
        return logarithms(frame, self.buying_, self.worth_, self.horizon)

    def _spends(self, frame: pd.DataFrame, logs: pd.DataFrame) -> dict[str, np.ndarray]:
        """What each member expects."""
        spends = {} if self.learners_ is None else self.learners_.spends(logs)
        return {**spends, "bgnbd": np.expm1(logs["bgnbd_value"].to_numpy())}

    def _score(
        self, spends: dict[str, np.ndarray], frame: pd.DataFrame, logs: pd.DataFrame
    ) -> np.ndarray:
        if self.learners_ is None:
            return np.log(np.maximum(spends["bgnbd"], LEAST * LEAST))
        return geometric(spends, self.learners_.purchases(logs))

    def _purchases(self, frame: pd.DataFrame, logs: pd.DataFrame) -> np.ndarray:
        """The geometric mean of BG/NBD and the line, but for the level."""
        bgnbd = np.exp(logs["bgnbd_purchases"].to_numpy())
        if self.learners_ is None:
            return bgnbd
        return np.sqrt(bgnbd * self.learners_.purchases(logs))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        tags.target_tags.positive_only = True
        tags.regressor_tags.poor_score = True
        return tags


def _amounts(name: str, values: ArrayLike, rows: int) -> np.ndarray:
    """One finite number a row, not negative."""
    if values is None:
        raise ValueError(f"requires y to be passed, but the target y is None: {name} is right")
    array = np.asarray(column_or_1d(values, warn=True), dtype=float)
    if len(array) != rows:
        raise ValueError(f"{name} has {len(array):,} numbers for {rows:,} rows; one each is right")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} has NaN or infinity; 0 stands where nothing was bought")
    if (array < 0).any():
        raise ValueError(
            f"{name} is negative in {int((array < 0).sum()):,} rows; at least 0 is right"
        )
    return array


def _days(cutoffs: ArrayLike | None, rows: int) -> np.ndarray:
    if cutoffs is None:
        return np.full(rows, _NO_DAY)
    days = np.asarray(cutoffs).astype("datetime64[D]")
    if days.shape != (rows,):
        raise ValueError(f"cutoffs has the shape {days.shape} for {rows:,} rows; one each is right")
    return days
