"""Uplift in the evaluation: what each arm brought, and whether whom it moves is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from scoring.errors import NotEnoughDataError
from scoring.evaluation.arms import evaluate_arms
from scoring.evaluation.uplift import UpliftEvaluation, evaluate_uplift
from scoring.pipeline.ground import Ground
from scoring.pipeline.tables import records, shown
from scoring.pipeline.uplift import DAYS, experiments_of, inputs, known_by_arm, require_arms
from scoring.uplift import Experiment, UpliftModel

Rows = list[dict[str, Any]]

SPLITS: Final = 4
"""Halvings of the people of an experiment; each fits every member."""


def judge_uplift(ground: Ground) -> tuple[str, Rows]:
    """Judge each arm of the experiments, and whether it is known whom it moves more.

    Parameters
    ----------
    ground : Ground

    Returns
    -------
    text : str
        A table of all arms, and one of each; one sentence where there is no experiment.
    rows : list of dict
        The same for programs.
    """
    try:
        arms = experiments_of(ground)
    except NotEnoughDataError as error:
        return f"Uplift: no experiment tells what a message changes ({error})", []
    means = evaluate_arms(arms)
    title = f"Uplift: bought and spent in {DAYS} days after the draw, because of the message"
    texts = [f"{title}\n{shown(means)}"]
    rows = records(means, "arm")
    for arm in arms:
        text, more = _moved(ground, arms, arm)
        texts.append(text)
        rows += more
    return "\n\n".join(texts), rows


def _moved(ground: Ground, arms: Mapping[str, Experiment], arm: str) -> tuple[str, Rows]:
    """Judge the order of persons by the uplift of one arm."""
    title = f"Uplift of {arm}: Qini on halves of the people that a model had not seen"
    try:
        known = known_by_arm(ground, {arm: arms[arm]})[arm]
        found = _halves(ground, known)
    except NotEnoughDataError as error:
        return f"{title}\n{error}", []
    return f"{title}, {len(known):,} draws\n{found.table().to_string()}", [
        {"arm": arm, **row} for row in records(pd.DataFrame({"qini": found.means}))
    ]


def _halves(ground: Ground, known: pd.DataFrame) -> UpliftEvaluation:
    ours = UpliftModel(random_state=ground.seed)
    require_arms(known, 2 * ours.least_arm)
    return evaluate_uplift(
        known[list(ground.features)], **inputs(known), model=ours, splits=SPLITS, resamples=100
    )
