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

from scoring.errors import NotEnoughDataError
from scoring.features.source import Tables
from scoring.pipeline.ground import Ground
from scoring.timing.counts import LATER, activity, learn, matrix, send_log
from scoring.timing.gate import Verdict, decide_by_events, decide_by_log
from scoring.timing.model import WEEK, SendTimeModel

LEAST_SENDS: Final = 1000
"""Drawn sends before the border and after it, from which on they are asked instead of events."""

HOURS: Final = 24


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Sends:
    """Sends after the border whose hour was drawn, and what each policy would have taken.

    Attributes
    ----------
    hours : ndarray of int of shape (slots,)
        The slots: hours of the day where each campaign drew within one day, else of the week.
    answered : ndarray of int of shape (n,)
        1 where she answered.
    slot : ndarray of int of shape (n,)
        What was drawn; a row of `hours`.
    probability : ndarray of float64 of shape (n,)
        How likely it was.
    candidates : ndarray of int of shape (n,)
        Among how many.
    person : ndarray of shape (n,)
        ``person_id``.
    one_hour : int
        The slot that was best for all before the border.
    personal : ndarray of int of shape (n,)
        Her own best slot, by what was known at the border.
    """

    hours: np.ndarray
    answered: np.ndarray
    slot: np.ndarray
    probability: np.ndarray
    candidates: np.ndarray
    person: np.ndarray
    one_hour: int
    personal: np.ndarray


@dataclass(frozen=True, kw_only=True, slots=True)
class Curves:
    """Curves as known at the border.

    Attributes
    ----------
    model : SendTimeModel
    half_life : float or None
        In days, with which `activity` is counted for it.
    """

    model: SendTimeModel
    half_life: float | None


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
    curves : Curves
        Those that were judged.
    sends : Sends or None
        None: too few were drawn, later events decided.
    """

    verdict: Verdict
    border: date
    rows: int
    what: str
    unit: str
    curves: Curves
    sends: Sends | None = None

    def drawn(self) -> Sends:
        """Return the sends whose hour was drawn.

        Raises
        ------
        NotEnoughDataError
            There are too few.
        """
        if self.sends is None:
            what = "sends whose hour was drawn, both in the last fifth of the time and before"
            raise NotEnoughDataError(what, 0, LEAST_SENDS)
        return self.sends


def decide(ground: Ground) -> Evidence:
    """Decide between "now", one hour for all, and personal hours."""
    span = (ground.day - ground.first).days
    border = ground.day - timedelta(days=max(1, round(LATER * span)))
    model, half_life = learn(ground.seen, border, store=ground.store, random_state=ground.seed)
    curves = Curves(model=model, half_life=half_life)
    log = send_log(ground.lake, ground.day, store=ground.store).to_pandas()
    since = log["day"] > (border - date(1970, 1, 1)).days
    if min(since.sum(), (~since).sum()) >= LEAST_SENDS:
        return _by_log(ground, border, curves, log, since)
    return _by_events(ground, border, curves)


def _by_log(
    ground: Ground, border: date, curves: Curves, log: pd.DataFrame, since: pd.Series
) -> Evidence:
    sends = _sends(ground, border, curves, log, since)
    verdict = decide_by_log(
        sends.answered,
        sends.slot,
        sends.probability,
        sends.person,
        one_hour=sends.one_hour,
        personal=sends.personal,
        slots=len(sends.hours),
    )
    return Evidence(
        verdict=verdict,
        border=border,
        rows=len(sends.slot),
        what="sends",
        unit="answers a send",
        curves=curves,
        sends=sends,
    )


def _sends(
    ground: Ground, border: date, curves: Curves, log: pd.DataFrame, since: pd.Series
) -> Sends:
    """Return the sends after the border; "best" is what was best before it."""
    width = HOURS if _within_days(log) else WEEK
    taken = log["slot"] % width
    hours = np.unique(taken)
    worth = (log["answered"] / log["probability"])[~since].groupby(taken[~since]).sum()
    after = log[since]
    people, told = _told(ground, ground.lake, border, curves, after["person_id"])
    days = told.reshape(len(told), -1, width)
    own = days[people.get_indexer(after["person_id"]), after["slot"] // width][:, hours]
    return Sends(
        hours=hours,
        answered=after["answered"].to_numpy(),
        slot=np.searchsorted(hours, taken[since]),
        probability=after["probability"].to_numpy(),
        candidates=after["candidates"].to_numpy(),
        person=after["person_id"].to_numpy(),
        one_hour=int(np.searchsorted(hours, worth.idxmax())),
        personal=own.argmax(axis=1),
    )


def _within_days(log: pd.DataFrame) -> bool:
    """Tell whether what was drawn on a day was always for one day, as a campaign's hours are.

    Then a policy has the hours of that day to choose among; those of other days were no candidates.
    """
    days = (log["slot"] // HOURS).groupby(log["day"]).nunique()
    return bool((days == 1).all())


def _by_events(ground: Ground, border: date, curves: Curves) -> Evidence:
    after = activity(ground.seen, ground.day, store=ground.store, after=border).to_pandas()
    after = after.loc[after.index.repeat(after["count"].round().astype(int))]
    people, told = _told(ground, ground.seen, border, curves, after["person_id"])
    shop = curves.model.curve_[np.newaxis]
    slot, person = after["slot"].to_numpy(), people.get_indexer(after["person_id"])
    verdict = decide_by_events(
        _given_day(shop)[0, slot], _given_day(told)[person, slot], HOURS, person
    )
    return Evidence(
        verdict=verdict,
        border=border,
        rows=len(after),
        what="events",
        unit="nats an event",
        curves=curves,
    )


def _told(
    ground: Ground, theirs: Tables, border: date, curves: Curves, persons: pd.Series
) -> tuple[pd.Index, np.ndarray]:
    """Return the people of later rows, and their curves, as known at the border.

    The shop's is learnt from those who are seen; what the others did stands in `theirs`.
    """
    half_life = curves.half_life
    done = activity(theirs, border, store=ground.store, half_life=half_life).to_pandas()
    people = pd.Index(persons.unique())
    return people, curves.model.transform(matrix(done, people))


def _given_day(told: np.ndarray) -> np.ndarray:
    """P(hour | day) from P(hour of the week)."""
    days = told.reshape(len(told), -1, HOURS)
    return (days / days.sum(axis=2, keepdims=True)).reshape(told.shape)
