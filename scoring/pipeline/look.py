"""The look at how good a model is, on rows that it had not seen, for its card.

The newest cut-off with labels is held back; a model of the same kind is fitted on the cut-offs
whose labels had ended by then. The model that is kept is fitted on all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from scoring.drift import reference
from scoring.files import Metric
from scoring.metrics import interval
from scoring.pipeline.ground import Ground
from scoring.snapshots import Snapshots

MOST_PEOPLE: Final = 50_000
"""On whom figures and references are computed: their intervals are then narrower than a season."""

PROXY: Final = 30
"""Days of the label that comes of age sooner than the horizon does."""

PROXY_AUC: Final = f"AUC, {PROXY} days"
"""Its name on the card."""

TOO_SHORT: Final = "the history is too short to look at it on rows that it had not seen"


def held_back(ground: Ground, rows: Snapshots) -> tuple[Snapshots, Snapshots] | None:
    """Return rows to fit on and rows to look at; None: the history is too short for both."""
    newest = np.datetime64(ground.cutoffs[-1], "D")
    past = rows.cutoff + np.timedelta64(ground.horizon, "D") <= newest
    if not past.any():
        return None
    return rows.take(past), some(rows.take(rows.cutoff == newest), ground.seed)


def some(rows: Snapshots, seed: int) -> Snapshots:
    """Return at most `MOST_PEOPLE` rows, drawn."""
    if len(rows) <= MOST_PEOPLE:
        return rows
    return rows.take(np.sort(np.random.default_rng(seed).permutation(len(rows))[:MOST_PEOPLE]))


def figure(
    name: str, statistic: Callable[..., float], actual: Any, predicted: Any, on: str
) -> Metric:
    """Return a figure with its interval over people; each row is another person's."""
    found = interval(statistic, actual, predicted, random_state=0)
    return Metric(name=name, value=found.estimate, low=found.low, high=found.high, on=on)


def references(X: pd.DataFrame, predicted: np.ndarray, seed: int) -> dict[str, Any]:
    """Return how features and predictions are spread, for `shopbell score check`."""
    drawn = np.random.default_rng(seed).permutation(len(X))[:MOST_PEOPLE]
    few = X.iloc[drawn]
    return {
        "features": {name: reference(few[name].to_numpy()) for name in few},
        "predictions": reference(predicted[drawn]),
    }
