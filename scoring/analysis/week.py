"""The shop's week: when people buy, and when they answer.

Responsible for counts by hour of the week; whose hours differ from it tells
`scoring.analysis.habits`.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from scoring.analysis.shares import with_share
from scoring.engine import fetch
from scoring.features.source import Tables
from scoring.timing.counts import activity, send_hours


def purchases(
    lake: Tables, until: date, *, store: str | None = None, since: date | None = None
) -> pd.DataFrame:
    """Count the shop's purchases in each hour of the week.

    Returns
    -------
    pandas.DataFrame
        ``slot`` (0 is Monday 00), ``count`` and ``people``.
    """
    after = None if since is None else since - timedelta(days=1)
    rows = activity(lake, until, store=store, after=after, weights={"order": 1.0})
    return _by_slot(lake, rows, count=rows["count"].sum())


def answers(lake: Tables, until: date, *, store: str | None = None) -> pd.DataFrame:
    """Count marketing messages and answers in each hour of the week at which they were sent.

    Returns
    -------
    pandas.DataFrame
        ``slot``, ``sends``, ``answers``, ``people``; ``share`` answered, with ``low`` and ``high``.
    """
    rows = send_hours(lake, until, store=store)
    rows = rows.filter(rows.sends > 0)
    found = _by_slot(lake, rows, sends=rows.sends.sum(), answers=rows.answers.sum())
    return with_share(found, "answers", "sends")


def _by_slot(lake: Tables, rows: Any, **sums: Any) -> pd.DataFrame:
    counted = rows.group_by("slot").agg(people=rows.person_id.nunique(), **sums)
    return fetch(lake.connection, counted).to_pandas().sort_values("slot", ignore_index=True)
