"""Churn at rolling cut-offs: what each model would have said, beside what came.

Responsible for the protocol: every model sees what was known at a cut-off, and the same people
are told of. Not responsible for the models, nor for how the table looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from scoring.churn import ChurnModel, Training, training_table
from scoring.errors import NotEnoughDataError
from scoring.evaluation.baselines import BASELINES, case_of
from scoring.evaluation.report import OURS, ChurnReport
from scoring.features.clock import day_number
from scoring.features.labels import label_rows, last_day

CUTOFFS, STEP = 8, 30
"""How many cut-offs are looked at where none are named, and the days between them."""


def evaluate_churn(
    lake: Any,
    *,
    store: str | None = None,
    horizon: int = 90,
    cutoffs: Iterable[Any] | None = None,
    within: int = 365,
    times: int = 200,
    tell: Callable[[str], object] | None = None,
) -> ChurnReport:
    """Hold our churn model against every baseline, on the same rows.

    Parameters
    ----------
    lake : Lake
        On any engine.
    store : str, optional
        Needed where the lake has several.
    horizon : int, default 90
        Days without a purchase that count as churn.
    cutoffs : iterable of date or str, optional
        By default the last eight, 30 days apart, whose horizon is over.
    within : int, default 365
        Who bought in so many days up to a cut-off is of its population.
    times : int, default 200
        Draws of the bootstrap over persons.
    tell : callable, optional
        Is told what is being done.

    Raises
    ------
    NotEnoughDataError
        At none of the cut-offs a label was known from which a baseline can learn.
    """
    last = last_day(lake, store)
    days = _default(last, horizon) if cutoffs is None else sorted(day_number(d) for d in cutoffs)
    parts = []
    for day in days:
        if tell is not None:
            tell(f"churn at {np.datetime64(day, 'D')}")
        rows = _rows(lake, day, horizon, store, within)
        if rows is not None:
            parts.append(rows)
    if not parts:
        there, enough = _span(lake, last, store), 2 * horizon + STEP
        if there < enough:
            raise NotEnoughDataError("days of orders", there, enough)
        what = "cut-offs before which some people came back and some did not"
        raise NotEnoughDataError(what, 0, 1)
    return ChurnReport(rows=pd.concat(parts), horizon=horizon, within=within, times=times)


def _default(last: int, horizon: int) -> list[int]:
    return [last - horizon - STEP * count for count in range(CUTOFFS)][::-1]


def _rows(lake: Any, day: int, horizon: int, store: str | None, within: int) -> pd.DataFrame | None:
    """What each model says at one cut-off, and what came; None where too little was known."""
    date = np.datetime64(day, "D")
    try:
        training = training_table(lake, str(date), horizon=horizon, store=store, within=within)
        told = _told(training, date, horizon, within)
    except NotEnoughDataError:
        return None
    if told is None:
        return None
    bought = label_rows(lake, [day], horizon, store=store)["person_id"]
    return told.assign(churned=(~told["person_id"].isin(bought)).astype(float))


def _told(training: Training, day: np.datetime64, horizon: int, within: int) -> pd.DataFrame | None:
    """A row a person: what each model says; None where no baseline can learn yet."""
    case = case_of(training, day, horizon, within)
    if case is None:
        return None
    model = ChurnModel(horizon, within=within).fit(training.X, training.y, training.cutoffs)
    told = {name: baseline(case) for name, baseline in BASELINES.items()}
    told[OURS] = model.predict_proba(case.now)[:, 1]
    frame = pd.DataFrame(told, index=case.now.index).reset_index(names="person_id")
    return frame.assign(cutoff=day)


def _span(lake: Any, last: int, store: str | None) -> int:
    """Days from the first order to the last."""
    date = str(np.datetime64(last, "D"))
    return int(training_table(lake, date, store=store, most=1).X["age"].max()) + 1
