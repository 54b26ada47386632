"""Whom a message moves: the order of a model judged, and what moves people, on an experiment.

Responsible for tables; effects and curves are those of `scoring.uplift`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scoring.metrics.intervals import draws
from scoring.uplift import average_effect
from scoring.uplift.draw import Draw
from scoring.uplift.qini import Order

Floats = NDArray[np.float64]

GRID: Final = np.linspace(0, 1, 41)
"""Shares written to at which a curve is told."""
EDGES: Final = (0, 15, 30, 60, 90, 120, 180, 366)
"""Days since the last purchase where bins begin."""
LEAST_ARM: Final = 50
"""Draws that each arm of a bin must have."""


def qini(rows: pd.DataFrame, uplift: ArrayLike, *, resamples: int = 100) -> pd.DataFrame:
    """Return the Qini curve of an order with its band, beside that of a random order.

    Parameters
    ----------
    rows : pandas.DataFrame
        Draws: ``bought``, ``treated``, ``probability`` and ``person_id``.
    uplift : array-like of shape (n,)
        Predicted for persons that the model had not seen.
    resamples : int
        Of persons, for the band.

    Returns
    -------
    pandas.DataFrame
        ``share`` written to; ``gain`` (purchases caused, for each person there is), ``low`` and
        ``high`` (95 %, at each share alone), ``random``.
    """
    draw = Draw.of(
        rows["bought"].astype(float),
        rows["treated"],
        probability=rows["probability"],
        persons=rows["person_id"],
    )
    order = Order(draw, uplift)
    whole = _gain(order, np.ones(len(rows)))
    people = int(draw.person.max()) + 1
    times = (
        np.bincount(drawn, minlength=people)[draw.person]
        for drawn in draws(people, None, resamples, 0)
    )
    low, high = np.quantile([_gain(order, each) for each in times], [0.025, 0.975], axis=0)
    table = {"share": GRID, "gain": whole, "low": low, "high": high, "random": GRID * whole[-1]}
    return pd.DataFrame(table)


def _gain(order: Order, times: Floats) -> Floats:
    curve = order.curve(times)
    return np.interp(GRID, curve.share, curve.gain)


def by_days(rows: pd.DataFrame, uplift: ArrayLike) -> pd.DataFrame:
    """Return what a message changes by the days since the last purchase: predicted and seen.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for `qini`, with ``since`` (days).
    uplift : array-like of shape (n,)

    Returns
    -------
    pandas.DataFrame
        ``first`` and ``end`` of each bin in days, ``people``, ``predicted``; ``effect`` seen, with
        ``low`` and ``high``: NaN where an arm has fewer than `LEAST_ARM` draws.
    """
    bins = pd.cut(rows["since"], EDGES, right=False, labels=False)
    told = []
    for place, some in rows.assign(uplift=np.asarray(uplift)).groupby(bins):
        first = int(str(int(place)))
        told.append(
            {
                "first": EDGES[first],
                "end": EDGES[first + 1],
                "people": some["person_id"].nunique(),
                "predicted": some["uplift"].mean(),
                **_effect(some),
            }
        )
    return pd.DataFrame(told)


def _effect(rows: pd.DataFrame) -> dict[str, float]:
    treated = int(rows["treated"].sum())
    if min(treated, len(rows) - treated) < LEAST_ARM:
        return dict.fromkeys(("effect", "low", "high"), float("nan"))
    found = average_effect(
        rows["bought"].astype(float),
        rows["treated"],
        probability=rows["probability"],
        persons=rows["person_id"],
    )
    return {"effect": found.value, "low": found.low, "high": found.high}


def best_share(
    uplift: ArrayLike, movable: ArrayLike, *, share: float = 1 / 3
) -> tuple[float, float]:
    """Return the share of the truly movable among the first of an order, and among all.

    Examples
    --------
    >>> best_share([0.3, 0.2, 0.1, 0.0], [True, True, False, False], share=0.5)
    (1.0, 0.5)
    """
    can = np.asarray(movable, dtype=float)
    first = np.argsort(-np.asarray(uplift, dtype=float), kind="stable")[
        : max(1, round(share * len(can)))
    ]
    return float(can[first].mean()), float(can.mean())
