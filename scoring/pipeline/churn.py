"""Churn as a part of the pipeline: P(no purchase in the next H days)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from scoring.churn import ChurnModel, Training, training_table
from scoring.errors import NotEnoughDataError
from scoring.files import Bin, Metric, ModelCard, reliability
from scoring.metrics import auc, brier, expected_calibration_error
from scoring.pipeline.cards import POPULATION, card
from scoring.pipeline.ground import WITHIN, Ground
from scoring.pipeline.look import (
    PROXY,
    PROXY_AUC,
    TOO_SHORT,
    figure,
    references,
    some,
)
from scoring.pipeline.parts import Block, Columns


class Churn:
    """The churn model as a part."""

    name = "churn"

    def train(self, ground: Ground) -> tuple[ChurnModel, ModelCard]:
        """Fit it on all that is known today, and look at it on the newest cut-off with labels."""
        model, known = _fitted(ground, ground.day)
        metrics, bins = _look(ground)
        labelled = np.isfinite(known.y)
        now = self.predict(model, ground.features, ground.day)
        return model, card(
            ground,
            self.name,
            population=POPULATION,
            horizon=ground.horizon,
            rows=int(labelled.sum()),
            people=known.X.index.nunique(),
            base_rate=float(known.y[labelled].mean()) if labelled.any() else None,
            cutoffs=tuple(map(str, np.unique(known.cutoffs[labelled]))),
            features=tuple(known.X.columns),
            members=tuple(f"{name}, weight {one:.2f}" for name, one in model.weights_.items()),
            parameters=model.get_params(deep=False),
            metrics=metrics,
            calibration=bins,
            reference=references(ground.features, now, ground.seed),
            remarks=(model.why_,) if metrics else (model.why_, TOO_SHORT),
        )

    def scorer(self, model: ChurnModel, ground: Ground) -> Callable[[Block], Columns]:
        """Return what gives ``churn`` for those who bought within the year."""

        def score(block: Block) -> Columns:
            return {} if block.X is None else {"churn": self.predict(model, block.X, ground.day)}

        return score

    def predict(self, model: ChurnModel, X: pd.DataFrame, day: date) -> np.ndarray:
        """P(no purchase within the horizon after a day), a row a person."""
        return np.asarray(model.predict_proba(X, cutoff=day))[:, 1]


def _fitted(ground: Ground, day: date) -> tuple[ChurnModel, Training]:
    """Return a model of what was known on a day: labels, and people without labels yet."""
    known = training_table(
        ground.seen, str(day), horizon=ground.horizon, store=ground.store, within=WITHIN
    )
    model = ChurnModel(horizon=ground.horizon, within=WITHIN, random_state=ground.seed)
    return model.fit(known.X, known.y, cutoffs=known.cutoffs), known


def _look(ground: Ground) -> tuple[tuple[Metric, ...], tuple[Bin, ...]]:
    """Fit on what was known at the newest cut-off with labels, and look at what came."""
    try:
        newest = ground.cutoffs[-1]
        model, _ = _fitted(ground, newest)
    except NotEnoughDataError:
        return (), ()
    unseen = some(ground.snapshot(newest, ground.horizon), ground.seed)
    if not 0 < unseen.churned.sum() < len(unseen):
        return (), ()
    said = Churn().predict(model, unseen.X, newest)
    on = f"cut-off {newest}, {len(unseen):,} people"
    figures = {"AUC": auc, "Brier": brier, "ECE": expected_calibration_error}
    metrics = [figure(name, of, unseen.churned, said, on) for name, of in figures.items()]
    return (*metrics, *_soon(ground, model, newest)), reliability(unseen.churned, said)


def _soon(ground: Ground, model: ChurnModel, newest: date) -> list[Metric]:
    """Return how well the order holds for the label that comes of age sooner."""
    rows = some(ground.snapshot(newest, PROXY), ground.seed)
    if not 0 < rows.churned.sum() < len(rows):
        return []
    on = f"cut-off {newest}, {len(rows):,} people, no purchase in {PROXY} days"
    said = Churn().predict(model, rows.X, newest)
    return [figure(PROXY_AUC, auc, rows.churned, said, on)]
