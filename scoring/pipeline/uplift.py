"""Uplift as a part of the pipeline: what a message changes for a person, from experiments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from scoring.errors import NotEnoughDataError
from scoring.features import features
from scoring.files import Metric, ModelCard
from scoring.pipeline.cards import READ, card
from scoring.pipeline.ground import WITHIN, Ground
from scoring.pipeline.parts import Block, Columns
from scoring.uplift import Experiment, UpliftModel, by_arm, read_experiment
from scoring.uplift.winback import why_not_uplift

WEEKS: Final = 26
"""Draws of so many weeks are learnt from; what a message changed before is another season's."""

DAYS: Final = 14
"""After a draw in which a purchase counts."""


class Uplift:
    """The uplift model as a part: of the arm that is known to bring most."""

    name = "uplift"

    def train(self, ground: Ground) -> tuple[UpliftModel, ModelCard]:
        """Fit it on the draws of the last weeks, with what was known before each."""
        fitted, short = _fitted(ground, known_by_arm(ground, experiments_of(ground)))
        arm = max(fitted, key=lambda name: fitted[name][0].effect_.low)
        model, rows = fitted[arm]
        doubt = why_not_uplift(model)
        return model, card(
            ground,
            self.name,
            tables=("assignments", *READ),
            learnt=ground.lake,
            population=f"people drawn for {arm} or its control who had bought in the year before",
            horizon=None,
            rows=len(rows),
            people=rows["person_id"].nunique(),
            base_rate=float(rows["bought"].mean()),
            features=tuple(ground.features),
            members=(f"{model.chosen_}, of {arm} against its control",),
            parameters=model.get_params(deep=False),
            metrics=(_qini(model, len(rows)), *_effects(fitted)),
            remarks=(
                f"of {arm} against its control",
                model.why_ if doubt is None else f"no uplift is told: {doubt}",
                *short,
            ),
        )

    def scorer(self, model: UpliftModel, ground: Ground) -> Callable[[Block], Columns]:
        """Return what gives ``uplift``; null for all where the experiments do not tell it."""
        if why_not_uplift(model) is not None:
            return lambda _: {}
        return lambda block: {} if block.X is None else {"uplift": _uplift(model, block.X)}


def experiments_of(ground: Ground) -> Mapping[str, Experiment]:
    """Return each arm against its control, of all draws whose days have passed.

    Raises
    ------
    NotEnoughDataError
        No experiment held anybody back.
    """
    arms = by_arm(read_experiment(ground.lake, store=ground.store, days=DAYS))
    if not arms:
        raise NotEnoughDataError("draws of a control beside those of a message", 0, 1)
    return arms


def known_by_arm(ground: Ground, arms: Mapping[str, Experiment]) -> dict[str, pd.DataFrame]:
    """Return the draws of the last weeks with the features of the last Sunday before each.

    Raises
    ------
    NotEnoughDataError
        Nobody who was drawn had bought in the year before.
    """
    weekly: dict[date, pd.DataFrame] = {}
    known = {arm: _known(ground, one, weekly) for arm, one in arms.items()}
    known = {arm: rows for arm, rows in known.items() if len(rows)}
    if not known:
        raise NotEnoughDataError("people drawn who had bought in the year before", 0, 1)
    return known


def fit_uplift(ground: Ground, rows: pd.DataFrame) -> UpliftModel:
    """Return a model of one arm's draws.

    Raises
    ------
    NotEnoughDataError
        An arm is too small, or too few of it bought.
    """
    model = UpliftModel(random_state=ground.seed)
    require_arms(rows, model.least_arm)
    return model.fit(rows[list(ground.features)], **inputs(rows))


def inputs(rows: pd.DataFrame) -> dict[str, Any]:
    """Return what `UpliftModel.fit` takes beside the features."""
    return {
        "y": rows["bought"].astype(float),
        "treatment": rows["treated"],
        "probability": rows["probability"],
        "persons": rows["person_id"],
    }


def require_arms(rows: pd.DataFrame, least: int) -> None:
    """Pass when so many persons are in both arms.

    Raises
    ------
    NotEnoughDataError
        One has fewer.
    """
    for name, arm in (("treated", rows["treated"]), ("control", ~rows["treated"])):
        there = rows.loc[arm, "person_id"].nunique()
        if there < least:
            raise NotEnoughDataError(f"persons in the {name} arm", there, least)


Fitted = dict[str, tuple[UpliftModel, pd.DataFrame]]


def _fitted(ground: Ground, known: Mapping[str, pd.DataFrame]) -> tuple[Fitted, list[str]]:
    """Return a model of each arm that has enough data, and a sentence on each other one."""
    fitted: Fitted = {}
    short: dict[str, NotEnoughDataError] = {}
    for arm, rows in known.items():
        try:
            fitted[arm] = fit_uplift(ground, rows), rows
        except NotEnoughDataError as error:
            short[arm] = error
    if not fitted:
        raise max(short.values(), key=lambda error: error.there / error.enough)
    return fitted, [f"{arm}: {error}" for arm, error in short.items()]


def _uplift(model: UpliftModel, X: pd.DataFrame) -> np.ndarray:
    return np.clip(np.asarray(model.predict(X), dtype=float), -1, 1)


def _qini(model: UpliftModel, rows: int) -> Metric:
    on = f"folds that it had not seen, {rows:,} draws"
    score = model.scores_[model.chosen_]
    return Metric(name="Qini", value=score.estimate, low=score.low, high=score.high, on=on)


def _effects(fitted: Fitted) -> Iterator[Metric]:
    """Yield what each arm brings on average, so that the choice of one can be seen."""
    for arm, (model, rows) in fitted.items():
        effect, on = model.effect_, f"{len(rows):,} draws, P(buys in {DAYS} days)"
        name = f"effect of {arm}"
        yield Metric(name=name, value=effect.value, low=effect.low, high=effect.high, on=on)


def _known(
    ground: Ground, experiment: Experiment, weekly: dict[date, pd.DataFrame]
) -> pd.DataFrame:
    """Return draws with what was known before each; ``weekly`` keeps the features of a day."""
    draws = experiment.rows
    since = np.datetime64(ground.day - timedelta(weeks=WEEKS), "D")
    sunday = pd.to_datetime(draws["assigned_at"]).dt.tz_localize(None).dt.floor("D")
    sunday -= pd.to_timedelta(sunday.dt.day_of_week + 1, unit="D")
    draws = draws.assign(day=sunday.dt.date)[(sunday >= since).to_numpy()]
    known = [draws.iloc[:0]]
    for day, some in draws.groupby("day"):
        if not isinstance(day, date) or day < ground.first:
            continue
        if day not in weekly:
            weekly[day] = features(ground.lake, day, store=ground.store, within=WITHIN)
        known.append(some.merge(weekly[day], left_on="person_id", right_index=True))
    return pd.concat([one for one in known if len(one)] or known, ignore_index=True)
