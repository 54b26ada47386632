"""Value as a part of the pipeline: expected spend, its interval, and the next order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from scoring.drift import shift_of_level
from scoring.errors import NotEnoughDataError
from scoring.files import Metric, ModelCard, reliability
from scoring.metrics import normalised_gini, spearman
from scoring.pipeline.cards import POPULATION, card
from scoring.pipeline.ground import Ground
from scoring.pipeline.look import TOO_SHORT, figure, held_back, references
from scoring.pipeline.parts import Block, Columns
from scoring.snapshots import Snapshots
from scoring.value import ValueModel

COVERAGE: Final = 0.8
"""Of the interval, as `scoring.schema` says."""

LEAST_PEOPLE: Final = 10
"""The same few at many cut-offs are no more than they are."""

FARTHEST: Final = 365
"""Days: a next order beyond them is not told."""


class Value:
    """The value model as a part."""

    name = "value"

    def train(self, ground: Ground) -> tuple[ValueModel, ModelCard]:
        """Fit it on all training cut-offs, and look at it on the newest."""
        rows = ground.training
        people = rows.X.index.nunique()
        if people < LEAST_PEOPLE:
            raise NotEnoughDataError("people who bought", people, LEAST_PEOPLE)
        model = self._fit(ground, rows, ground.day)
        metrics, bins = self._look(ground, rows)
        return model, card(
            ground,
            self.name,
            population=POPULATION,
            horizon=ground.horizon,
            rows=len(rows),
            people=people,
            base_rate=float(np.mean(rows.spend)),
            cutoffs=tuple(map(str, ground.cutoffs)),
            features=tuple(rows.X.columns),
            members=tuple(model.members_),
            parameters=model.get_params(deep=False),
            metrics=metrics,
            calibration=bins,
            reference=references(ground.features, model.predict(ground.features), ground.seed),
            remarks=() if metrics else (TOO_SHORT,),
        )

    def scorer(self, model: ValueModel, ground: Ground) -> Callable[[Block], Columns]:
        """Return what gives value, interval and next order for those who bought within the year."""
        after = pd.Timestamp(ground.day + timedelta(days=1), tz="UTC")
        return lambda block: {} if block.X is None else _columns(model, block.X, after)

    def _fit(self, ground: Ground, rows: Snapshots, day: date) -> ValueModel:
        model = ValueModel(horizon=ground.horizon, random_state=ground.seed)
        return model.fit(rows.X, rows.spend, purchases=rows.purchases, cutoffs=rows.cutoff, at=day)

    def _look(self, ground: Ground, rows: Snapshots) -> tuple[tuple[Metric, ...], tuple[Any, ...]]:
        split = held_back(ground, rows)
        if split is None:
            return (), ()
        past, unseen = split
        if not unseen.spend.any():
            return (), ()
        said = self._fit(ground, past, ground.cutoffs[-1]).predict(unseen.X)
        on = f"cut-off {ground.cutoffs[-1]}, {len(said):,} people"
        figures = {"Gini": normalised_gini, "Spearman": spearman, "sum over actual": shift_of_level}
        metrics = [figure(name, of, unseen.spend, said, on) for name, of in figures.items()]
        return tuple(metrics), reliability(unseen.spend, said)


def _columns(model: ValueModel, X: pd.DataFrame, after: pd.Timestamp) -> Columns:
    low, high = np.asarray(model.predict_interval(X, coverage=COVERAGE), dtype=float).T
    return {
        "value": np.asarray(model.predict(X), dtype=float),
        "value_low": low,
        "value_high": high,
        "next_order_at": _instants(np.asarray(model.next_order(X), dtype=float), after),
    }


def _instants(days: np.ndarray, after: pd.Timestamp) -> pd.DatetimeIndex:
    """Return instants so many days after one; NaT where it is unknown or beyond a year."""
    kept = np.where(days <= FARTHEST, days, np.nan)
    return (after + pd.to_timedelta(kept, unit="D")).as_unit("us")
