"""What a shop's data say about hours, on the last fifth of its time, which the curves did not see.

Sends whose hour was drawn by chance decide where there are enough of them; else the hours of later
events do. The decision itself is that of `scoring.timing.gate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from scoring.features.source import Tables
from scoring.pipeline.ground import Ground
from scoring.timing.counts import LATER, activity, learn, matrix, send_log
from scoring.timing.gate import Verdict, decide_by_events, decide_by_log

LEAST_SENDS: Final = 1000
"""Drawn sends before the border and after it, from which on they are asked instead of events."""

HOURS: Final = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """The verdict, and what it was made on.

    Attributes
    ----------
    verdict : Verdict
    border : date
        The last day that the curves saw.
    rows : int
        Sends or events after it.
    what, unit : str
        Of rows, and of gains.
    """

    verdict: Verdict
    border: date
    rows: int
    what: str
    unit: str


def decide(ground: Ground) -> Evidence:
    """Decide between "now", one hour for all, and personal hours."""
    span = (ground.day - ground.first).days
    border = ground.day - timedelta(days=max(1, round(LATER * span)))
    log = send_log(ground.lake, ground.day, store=ground.store).to_pandas()
    since = log["day"] > (border - date(1970, 1, 1)).days
    if min(since.sum(), (~since).sum()) >= LEAST_SENDS:
        return _by_log(ground, border, log[~since], log[since])
    return _by_events(ground, border)


def _by_log(ground: Ground, border: date, before: pd.DataFrame, after: pd.DataFrame) -> Evidence:
    slots = np.unique(pd.concat([before["slot"], after["slot"]]))
    worth = before["answered"] / before["probability"]
    best = worth.groupby(before["slot"]).sum().idxmax()
    people, _, told = _curves(ground, ground.lake, border, after["person_id"])
    own = told[:, slots].argmax(axis=1)
    verdict = decide_by_log(
        after["answered"].to_numpy(),
        np.searchsorted(slots, after["slot"]),
        after["probability"].to_numpy(),
        after["person_id"].to_numpy(),
        one_hour=int(np.searchsorted(slots, best)),
        personal=own[people.get_indexer(after["person_id"])],
        slots=len(slots),
    )
    return Evidence(
        verdict=verdict, border=border, rows=len(after), what="sends", unit="answers a send"
    )


def _by_events(ground: Ground, border: date) -> Evidence:
    after = activity(ground.seen, ground.day, store=ground.store, after=border).to_pandas()
    after = after.loc[after.index.repeat(after["count"].round().astype(int))]
    people, shop, told = _curves(ground, ground.seen, border, after["person_id"])
    slot, person = after["slot"].to_numpy(), people.get_indexer(after["person_id"])
    verdict = decide_by_events(
        _given_day(shop)[0, slot], _given_day(told)[person, slot], HOURS, person
    )
    return Evidence(
        verdict=verdict, border=border, rows=len(after), what="events", unit="nats an event"
    )


def _curves(
    ground: Ground, theirs: Tables, border: date, persons: pd.Series
) -> tuple[pd.Index, np.ndarray, np.ndarray]:
    """Return the people of later rows, and the shop's curve and theirs, as known at the border.

    The shop's is learnt from those who are seen; what the others did stands in `theirs`.
    """
    model, half_life = learn(ground.seen, border, store=ground.store, random_state=ground.seed)
    done = activity(theirs, border, store=ground.store, half_life=half_life).to_pandas()
    people = pd.Index(persons.unique())
    return people, model.curve_[np.newaxis], model.transform(matrix(done, people))


def _given_day(told: np.ndarray) -> np.ndarray:
    """P(hour | day) from P(hour of the week)."""
    days = told.reshape(len(told), -1, HOURS)
    return (days / days.sum(axis=2, keepdims=True)).reshape(told.shape)
