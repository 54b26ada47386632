"""The stacked snapshots that the churn model learns from, and their checks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Rows:
    """People at cut-offs."""

    X: pd.DataFrame
    """Feature tables, one below the other; the index names the person."""
    y: NDArray[np.float64]
    """1 churned, 0 not, NaN not known yet."""
    day: NDArray[np.datetime64]
    """The cut-off of each row."""

    def take(self, kept: NDArray[np.bool_]) -> Rows:
        """Some rows."""
        return Rows(self.X[kept], self.y[kept], self.day[kept])

    @property
    def latest(self) -> Rows:
        """Those of the last cut-off."""
        return self.take(self.day == self.day.max())

    @property
    def known(self) -> Rows:
        """Those whose label is known."""
        return self.take(np.isfinite(self.y))

    @property
    def days(self) -> NDArray[np.datetime64]:
        """Different cut-offs, the earliest first."""
        return np.unique(self.day)

    def last(self, cutoffs: int) -> Rows:
        """Those of the last so many cut-offs."""
        return self.take(np.isin(self.day, self.days[-cutoffs:]))

    def at(self, day: np.datetime64) -> Rows:
        """Those of one cut-off."""
        return self.take(self.day == day)

    def sampled(self, most: int, random_state: int | None) -> Rows:
        """All rows of as many people as make about `most` rows."""
        if len(self.X) <= most:
            return self
        people = self.X.index.unique()
        random = np.random.default_rng(random_state)
        kept = random.random(len(people)) < most / len(self.X)
        return self.take(np.asarray(self.X.index.isin(people[kept])))


def known_labels(y: ArrayLike | None, rows: int) -> tuple[NDArray, NDArray[np.bool_]]:
    """Labels as given, and where they are known (not NaN and not None)."""
    if y is None:
        return np.full(rows, np.nan), np.zeros(rows, dtype=bool)
    labels = np.asarray(y)
    if labels.shape != (rows,):
        raise ValueError(
            f"y has shape {labels.shape}; one label for each of {rows:,} rows is right"
        )
    return labels, ~np.asarray(pd.isna(labels))


def cutoff_days(cutoffs: ArrayLike | None, rows: int) -> NDArray[np.datetime64]:
    """One day a row; the same for all where none is given."""
    if cutoffs is None:
        return np.full(rows, np.datetime64("1970-01-01", "D"))
    days = np.asarray(cutoffs, dtype="datetime64[D]")
    if days.shape != (rows,):
        raise ValueError(
            f"cutoffs has shape {days.shape}; one day for each of {rows:,} rows is right"
        )
    if np.isnat(days).any():
        raise ValueError("cutoffs has rows without a day; each row needs the day it was made at")
    return days
