"""The plan of the next campaign against the lines' capacity.

Responsible for what is planned and what the plan is held against; `scoring.planner` plans.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scoring.engine import fetch
from scoring.features.source import Tables, of_store, the_store
from scoring.planner import Plan
from scoring.timing.counts import send_hours
from scoring.timing.rates import answer_rates, answers_by_slot

Floats = NDArray[np.floating]

DAY: Final = 24


def subscribed(
    lake: Tables, *, store: str | None = None, purpose: str = "marketing.offers"
) -> list[str]:
    """Return who may be sent a kind of marketing, as the last change of consent says."""
    rows = of_store(lake, "consents", the_store(lake, store))
    rows = rows.filter(rows.purpose.isin(["marketing", purpose]))
    last = rows.group_by("person_id").agg(state=rows.state.argmax(rows.changed_at))
    kept = last.filter(last.state == "subscribed").select("person_id").order_by("person_id")
    return fetch(lake.connection, kept)["person_id"].to_pylist()


def chances(
    lake: Tables,
    people: Sequence[str],
    told: Floats,
    until: date,
    *,
    weekday: int,
    hours: Sequence[int],
    store: str | None = None,
) -> Floats:
    """Return P(answer) of people at some hours of a day: how often they answer, by their curves.

    Parameters
    ----------
    lake : Lake
    people : sequence of str
    told : ndarray of shape (people, 168)
        From `curves`.
    until : date
        Last day whose answers count.
    weekday : int
        Monday is 0.
    hours : sequence of int
    store : str, optional

    Returns
    -------
    ndarray of shape (people, hours)
    """
    rows = send_hours(lake, until, store=store)
    totals = rows.group_by("person_id").agg(sends=rows.sends.sum(), answers=rows.answers.sum())
    sent = fetch(lake.connection, totals).to_pandas().set_index("person_id").reindex(people)
    sent = sent.fillna(0)
    day = told[:, [weekday * DAY + hour for hour in hours]]
    return answers_by_slot(day, answer_rates(sent["answers"], sent["sends"]))


def ways(values: Floats, capacity: ArrayLike, made: Plan, best: int) -> pd.DataFrame:
    """Hold a plan against everybody at the best hour, and against queues.

    Parameters
    ----------
    values : ndarray of shape (people, slots)
        P(answer).
    capacity : array-like of shape (slots,)
    made : Plan
    best : int
        Slot that is best for all.

    Returns
    -------
    pandas.DataFrame
        Index: the way; ``answers`` expected, ``people`` written to, ``share`` of the first row,
        which no line can send: everybody at her own best hour.
    """
    n, slots = values.shape
    room = np.asarray(capacity, dtype=np.int64)
    rows = {"everybody at her best hour": (float(values.max(axis=1).sum()), n)}
    rows["the plan"] = made.value, int((made.slot >= 0).sum())
    for name, first in (
        ("a queue from the one best hour on", best),
        ("a queue from the morning", 0),
    ):
        order = [*range(first, slots), *range(first)]
        slot = np.repeat(order, room[order])[:n]
        rows[name] = float(values[np.arange(len(slot)), slot].sum()), len(slot)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["answers", "people"])
    return table.assign(share=table["answers"] / table["answers"].iloc[0])


def slots_used(
    values: Floats, capacity: ArrayLike, made: Plan, hours: Sequence[int]
) -> pd.DataFrame:
    """Return parts in each ``hour``: ``planned``, ``wished`` (at one's best), and ``capacity``."""
    wished = np.bincount(values.argmax(axis=1), minlength=len(hours))
    return pd.DataFrame(
        {"hour": list(hours), "planned": made.load, "wished": wished, "capacity": capacity}
    )
