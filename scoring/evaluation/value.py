"""How well spend is told: our model beside its baselines, on the same people, with intervals.

One cut-off is tested at a time, so that each person stands in one row. Where snapshots come from,
and what is drawn of them, is not its concern.

Mean absolute error is left out on purpose: where half of the people spend nothing, it is best for
who predicts next to nothing for everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor

from scoring.metrics import Interval, interval, normalised_gini, spearman
from scoring.snapshots import Snapshots
from scoring.value import BGNBDValue, ValueModel

OURS: Final = "ours"

Floats = NDArray[np.float64]


def ratio(actual: Floats, predicted: Floats) -> float:
    """Sum of predictions over what was spent.

    Examples
    --------
    >>> ratio(np.array([0.0, 10.0]), np.array([4.0, 4.0]))
    0.8
    """
    return float(predicted.sum() / actual.sum()) if actual.sum() > 0 else float("nan")


def top_share(actual: Floats, predicted: Floats) -> float:
    """Share of all spend that the tenth with the highest predictions brought.

    Examples
    --------
    >>> top_share(np.array([6.0, 1, 1, 1, 1, 0, 0, 0, 0, 0]), np.arange(10.0)[::-1])
    0.6
    """
    best = np.argsort(-predicted, kind="stable")[: max(len(actual) // 10, 1)]
    return float(actual[best].sum() / actual.sum()) if actual.sum() > 0 else float("nan")


def gini_but_one(actual: Floats, predicted: Floats) -> float:
    """Normalised Gini without the one who spent most: what it is of all the others.

    Examples
    --------
    >>> gini_but_one(np.array([900.0, 1, 2, 3]), np.array([0.0, 1, 2, 3]))
    1.0
    """
    others = np.arange(len(actual)) != np.argmax(actual)
    return float(normalised_gini(actual[others], predicted[others]))


STATISTICS: Final[dict[str, Callable[[Floats, Floats], float]]] = {
    "gini": normalised_gini,
    "gini but one": gini_but_one,
    "spearman": spearman,
    "sum/actual": ratio,
    "top 10 %": top_share,
}
"""What is judged."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueEvaluation:
    """What came out.

    Attributes
    ----------
    table : DataFrame
        One row a model, one column of `STATISTICS`; each cell an `Interval` over people.
    coverage : Interval
        Share of people whose spend lay in our 80 % interval.
    purchases : Interval
        Sum of our purchases over those made.
    predictions : dict of str to ndarray
        Of each model, a row a person.
    model : ValueModel
        Ours, fitted.
    """

    table: pd.DataFrame
    coverage: Interval
    purchases: Interval
    predictions: dict[str, Floats]
    model: ValueModel


def evaluate_value(
    train: Snapshots,
    test: Snapshots,
    *,
    everybody: pd.DataFrame | None = None,
    times: int = 200,
    random_state: int = 0,
) -> ValueEvaluation:
    """Fit all models on `train`, and judge them on `test`.

    Parameters
    ----------
    train : Snapshots
        Cut-offs whose labels were known at the test's. One of the same day a year before serves
        our model for the season, and the others not at all.
    test : Snapshots
        Of one cut-off.
    everybody : DataFrame, optional
        Features at the test's cut-off, also of who did not buy for long: what BG/NBD alone learns
        from; `test.X` where left out.
    times : int, default 200
        Draws of the bootstrap.
    random_state : int, default 0
        Of the trees and the draws.

    Raises
    ------
    ValueError
        The test has several cut-offs, or labels of `train` reach beyond it.
    """
    at = _only(test.cutoff)
    if (train.cutoff + np.timedelta64(train.horizon, "D") > at).any():
        raise ValueError(f"labels reach beyond {at}: train on cut-offs a horizon before it")
    model = ValueModel(horizon=test.horizon, random_state=random_state)
    model.fit(train.X, train.spend, train.purchases, train.cutoff, at=at)
    told = _baselines(train, test, test.X if everybody is None else everybody, random_state)
    told[OURS] = model.predict(test.X)
    low, high = model.predict_interval(test.X).T
    inside = (low <= test.spend) & (test.spend <= high)
    options = {"times": times, "random_state": random_state}
    return ValueEvaluation(
        table=_table(told, test.spend, options),
        coverage=interval(np.mean, inside, **options),
        purchases=interval(ratio, test.purchases, model.predict_purchases(test.X), **options),
        predictions=told,
        model=model,
    )


def tenths(actual: Floats, predicted: Floats) -> pd.DataFrame:
    """What was predicted and spent on average, by tenths of what was predicted.

    Examples
    --------
    >>> tenths(np.arange(20.0), np.arange(20.0)).iloc[-1].to_dict()
    {'people': 2.0, 'predicted': 18.5, 'spent': 18.5}
    """
    parts = np.array_split(np.argsort(predicted, kind="stable"), 10)
    rows = [
        {"people": len(part), "predicted": predicted[part].mean(), "spent": actual[part].mean()}
        for part in parts
        if len(part)
    ]
    return pd.DataFrame(rows)


def _only(cutoffs: NDArray[np.datetime64]) -> np.datetime64:
    days = np.unique(cutoffs)
    if len(days) != 1:
        raise ValueError(f"the test has {len(days)} cut-offs; one is right")
    return np.datetime64(days[0], "D")


def _baselines(
    train: Snapshots, test: Snapshots, everybody: pd.DataFrame, seed: int
) -> dict[str, Floats]:
    """What SCORING.md 4 measured: BG/NBD without labels, and boosting of usual size."""
    recent = train.take(train.cutoff >= train.cutoff.max() - np.timedelta64(180, "D"))
    told = {
        "BG/NBD x own mean": BGNBDValue(test.horizon).fit(everybody).predict(test.X),
        "BG/NBD x Gamma-Gamma": BGNBDValue(test.horizon, mean="gamma_gamma")
        .fit(everybody)
        .predict(test.X),
    }
    known = recent.X.columns[recent.X.notna().any()]
    for name, loss in (("boosting, squared", "squared_error"), ("boosting, Poisson", "poisson")):
        trees = HistGradientBoostingRegressor(
            loss=loss, max_leaf_nodes=15, max_iter=200, learning_rate=0.05, random_state=seed
        )
        told[name] = trees.fit(recent.X[known], recent.spend).predict(test.X[known])
    return told


def _table(told: dict[str, Floats], spend: Floats, options: dict[str, int]) -> pd.DataFrame:
    rows = {
        name: {
            word: interval(statistic, spend, predicted, **options)
            for word, statistic in STATISTICS.items()
        }
        for name, predicted in told.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")
