"""What the members of the churn model look at: the features, and what BG/NBD says of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.bgnbd import BGNBD
from scoring.churn.rfm import logs

SHARES = ("hour_mean", "weekend", "share_")
"""Columns (beginnings of their names) that are no counts or amounts, so not taken as logarithms."""


def design(X: pd.DataFrame, bgnbd: BGNBD, days: float) -> pd.DataFrame:
    """Logarithms of the features beside those of BG/NBD.

    Parameters
    ----------
    X : DataFrame of shape (n, k)
        A feature table.
    bgnbd : BGNBD
        Fitted.
    days : float
        The horizon times its pace.

    Returns
    -------
    DataFrame of shape (n, k + 3)
        ``bg_none`` (log-odds of no purchase), ``bg_alive`` and ``bg_purchases`` come last; NaN
        where a feature is undefined.
    """
    counts = [name for name in X if not name.startswith(SHARES)]
    columns = {name: logs(X[name].to_numpy(float)) for name in counts}
    return X.astype(float).assign(
        **columns,
        bg_none=log_odds(bgnbd.none_within(X, days)),
        bg_alive=bgnbd.alive(X),
        bg_purchases=np.log1p(bgnbd.expected_purchases(X, days)),
    )


def log_odds(p: NDArray[np.float64], edge: float = 1e-6) -> NDArray[np.float64]:
    """Log-odds of probabilities, kept `edge` from 0 and 1."""
    p = np.clip(p, edge, 1 - edge)
    return np.log(p) - np.log1p(-p)
