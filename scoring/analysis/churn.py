"""Churn at one day that lies a horizon back: what the models said, and what came.

Responsible for one held-out cut-off, as a notebook shows it; the protocol over many is that of
`scoring.evaluation.evaluate_churn`, whose baselines and report are used. What drives the model
stands in `scoring.analysis.drivers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scoring.analysis.shares import with_share
from scoring.churn import ChurnModel, training_table
from scoring.errors import NotEnoughDataError
from scoring.evaluation.baselines import BASELINES, case_of
from scoring.evaluation.report import OURS, ChurnReport
from scoring.features.clock import day_number
from scoring.features.labels import label_rows
from scoring.metrics import calibration_table

BESIDE: Final = ("base rate", "RFM logistic", "BG/NBD")
"""Baselines that a shop may know."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class HeldOut:
    """Everybody of one cut-off.

    Attributes
    ----------
    report : ChurnReport
        What each model said, and what came: ``rows`` has a column a model.
    model : ChurnModel
        Ours, fitted on what was known on that day.
    X : pandas.DataFrame
        Features on that day, in the order of the report's rows.
    """

    report: ChurnReport
    model: ChurnModel
    X: pd.DataFrame

    @property
    def churned(self) -> NDArray[np.float64]:
        """1 who did not buy in the horizon, else 0."""
        return self.report.rows["churned"].to_numpy()

    @property
    def ours(self) -> NDArray[np.float64]:
        """What our model said."""
        return self.report.rows[OURS].to_numpy()


def hold_out(
    lake: Any,
    cutoff: date,
    *,
    store: str | None = None,
    horizon: int = 90,
    within: int = 365,
    times: int = 200,
) -> HeldOut:
    """Fit our model and its baselines on what was known on a day, and look at what came.

    Parameters
    ----------
    lake : Lake
    cutoff : date
        Its horizon must be over.
    store : str, optional
        Needed where the lake has several.
    horizon, within : int
        Days ahead, and days up to the cut-off in which who is told of bought.
    times : int, default 200
        Draws of the report's intervals.

    Raises
    ------
    NotEnoughDataError
        Too little was known on that day.
    """
    day = np.datetime64(cutoff, "D")
    training = training_table(lake, str(cutoff), horizon=horizon, store=store, within=within)
    case = case_of(training, day, horizon, within)
    if case is None:
        raise NotEnoughDataError("earlier cut-offs with known labels", 0, 1)
    model = ChurnModel(horizon, within=within).fit(training.X, training.y, training.cutoffs)
    told = {name: BASELINES[name](case) for name in BESIDE}
    told[OURS] = model.predict_proba(case.now)[:, 1]
    rows = pd.DataFrame(told, index=case.now.index).reset_index(names="person_id")
    bought = label_rows(lake, [day_number(cutoff)], horizon, store=store)["person_id"]
    rows = rows.assign(cutoff=day, churned=(~rows["person_id"].isin(bought)).astype(float))
    report = ChurnReport(rows=rows, horizon=horizon, within=within, times=times)
    return HeldOut(report=report, model=model, X=case.now)


def calibration(y: ArrayLike, p: ArrayLike, *, true: ArrayLike | None = None) -> pd.DataFrame:
    """Return what was predicted and what happened, by tenths of the scale.

    Parameters
    ----------
    y, p : array-like of shape (n,)
        0 or 1, and P(1).
    true : array-like of shape (n,), optional
        The true P(1).

    Returns
    -------
    pandas.DataFrame
        `scoring.metrics.calibration_table` with the 95 % interval of what happened, ``low`` to
        ``high``, and ``true`` (mean; NaN where it is unknown).
    """
    table = calibration_table(y, p).drop(columns="low")
    table["churned"] = table["happened"] * table["people"]
    table["true"] = np.nan if true is None else calibration_table(true, p)["happened"]
    return with_share(table, "churned", "people")
