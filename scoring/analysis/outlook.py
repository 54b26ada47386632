"""What is to come: what people are expected to spend and to buy, by segment.

Responsible for choosing what the model of value (`scoring.value`) learns from, quickly enough for
a notebook; `shopbell score train` lets it learn from more.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from scoring.errors import NotEnoughDataError
from scoring.features import features
from scoring.features.source import Tables
from scoring.snapshots import snapshots
from scoring.value import ValueModel

AGES: Final = (0, 30, 60, 90)
"""Days by which cut-offs to learn from are older than the youngest with a known label."""
YEAR: Final = 365


def expected(
    lake: Tables, day: date, *, first: date, store: str | None = None, horizon: int = 90
) -> pd.DataFrame:
    """Return what each person is expected to spend and to buy after a day.

    Parameters
    ----------
    lake : Lake
    day : date
        The last one that is known.
    first : date
        The first one.
    store : str, optional
        Needed where the lake has several.
    horizon : int, default 90
        Days ahead.

    Returns
    -------
    pandas.DataFrame
        Index ``person_id``, of who bought within a year; ``spend`` (currency), with ``low`` and
        ``high`` (80 % of people), and ``purchases`` (days).

    Raises
    ------
    NotEnoughDataError
        The lake is too short, or has too few people.
    """
    rows = snapshots(lake, _cutoffs(day, first, horizon), horizon=horizon, store=store)
    model = ValueModel(horizon=horizon, random_state=0)
    model.fit(rows.X, rows.spend, rows.purchases, rows.cutoff, at=day)
    X = features(lake, day, store=store)
    low, high = model.predict_interval(X).T
    told = {"spend": model.predict(X), "low": low, "high": high}
    return pd.DataFrame(told | {"purchases": model.predict_purchases(X)}, index=X.index)


def to_come(told: pd.DataFrame, segment: pd.Series, true: pd.Series | None = None) -> pd.DataFrame:
    """Return what each segment is expected to spend and buy.

    Parameters
    ----------
    told : pandas.DataFrame
        Of `expected`.
    segment : pandas.Series
        Of `scoring.analysis.customers.segments`.
    true : pandas.Series, optional
        Purchases that are truly to be expected, by person.

    Returns
    -------
    pandas.DataFrame
        One row a ``segment`` that has anybody: ``people``, ``spend`` (sum), ``spend_mean``,
        ``purchases`` and ``true`` (means; the last NaN where it is unknown).
    """
    rows = told.assign(segment=segment.reindex(told.index), true=np.nan)
    if true is not None:
        rows["true"] = true.reindex(told.index)
    found = rows.groupby("segment", observed=True).agg(
        people=("spend", "size"),
        spend=("spend", "sum"),
        spend_mean=("spend", "mean"),
        purchases=("purchases", "mean"),
        true=("true", "mean"),
    )
    return found.reset_index().astype({"segment": "str"})


def _cutoffs(day: date, first: date, horizon: int) -> list[date]:
    """The youngest with known labels, a few before, and last year's same day for the season."""
    ages = {horizon + age for age in AGES} | {YEAR}
    days = [day - timedelta(days=age) for age in sorted(ages) if age >= horizon]
    days = [one for one in days if one >= first + timedelta(days=horizon)]
    if not days:
        raise NotEnoughDataError("days of orders", (day - first).days + 1, 2 * horizon + 1)
    return days
