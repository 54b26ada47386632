"""Snapshots: what was known at some cut-offs, beside what people then did.

Responsible for rows to learn from and for splits in time, neither of which sees what comes later.
Not responsible for what is known (`scoring.features`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.errors import NotEnoughDataError, ScoringError
from scoring.features import NAMES, feature_rows
from scoring.features.clock import day_numbers
from scoring.features.labels import label_rows, last_day


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshots:
    """Rows of people at cut-offs, sorted by cut-off and person; each array has one entry a row.

    Attributes
    ----------
    X : pandas.DataFrame
        The features, float64, NaN where undefined; the index is ``person_id``, and repeats from
        cut-off to cut-off.
    cutoff : ndarray of datetime64[D]
        The last day that the features saw.
    bought : ndarray of bool
        Whether there was a purchase day in the horizon. Class 1 of churn is its contrary.
    purchases : ndarray of int64
        Purchase days in the horizon.
    spend : ndarray of float64
        Sum of sales in the horizon, in the store's currency.
    horizon : int
        Days after the cut-off that the last three look at.
    """

    X: pd.DataFrame
    cutoff: NDArray[np.datetime64]
    bought: NDArray[np.bool_]
    purchases: NDArray[np.int64]
    spend: NDArray[np.float64]
    horizon: int

    @property
    def person(self) -> NDArray[Any]:
        """The pseudonym of each row's person."""
        return np.asarray(self.X.index)

    @property
    def churned(self) -> NDArray[np.int64]:
        """1 where there was no purchase day in the horizon, else 0."""
        return (~self.bought).astype(np.int64)

    def __len__(self) -> int:
        return len(self.X)

    def take(self, rows: Any) -> Snapshots:
        """Return some rows.

        Parameters
        ----------
        rows : array of int or of bool
            Which, as numpy takes them.
        """
        return replace(
            self,
            X=self.X.iloc[rows],
            cutoff=self.cutoff[rows],
            bought=self.bought[rows],
            purchases=self.purchases[rows],
            spend=self.spend[rows],
        )

    def without(self, people: Iterable[str]) -> Snapshots:
        """Return the rows of everybody else.

        Parameters
        ----------
        people : iterable of str
            Such as those whom `scoring.features.scanners` names.
        """
        return self.take(~self.X.index.isin(list(people)))


def snapshots(
    lake: Any,
    cutoffs: Iterable[Any],
    *,
    horizon: int = 90,
    store: str | None = None,
    within: int = 365,
) -> Snapshots:
    """Stack the features at several cut-offs, with what came in the horizon after each.

    Parameters
    ----------
    lake : Lake
        On any engine.
    cutoffs : iterable of datetime.date or str
        Last days that are seen; in any order, each counts once.
    horizon : int, default 90
        Labels look at the days after the cut-off, up to and with ``cutoff + horizon``.
    store : str, optional
        Needed where the lake has several.
    within : int, default 365
        Who bought in so many days up to a cut-off is of its population.

    Returns
    -------
    Snapshots
        Empty for a cut-off before the first sale.

    Raises
    ------
    ScoringError
        A horizon is not over, so that its labels are not known yet; or the store is not clear.
    NotEnoughDataError
        There is no cut-off.
    ValueError
        A cut-off is no day, or a number of days not positive.
    """
    days = day_numbers(cutoffs)
    if not days:
        raise NotEnoughDataError("cut-offs", 0, 1)
    if horizon < 1:
        raise ValueError(f"horizon is {horizon}; at least one day is right")
    _require_over(days[-1], horizon, last_day(lake, store))
    rows = feature_rows(lake, days, store=store, within=within)
    labels = label_rows(lake, days, horizon, store=store)
    rows = rows.merge(labels, on=["cutoff", "person_id"], how="left", validate="one_to_one")
    purchases = rows["purchases"].fillna(0).to_numpy(np.int64)
    return Snapshots(
        X=rows.set_index("person_id")[list(NAMES)],
        cutoff=rows["cutoff"].to_numpy(np.int64).astype("datetime64[D]"),
        bought=purchases > 0,
        purchases=purchases,
        spend=rows["spend"].fillna(0.0).to_numpy(np.float64),
        horizon=horizon,
    )


def _require_over(cutoff: int, horizon: int, last: int) -> None:
    """Pass when the horizon of the last cut-off lies within the data."""
    if cutoff + horizon > last:
        raise ScoringError(
            f"the {horizon} days after {_day(cutoff)} are not over: orders end on {_day(last)}; "
            f"the last cut-off with known labels is {_day(last - horizon)}"
        )


def _day(number: int) -> np.datetime64:
    return np.datetime64(number, "D")


class RollingOriginSplit:
    """Splits of stacked snapshots in time: what is learned was known when the test begins.

    Each test is the rows of one cut-off; its training rows are those of cut-offs whose horizon was
    over by then. Splitting by row number or at random would let labels of the same days stand on
    both sides.

    Parameters
    ----------
    horizon : int, default 90
        Days that labels look ahead.
    step : int, default 30
        Days between two tests, at least.
    gap : int, default 0
        Days that pass between the end of a label and the test, such as until data arrives.
    train : int, optional
        How many cut-offs to learn from, the latest; all where not given.

    Examples
    --------
    >>> days = np.array(["2011-01-01", "2011-02-01", "2011-04-01"], "datetime64[D]")
    >>> split = RollingOriginSplit(horizon=90)
    >>> [(a.tolist(), b.tolist()) for a, b in split.split(days, groups=days)]
    [([0], [2])]
    """

    def __init__(
        self, horizon: int = 90, step: int = 30, gap: int = 0, train: int | None = None
    ) -> None:
        self.horizon = horizon
        self.step = step
        self.gap = gap
        self.train = train

    def split(
        self, X: Any, y: Any = None, groups: Any = None
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield the rows to learn from and those to test on, by the test's cut-off.

        Parameters
        ----------
        X : array-like or Snapshots
            For its length; of `Snapshots`, its cut-offs as well.
        y : object
            Not used.
        groups : array of datetime64[D]
            The cut-off of each row.

        Yields
        ------
        train, test : ndarray of int64
            Row numbers.

        Raises
        ------
        ValueError
            Cut-offs are missing, or not one for each row.
        """
        cutoff = _cutoffs(X, groups)
        for test, trains in self._pairs(cutoff):
            yield np.flatnonzero(np.isin(cutoff, trains)), np.flatnonzero(cutoff == test)

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Return how many splits there are; of the same arguments as `split`."""
        return sum(1 for _ in self._pairs(_cutoffs(X, groups)))

    def _pairs(self, cutoff: NDArray[np.int64]) -> Iterator[tuple[int, list[int]]]:
        days = np.unique(cutoff).tolist()
        before: int | None = None
        for test in days:
            trains = [day for day in days if day + self.horizon + self.gap <= test]
            if trains and (before is None or test - before >= self.step):
                before = test
                yield test, trains[-self.train :] if self.train else trains


def _cutoffs(X: Any, groups: Any) -> NDArray[np.int64]:
    if isinstance(X, Snapshots):
        groups = X.cutoff
    if groups is None:
        raise ValueError("groups is missing: the cut-off of each row, such as Snapshots.cutoff")
    cutoff = np.asarray(groups, "datetime64[D]").astype(np.int64)
    if X is not None and len(X) != len(cutoff):
        raise ValueError(f"groups has {len(cutoff)} cut-offs for {len(X)} rows; one each is right")
    return cutoff
