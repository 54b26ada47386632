"""The rows that `ChurnModel.fit` takes, from a lake, as they were known on one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.errors import NotEnoughDataError
from scoring.features import NAMES, feature_rows, features, scanners
from scoring.features.clock import day_number
from scoring.features.labels import label_rows

EVER = 36_500
"""Days that reach back to any order."""

MOST = 24
"""Cut-offs: two years of them show each season twice."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Training:
    """Stacked snapshots; labels that were not known on the day are NaN.

    Attributes
    ----------
    X : DataFrame
        Features; the index is ``person_id``. Rows of the day itself hold everybody who ever
        bought, those of earlier cut-offs the population.
    y : ndarray of float
        1 churned, 0 not, NaN not known on the day.
    cutoffs : ndarray of datetime64[D]
        The day of each row.
    """

    X: pd.DataFrame
    y: NDArray[np.float64]
    cutoffs: NDArray[np.datetime64]

    def at(self, cutoff: np.datetime64, within: int = 365) -> tuple[pd.DataFrame, NDArray]:
        """Features and labels of the population at one cut-off."""
        rows = (self.cutoffs == cutoff) & (self.X["since"] < within).to_numpy()
        return self.X[rows], self.y[rows]


def training_table(
    lake: Any,
    cutoff: Any,
    *,
    horizon: int = 90,
    store: str | None = None,
    within: int = 365,
    step: int = 30,
    most: int = MOST,
) -> Training:
    """Stack what was known on a day: snapshots back to the beginning of the data.

    Parameters
    ----------
    lake : Lake
        On any engine. Nothing after the cut-off is looked at.
    cutoff : datetime.date or str
        The day of scoring.
    horizon : int, default 90
        Days that labels look ahead.
    store : str, optional
        Needed where the lake has several.
    within : int, default 365
        Who bought in so many days up to a cut-off is of its population.
    step : int, default 30
        Days between cut-offs.
    most : int, default 24
        Cut-offs.

    Raises
    ------
    NotEnoughDataError
        Nobody had bought by then.
    """
    today = day_number(cutoff)
    now = features(lake, cutoff, store=store, within=EVER)
    if now.empty:
        raise NotEnoughDataError("people who bought", 0, 1)
    back = min(most - 1, int(now["age"].max() - step) // step)
    days = [today - step * count for count in range(max(back, 0), 0, -1)]
    rows = feature_rows(lake, days, store=store, within=within) if days else _none()
    labels = _labels(lake, rows, [day for day in days if day + horizon <= today], horizon, store)
    day = np.r_[rows["cutoff"].to_numpy(np.int64), np.full(len(now), today)]
    y = np.r_[labels, np.full(len(now), np.nan)]
    X = pd.concat([rows.set_index("person_id")[list(NAMES)], now[list(NAMES)]])
    people = ~X.index.isin(list(scanners(lake, cutoff, store=store)))
    return Training(X=X[people], y=y[people], cutoffs=day.astype("datetime64[D]")[people])


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=["cutoff", "person_id", *NAMES]).astype(
        {"cutoff": "int64", **dict.fromkeys(NAMES, "float64")}
    )


def _labels(
    lake: Any, rows: pd.DataFrame, over: list[int], horizon: int, store: str | None
) -> NDArray[np.float64]:
    """1 or 0 where the horizon of a row was over, else NaN."""
    y = np.full(len(rows), np.nan)
    if over:
        bought = label_rows(lake, over, horizon, store=store)[["cutoff", "person_id"]]
        found = rows[["cutoff", "person_id"]].merge(bought.assign(bought=True), how="left")
        known = rows["cutoff"].isin(over).to_numpy()
        y[known] = found["bought"].isna().to_numpy(float)[known]
    return y
