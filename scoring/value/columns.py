"""What the value models look at: columns of the feature table, checked, and their logarithms.

What a message caused (deliveries, clicks, replies) is left out: it is not what a person is.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

from scoring.bgnbd import BGNBD
from scoring.value.means import ShrunkMean

NEEDED: Final = ("frequency", "recency", "age", "value_mean")
"""Columns without which nothing can be said, in the order of an array's columns."""

LOOKED_AT: Final = (
    *NEEDED,
    "since",
    "value",
    "value_last",
    "value_sd",
    "items_mean",
    "products_mean",
    "orders",
    *(f"orders_{days}" for days in (30, 90, 180, 365)),
    *(f"value_{days}" for days in (30, 90, 180, 365)),
    "gap_mean",
    "gap_sd",
    "gap_max",
    "gap_last",
    "since_per_gap",
)
"""Columns that are used where they are there."""


def people(
    model: BaseEstimator, X: ArrayLike, *, reset: bool, needed: tuple[str, ...] = NEEDED
) -> pd.DataFrame:
    """The columns that are used, as floats.

    Parameters
    ----------
    model : BaseEstimator
        Who learns or checks ``n_features_in_`` and ``feature_names_in_``.
    X : DataFrame or array
        A feature table; or an array whose columns are the `needed` ones by place, the last of
        which stands for those that are missing.
    reset : bool
        True in `fit`.
    needed : tuple of str
        Columns that must be there, without NaN.

    Raises
    ------
    ValueError
        A column is missing, negative or NaN where it may not be.
    """
    name = type(model).__name__
    named = isinstance(X, pd.DataFrame) and "frequency" in X
    if named:
        _require_names(X, needed, name)
    array = validate_data(
        model, X, dtype=float, reset=reset, ensure_all_finite="allow-nan" if named else True
    )
    if named:
        frame = pd.DataFrame(array, columns=X.columns)
        frame = frame[[column for column in LOOKED_AT if column in frame]]
        _require_numbers(frame, needed, name)
        return frame
    _require_not_negative(array, name)
    places = [min(place, array.shape[1] - 1) for place in range(len(needed))]
    frame = pd.DataFrame(array[:, places], columns=list(needed))
    frame["frequency"] = np.rint(frame["frequency"])
    if "age" in frame:
        frame["recency"] = np.where(
            frame["frequency"] > 0, frame[["recency", "age"]].min(axis=1), 0
        )
    return frame


def _require_names(X: pd.DataFrame, needed: tuple[str, ...], name: str) -> None:
    missing = [column for column in needed if column not in X]
    if missing:
        raise ValueError(f"{name} needs the columns {', '.join(needed)}; {missing} is missing")


def _require_numbers(frame: pd.DataFrame, needed: tuple[str, ...], name: str) -> None:
    for column in needed:
        empty = int(frame[column].isna().sum())
        if empty:
            raise ValueError(f"{column} is NaN in {empty:,} rows; everybody who bought has it")
    _require_not_negative(frame.to_numpy(), name)


def _require_not_negative(array: np.ndarray, name: str) -> None:
    if (array < 0).any():
        raise ValueError(
            f"Negative values in data passed to {name}; counts, days and sales are not"
        )


def logarithms(
    frame: pd.DataFrame, buying: BGNBD, worth: ShrunkMean, horizon: float
) -> pd.DataFrame:
    """``log1p`` of all columns, and what BG/NBD says: purchases, P(buys), spend."""
    bought = np.maximum(buying.expected_purchases(frame, horizon), 1e-9)
    found = np.log1p(frame)
    found["bgnbd_purchases"] = np.log(bought)
    found["bgnbd_buys"] = 1 - buying.none_within(frame, horizon)
    found["bgnbd_value"] = np.log1p(bought * worth.predict(frame))
    return found
