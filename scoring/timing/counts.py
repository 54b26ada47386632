"""What people did in each hour of the week, from the tables of the lake.

Responsible for which event counts where: an order and a reply at its own hour, a click at the hour
at which its message was sent, since the message chose the moment. Whoever does three things within
one hour was there once. Expressions run on any engine; what is summed fits in memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import ibis
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from scoring.features.clock import day_number, day_of
from scoring.features.scanners import human_clicks
from scoring.features.source import Tables, of_store, the_store
from scoring.timing.model import WEEK, SendTimeModel
from scoring.timing.rates import PROMPT

WEIGHTS: Final[Mapping[str, float]] = {"order": 1.0, "reply": 1.0, "click": 1.0}
"""What an event of each kind counts."""
HALF_LIVES: Final = (30.0, 60.0, 120.0, None)
"""Days after which an event counts half, among which is chosen; None: it never counts less."""
LATER: Final = 0.2
"""Share of the time on which it is chosen."""


def hour_of_week(local: Any) -> Any:
    """Slot of a wall clock time: 0 is Monday 00, 167 is Sunday 23."""
    return (local.day_of_week.index() * 24 + local.hour()).cast("int32")


def activity(
    lake: Tables,
    cutoff: Any,
    *,
    store: str | None = None,
    after: Any = None,
    half_life: float | None = None,
    weights: Mapping[str, float] = WEIGHTS,
) -> Any:
    """Weighted events by person and hour of the week.

    Parameters
    ----------
    lake : Lake
        On any engine.
    cutoff : datetime.date or str
        Last day whose events are seen.
    store : str, optional
        May be left out where there is one.
    after : datetime.date or str, optional
        Last day whose events are not seen any more; None: all are.
    half_life : float, optional
        In days, counted from the cut-off.
    weights : mapping of str to float
        Of ``order``, ``reply`` and ``click``; what is not named is left out.

    Returns
    -------
    ibis.expr.types.Table
        ``person_id``, ``slot`` (0 to 167) and ``count``. Orders of a store whose dates have no
        clock, and events without a wall clock, are left out.
    """
    name, end = the_store(lake, store), day_number(cutoff)
    kinds = {"order": _orders, "reply": _replies, "click": _clicks}
    events = ibis.union(
        *[kinds[kind](lake, name).mutate(weight=float(w)) for kind, w in weights.items()]
    )
    events = events.filter(events.day <= end).distinct()
    if after is not None:
        events = events.filter(events.day > day_number(after))
    if half_life is not None:
        faded = ibis.literal(0.5) ** ((end - events.day) / half_life)
        events = events.mutate(weight=events.weight * faded)
    return events.group_by("person_id", "slot").agg(count=events.weight.sum())


def send_hours(lake: Tables, cutoff: Any, *, store: str | None = None) -> Any:
    """What was sent to whom in each hour of the week, and what came back.

    Parameters
    ----------
    lake, cutoff, store
        As for `activity`.

    Returns
    -------
    ibis.expr.types.Table
        ``person_id``, ``slot``, ``sends`` (messages of marketing), ``answers`` (of them clicked or
        replied to, each once), ``reports`` (delivered, of any purpose) and ``prompt`` (of them
        reported within `scoring.timing.rates.PROMPT` seconds).
    """
    name, end = the_store(lake, store), day_number(cutoff)
    sent = of_store(lake, "messages", name)
    sent = sent.filter(sent.local_at.notnull())
    sent = sent.mutate(day=day_of(sent.local_at), slot=hour_of_week(sent.local_at))
    sent = sent.filter(sent.day <= end)
    sent = sent.left_join(_answered(lake, name, end), "message_id")
    marketing, reported = sent.purpose == "marketing", sent.report_delay.notnull()
    return sent.group_by("person_id", "slot").agg(
        sends=marketing.cast("int32").sum(),
        answers=(marketing & sent.answer.notnull()).cast("int32").sum(),
        reports=reported.cast("int32").sum(),
        prompt=(reported & (sent.report_delay <= PROMPT)).cast("int32").sum(),
    )


def send_log(lake: Tables, cutoff: Any, *, store: str | None = None) -> Any:
    """Sends whose hour was drawn with a logged probability, for `scoring.timing.gate`.

    Parameters
    ----------
    lake, cutoff, store
        As for `activity`.

    Returns
    -------
    ibis.expr.types.Table
        ``person_id``, ``slot``, ``probability``, ``candidates``, ``answered`` (0 or 1) and ``day``.
    """
    name, end = the_store(lake, store), day_number(cutoff)
    drawn = of_store(lake, "assignments", name)
    drawn = drawn.filter((drawn.kind == "send_time") & drawn.message_id.notnull())
    drawn = drawn.mutate(
        slot=drawn.arm.cast("int32"), day=day_of(drawn.assigned_at.cast("timestamp(6)"))
    )
    drawn = drawn.filter(drawn.day <= end).left_join(_answered(lake, name, end), "message_id")
    answered = drawn.answer.notnull().cast("int32")
    return drawn.select("person_id", "slot", "probability", "candidates", "day", answered=answered)


def matrix(rows: pd.DataFrame, persons: Sequence[Any], column: str = "count") -> csr_array:
    """Rows of an expression above as a matrix.

    Parameters
    ----------
    rows : pandas.DataFrame
        With ``person_id``, ``slot`` and the column.
    persons : sequence of person_id
        Who stands in which row; others are left out.
    column : str, default="count"
        What is put in.

    Returns
    -------
    scipy.sparse.csr_array of shape (persons, 168), float64

    Examples
    --------
    >>> rows = pd.DataFrame({"person_id": ["b", "c"], "slot": [9, 3], "count": [2.0, 1.0]})
    >>> matrix(rows, ["a", "b"]).toarray()[:, 9]
    array([0., 2.])
    """
    place = pd.Index(persons).get_indexer(rows["person_id"])
    there = place >= 0
    cells = (place[there], rows["slot"].to_numpy()[there])
    values = rows[column].to_numpy(dtype=np.float64)[there]
    return csr_array((values, cells), shape=(len(persons), WEEK))


def learn(
    lake: Tables, cutoff: Any, *, store: str | None = None, random_state: Any = None
) -> tuple[SendTimeModel, float | None]:
    """Fit a model on a lake, its settings and half-life chosen on the last fifth of the time.

    Parameters
    ----------
    lake, cutoff, store
        As for `activity`.
    random_state : int, RandomState or None
        Of the model.

    Returns
    -------
    SendTimeModel, float or None
        The model, and the half-life in days with which `activity` is to be counted for it.
    """
    first = activity_begins(lake, store=store)
    end = day_number(cutoff)
    border = _day(end - max(1, round(LATER * (end - first))))
    told = {
        half: activity(lake, border, store=store, half_life=half).to_pandas() for half in HALF_LIVES
    }
    seen = activity(lake, cutoff, store=store, after=border).to_pandas()
    people = sorted(set(told[None]["person_id"]) | set(seen["person_id"]))
    later = matrix(seen, people)
    plain = SendTimeModel(random_state=random_state)
    before = {half: matrix(rows, people) for half, rows in told.items()}
    losses = {half: plain.fit(X).log_likelihood(X, later) for half, X in before.items()}
    half = max(losses, key=lambda h: (np.nan_to_num(losses[h]), h is None))
    model = plain.fit_later(before[half], later)
    final = activity(lake, cutoff, store=store, half_life=half).to_pandas()
    return model.fit(matrix(final, people)), half


def activity_begins(lake: Tables, *, store: str | None = None) -> int:
    """First day of which an event is known, counted from 1970-01-01."""
    name = the_store(lake, store)
    orders = of_store(lake, "orders", name)
    first = orders.aggregate(day=day_of(orders.local_at).min()).to_pandas()["day"][0]
    return int(first)


def _day(number: int) -> str:
    return str(np.datetime64("1970-01-01") + np.timedelta64(number, "D"))


def _slots(rows: Any) -> Any:
    rows = rows.filter(rows.at.notnull())
    return rows.select("person_id", day=day_of(rows.at), slot=hour_of_week(rows.at))


def _orders(lake: Tables, store: str) -> Any:
    rows = of_store(lake, "orders", store)
    rows = rows.filter(rows.kind == "sale")
    if store in lake.clockless:
        rows = rows.filter(ibis.literal(False))
    return _slots(rows.select("person_id", at=rows.local_at))


def _replies(lake: Tables, store: str) -> Any:
    rows = of_store(lake, "replies", store)
    rows = rows.filter(rows.kind != "stop")
    return _slots(rows.select("person_id", at=rows.local_at))


def _clicks(lake: Tables, store: str) -> Any:
    """At the hour of the message, on the day of the click."""
    clicks = human_clicks(of_store(lake, "clicks", store))
    clicks = clicks.group_by("message_id").agg(day=day_of(clicks.clock.min()))
    sent = of_store(lake, "messages", store).select("message_id", "person_id", "local_at")
    rows = clicks.join(sent.filter(sent.local_at.notnull()), "message_id")
    return rows.select("person_id", "day", slot=hour_of_week(rows.local_at))


def _answered(lake: Tables, store: str, end: int) -> Any:
    """Messages that were clicked by a person or replied to, each once."""
    clicks = human_clicks(of_store(lake, "clicks", store))
    clicks = clicks.filter(day_of(clicks.clock) <= end).select("message_id")
    replies = of_store(lake, "replies", store)
    replies = replies.filter(replies.message_id.notnull() & (replies.kind != "stop"))
    replies = replies.filter(day_of(replies.received_at.cast("timestamp(6)")) <= end)
    both = ibis.union(clicks, replies.select("message_id")).distinct()
    return both.mutate(answer=ibis.literal(True))
