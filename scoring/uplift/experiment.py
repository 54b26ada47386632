"""What experiments of a lake drew and what came of it, as rows for everything that reads them.

Responsible for joining assignments with the orders behind them, point in time: an order counts for
a draw only when it came after it and within the days looked at, and a draw whose days have not
passed yet is left out. Everybody drawn counts, whatever became of the message (intention to
treat): to leave out those who were not reached would compare persons of different kinds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol

import ibis
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.engine import fetch
from scoring.errors import LakeError, NotEnoughDataError
from scoring.uplift.effect import Effect, average_effect

CONTROL: Final = "control"
"""The arm to which nothing is sent."""

_KEYS: Final = ["store", "assignment_id"]


class Tables(Protocol):
    """A lake: gives its tables by name."""

    connection: Any

    def table(self, name: str) -> Any:
        """Return a table of `scoring.schema`."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Experiment:
    """Draws with what came of them.

    Attributes
    ----------
    rows : pandas.DataFrame
        One row a draw: ``person_id``, ``experiment``, ``assigned_at`` (UTC), ``arm``, ``chance``
        (of that arm), ``treated`` (bool), ``probability`` (of being treated), ``sent`` (bool),
        ``bought`` (bool), ``spend`` (sales less what came back, in the store's currency).
    days : int
        Days after the draw in which orders count.
    unripe : int
        Draws left out, since these days have not passed yet.
    certain : int
        Draws left out, since they were none: no control, or no other arm, could be drawn.
    """

    rows: pd.DataFrame
    days: int
    unripe: int
    certain: int = 0

    def effect(self, outcome: str = "bought", *, coverage: float = 0.95) -> Effect:
        """Return the average effect on ``"bought"`` or ``"spend"``.

        Raises
        ------
        ValueError
            An arm is empty.
        """
        return average_effect(
            self.rows[outcome].to_numpy(float),
            self.rows["treated"].to_numpy(),
            probability=self.rows["probability"].to_numpy(),
            persons=self.rows["person_id"].to_numpy(),
            coverage=coverage,
        )


def read_experiment(
    lake: Tables,
    *,
    store: str | None = None,
    experiment: str | None = None,
    days: int = 14,
    until: Any = None,
) -> Experiment:
    """Read the draws of treatments from a lake.

    Parameters
    ----------
    lake : Lake
        On any engine.
    store : str, optional
        Only its draws.
    experiment : str, optional
        Only this one; by default all that drew a treatment.
    days : int
        Orders count up to so many days after the draw.
    until : datetime-like, optional
        The lake knows everything up to this instant (UTC); by default up to its last order.

    Returns
    -------
    Experiment

    Raises
    ------
    NotEnoughDataError
        There is no draw beside a control, none is old enough, or nobody ever bought.
    LakeError
        A draw says of itself that it was impossible, or more than two arms were drawn with
        chances that change, so that the chance of the control is not known.
    """
    logged = _drawn(lake, store, experiment)
    drawn = _beside_a_control(logged)
    if drawn.empty:
        raise NotEnoughDataError("draws of a treatment beside a control", 0, 1)
    ripe = drawn["assigned_at"] + pd.Timedelta(days=days) <= _end(lake, until)
    if not ripe.any():
        raise NotEnoughDataError(f"draws that are {days} days old", 0, 1)
    rows = drawn.merge(_ordered(lake, store, experiment, days), on=_KEYS, how="left")
    rows["bought"] = rows["sales"].fillna(0) > 0
    rows["spend"] = rows["spend"].fillna(0.0)
    return Experiment(
        rows=rows.loc[ripe.to_numpy(), _COLUMNS].reset_index(drop=True),
        days=days,
        unripe=int((~ripe).sum()),
        certain=len(logged) - len(drawn),
    )


_COLUMNS: Final = [
    "person_id",
    "experiment",
    "assigned_at",
    "arm",
    "chance",
    "treated",
    "probability",
    "sent",
    "bought",
    "spend",
]


