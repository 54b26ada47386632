"""How far predicted probabilities are from what happened."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def brier(y: ArrayLike, p: ArrayLike) -> float:
    """Mean squared distance of probabilities from what happened.

    Parameters
    ----------
    y, p : array-like of shape (n,)
        0 or 1, and P(1).

    Examples
    --------
    >>> brier([0, 1], [0.5, 1.0])
    0.125
    """
    return float(np.mean((np.asarray(p, dtype=float) - np.asarray(y, dtype=float)) ** 2))


def log_loss(y: ArrayLike, p: ArrayLike, eps: float = 1e-6) -> float:
    """Mean of ``-log P(what happened)`` in nats; probabilities are kept `eps` from 0 and 1.

    Examples
    --------
    >>> round(log_loss([0, 1], [0.5, 0.5]), 4)
    0.6931
    """
    p = np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return float(-np.mean(np.where(np.asarray(y) == 1, np.log(p), np.log1p(-p))))


def calibration_table(y: ArrayLike, p: ArrayLike, bins: int = 10) -> pd.DataFrame:
    """What was predicted and what happened, in bins of equal width.

    Parameters
    ----------
    y, p : array-like of shape (n,)
        0 or 1, and P(1).
    bins : int, default 10
        [0, 1/bins), [1/bins, 2/bins), ...; the last one holds 1 too.

    Returns
    -------
    DataFrame
        A row for each bin that holds anybody: ``low`` (its lower edge), ``people``,
        ``predicted`` and ``happened`` (means).

    Examples
    --------
    >>> calibration_table([0, 1, 1], [0.12, 0.18, 1.0]).to_dict("list")["people"]
    [2, 1]
    """
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    which = np.clip((p * bins).astype(int), 0, bins - 1)
    people = np.bincount(which, minlength=bins)
    held = np.flatnonzero(people)
    sums = {name: np.bincount(which, v, bins)[held] for name, v in (("p", p), ("y", y))}
    people = people[held]
    return pd.DataFrame(
        {
            "low": held / bins,
            "people": people,
            "predicted": sums["p"] / people,
            "happened": sums["y"] / people,
        }
    )


def expected_calibration_error(y: ArrayLike, p: ArrayLike, bins: int = 10) -> float:
    """Mean distance of what was predicted from what happened, over bins weighted by people.

    The bins are those of `calibration_table`: of equal width over [0, 1], which is not the same
    figure as over bins of equally many people.

    Parameters
    ----------
    y, p : array-like of shape (n,)
        0 or 1, and P(1).
    bins : int, default 10
        Their number.

    References
    ----------
    Naeini, Cooper, Hauskrecht: Obtaining well calibrated probabilities using Bayesian binning.
    AAAI 2015.

    Examples
    --------
    >>> expected_calibration_error([0, 1, 1, 1], [0.75, 0.75, 0.75, 0.75])
    0.0
    >>> expected_calibration_error([0, 0, 1, 1], [0.75, 0.75, 0.75, 0.75])
    0.25
    """
    table = calibration_table(y, p, bins)
    share = table["people"] / table["people"].sum()
    return float((share * (table["predicted"] - table["happened"]).abs()).sum())
