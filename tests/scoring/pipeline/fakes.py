"""A part that trains in an instant, so that tests of the pipeline are about the pipeline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from scoring.errors import NotEnoughDataError
from scoring.files import Metric, ModelCard, reliability
from scoring.metrics import auc
from scoring.pipeline.cards import card
from scoring.pipeline.ground import Ground
from scoring.pipeline.look import PROXY, PROXY_AUC, references
from scoring.pipeline.parts import Block, Columns


class Plain:
    """Churn by a straight line."""

    name = "churn"

    def train(self, ground: Ground) -> tuple[Pipeline, ModelCard]:
        rows = ground.training
        model = make_pipeline(
            SimpleImputer(keep_empty_features=True), StandardScaler(), LogisticRegression()
        )
        model.fit(rows.X, rows.churned)
        said = self.predict(model, rows.X)
        soon = ground.snapshot(ground.cutoffs[-1], PROXY)
        figures = {
            "AUC": auc(rows.churned, said),
            PROXY_AUC: auc(soon.churned, self.predict(model, soon.X)),
        }
        return model, card(
            ground,
            self.name,
            population="all",
            rows=len(rows),
            people=rows.X.index.nunique(),
            horizon=ground.horizon,
            cutoffs=tuple(map(str, ground.cutoffs)),
            features=tuple(rows.X.columns),
            metrics=tuple(Metric(name=name, value=value) for name, value in figures.items()),
            calibration=reliability(rows.churned, said),
            reference=references(ground.features, self.predict(model, ground.features), 0),
        )

    def scorer(self, model: Pipeline, ground: Ground) -> Callable[[Block], Columns]:
        return lambda block: {} if block.X is None else {"churn": self.predict(model, block.X)}

    def predict(self, model: Pipeline, X: pd.DataFrame, day: date | None = None) -> np.ndarray:
        return model.predict_proba(X)[:, 1]


class Unlearnt:
    """A part that never has enough."""

    name = "uplift"

    def train(self, ground: Ground) -> tuple[Any, ModelCard]:
        raise NotEnoughDataError("experiments", 0, 1)

    def scorer(self, model: Any, ground: Ground) -> Callable[[Block], Columns]:
        raise AssertionError("it was never trained")


PARTS = (Plain(), Unlearnt())
