"""Uplift as a part of the pipeline: what a message changes for a person, from experiments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from scoring.errors import NotEnoughDataError
from scoring.features import features
from scoring.files import Metric, ModelCard
from scoring.pipeline.cards import READ, card
from scoring.pipeline.ground import WITHIN, Ground
from scoring.pipeline.parts import Block, Columns
from scoring.uplift import Experiment, UpliftModel, read_experiment
from scoring.uplift.winback import why_not_uplift

WEEKS: Final = 26
"""Draws of so many weeks are learnt from; what a message changed before is another season's."""

DAYS: Final = 14
"""After a draw in which a purchase counts."""


class Uplift:
    """The uplift model as a part."""

    name = "uplift"

    def train(self, ground: Ground) -> tuple[UpliftModel, ModelCard]:
        """Fit it on the draws of the last weeks, with what was known before each."""
        experiment = read_experiment(ground.lake, store=ground.store, days=DAYS)
        rows = _known(ground, experiment)
        X = rows[list(ground.features)]
        model = UpliftModel(random_state=ground.seed).fit(
            X,
            rows["bought"].astype(float),
            treatment=rows["treated"],
            probability=rows["probability"],
            persons=rows["person_id"],
        )
        doubt = why_not_uplift(model)
        return model, card(
            ground,
            self.name,
            tables=("assignments", *READ),
            learnt=ground.lake,
            population="people drawn for an experiment who had bought in the year before it",
            horizon=None,
            rows=len(rows),
            people=rows["person_id"].nunique(),
            base_rate=float(rows["bought"].mean()),
            features=tuple(X.columns),
            members=(model.chosen_,),
            parameters=model.get_params(deep=False),
            metrics=_metrics(model, len(rows)),
            remarks=(model.why_,) if doubt is None else (f"no uplift is told: {doubt}",),
        )

    def scorer(self, model: UpliftModel, ground: Ground) -> Callable[[Block], Columns]:
        """Return what gives ``uplift``; null for all where the experiments do not tell it."""
        if why_not_uplift(model) is not None:
            return lambda _: {}
        return lambda block: {} if block.X is None else {"uplift": _uplift(model, block.X)}


def _uplift(model: UpliftModel, X: pd.DataFrame) -> np.ndarray:
    return np.clip(np.asarray(model.predict(X), dtype=float), -1, 1)


def _metrics(model: UpliftModel, rows: int) -> tuple[Metric, ...]:
    on = f"folds that it had not seen, {rows:,} draws"
    score = model.scores_[model.chosen_]
    return (Metric(name="Qini", value=score.estimate, low=score.low, high=score.high, on=on),)


def _known(ground: Ground, experiment: Experiment) -> pd.DataFrame:
    """Return the draws with the features of the last Sunday before each.

    Raises
    ------
    NotEnoughDataError
        Nobody who was drawn had bought in the year before.
    """
    draws = experiment.rows
    since = np.datetime64(ground.day - timedelta(weeks=WEEKS), "D")
    sunday = pd.to_datetime(draws["assigned_at"]).dt.tz_localize(None).dt.floor("D")
    sunday -= pd.to_timedelta(sunday.dt.dayofweek + 1, unit="D")
    draws = draws.assign(day=sunday.dt.date)[sunday.to_numpy() >= since]
    known = list(_weekly(ground, draws))
    if not known:
        raise NotEnoughDataError("people drawn who had bought in the year before", 0, 1)
    return pd.concat(known, ignore_index=True)


def _weekly(ground: Ground, draws: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for day, some in draws.groupby("day"):
        if not isinstance(day, date) or day < ground.first:
            continue
        X = features(ground.lake, day, store=ground.store, within=WITHIN)
        joined = some.merge(X, left_on="person_id", right_index=True)
        if len(joined):
            yield joined