def _draws(lake: Tables, store: str | None, experiment: str | None) -> Any:
    draws = lake.table("assignments")
    draws = draws.filter(draws.kind == "treatment")
    for name, wanted in (("store", store), ("experiment", experiment)):
        if wanted is not None:
            draws = draws.filter(draws[name] == wanted)
    return draws


def _drawn(lake: Tables, store: str | None, experiment: str | None) -> pd.DataFrame:
    draws, messages = _draws(lake, store, experiment), lake.table("messages")
    sent = messages.filter(messages.sent_at.notnull()).select("store", "message_id", sent=True)
    joined = draws.left_join(sent, ["store", "message_id"])
    wanted = [*_KEYS, "person_id", "experiment", "arm", "probability", "candidates"]
    frame = _frame(lake, joined.select(*wanted, "assigned_at", sent=joined.sent.fill_null(False)))
    return frame.sort_values([*_KEYS], ignore_index=True)


def _end(lake: Tables, until: Any) -> pd.Timestamp:
    """Return the instant up to which the lake knows everything."""
    if until is None:
        newest = fetch(lake.connection, lake.table("orders").ordered_at.max().name("newest"))
        until = newest["newest"][0].as_py()
        if until is None:
            raise NotEnoughDataError("orders", 0, 1)
    end = pd.Timestamp(until)
    return end.tz_localize("UTC") if end.tz is None else end


def _ordered(lake: Tables, store: str | None, experiment: str | None, days: int) -> pd.DataFrame:
    """Return what was bought within the days after each draw: sales, and spend less returns."""
    draws = _draws(lake, store, experiment).select(*_KEYS, "person_id", "assigned_at")
    orders = lake.table("orders").select("store", "person_id", "ordered_at", "kind", "value")
    both = draws.join(orders, ["store", "person_id"])
    both = both.filter(
        both.ordered_at > both.assigned_at,
        both.ordered_at <= both.assigned_at + ibis.interval(days=days),
    )
    sale = both.kind == "sale"
    found = both.group_by(_KEYS).agg(
        sales=sale.cast("int64").sum(), spend=ibis.ifelse(sale, both.value, -both.value).sum()
    )
    return _frame(lake, found)


def _frame(lake: Tables, expression: Any) -> pd.DataFrame:
    return fetch(lake.connection, expression).to_pandas()


def _beside_a_control(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the draws in which a message and none were both possible, with the chance of one."""
    chance = drawn["probability"].to_numpy(float)
    if not ((chance > 0) & (chance <= 1)).all():
        raise LakeError("assignments", "probability", "an arm that was drawn had a chance above 0")
    rows = drawn.assign(chance=chance, treated=drawn["arm"] != CONTROL)
    arms = rows[rows["treated"]].groupby("experiment")["arm"].nunique()
    several = (rows["candidates"] > 2) | (rows["experiment"].map(arms).fillna(0) > 1)
    held = set(rows.loc[~rows["treated"], "experiment"])
    rows = rows[~several | rows["experiment"].isin(held)].copy()
    rows["probability"] = _of_treatment(rows, several[rows.index])
    return rows[rows["probability"].between(0, 1, inclusive="neither")].reset_index(drop=True)


def _of_treatment(rows: pd.DataFrame, several: pd.Series) -> NDArray[np.float64]:
    """Return the chance of being treated, from that of the arm which was drawn."""
    drawn, treated = rows["chance"].to_numpy(float), rows["treated"].to_numpy()
    chance = np.where(treated, drawn, 1 - drawn)
    for name in rows.loc[several, "experiment"].unique():
        of_it = ((rows["experiment"] == name) & several).to_numpy()
        known = np.unique(drawn[of_it & ~treated])
        if known.size != 1:
            what = (
                f"{name} draws among several arms, and not always with the same chance of control"
            )
            raise LakeError("assignments", "probability", what)
        chance[of_it] = 1 - known[0]
    return chance
