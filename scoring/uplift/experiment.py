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
        One row a draw: ``person_id``, ``experiment``, ``assigned_at`` (UTC), ``treated`` (bool),
        ``probability`` (of being treated), ``sent`` (bool), ``bought`` (bool), ``spend`` (sales
        less what came back, in the store's currency).
    days : int
        Days after the draw in which orders count.
    unripe : int
        Draws left out, since these days have not passed yet.
    """

    rows: pd.DataFrame
    days: int
    unripe: int

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
        There is no draw, none is old enough, or nobody ever bought.
    LakeError
        A draw says of itself that it was impossible, or more than two arms were drawn with
        chances that change, so that the chance of the control is not known.
    """
    drawn = _drawn(lake, store, experiment)
    if drawn.empty:
        raise NotEnoughDataError("draws of a treatment", 0, 1)
    ripe = drawn["assigned_at"] + pd.Timedelta(days=days) <= _end(lake, until)
    if not ripe.any():
        raise NotEnoughDataError(f"draws that are {days} days old", 0, 1)
    rows = drawn.merge(_ordered(lake, drawn, days), on=_KEYS, how="left")
    rows["bought"] = rows["sales"].fillna(0) > 0
    rows["spend"] = rows["spend"].fillna(0.0)
    rows["probability"] = _of_treatment(rows)
    rows["treated"] = rows["arm"] != CONTROL
    return Experiment(
        rows=rows.loc[ripe.to_numpy(), _COLUMNS].reset_index(drop=True),
        days=days,
        unripe=int((~ripe).sum()),
    )


_COLUMNS: Final = [
    "person_id",
    "experiment",
    "assigned_at",
    "treated",
    "probability",
    "sent",
    "bought",
    "spend",
]


def _drawn(lake: Tables, store: str | None, experiment: str | None) -> pd.DataFrame:
    draws = lake.table("assignments")
    draws = draws.filter(draws.kind == "treatment")
    for name, wanted in (("store", store), ("experiment", experiment)):
        if wanted is not None:
            draws = draws.filter(draws[name] == wanted)
    messages = lake.table("messages")
    sent = messages.filter(messages.sent_at.notnull()).select("store", "message_id", sent=True)
    joined = draws.left_join(sent, ["store", "message_id"])
    wanted = [*_KEYS, "person_id", "experiment", "arm", "probability", "candidates"]
    frame = _frame(lake, joined.select(*wanted, "assigned_at", sent=joined.sent.fill_null(False)))
    return frame.sort_values([*_KEYS], ignore_index=True)


def _end(lake: Tables, until: Any) -> pd.Timestamp:
    """Return the instant up to which the lake knows everything."""
    if until is None:
        until = lake.connection.to_pyarrow(lake.table("orders").ordered_at.max()).as_py()
        if until is None:
            raise NotEnoughDataError("orders", 0, 1)
    end = pd.Timestamp(until)
    return end.tz_localize("UTC") if end.tz is None else end


def _ordered(lake: Tables, drawn: pd.DataFrame, days: int) -> pd.DataFrame:
    """Return what was bought within the days after each draw: sales, and spend less returns."""
    draws = ibis.memtable(drawn[[*_KEYS, "person_id", "assigned_at"]])
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
    return lake.connection.to_pyarrow(expression).to_pandas()


def _of_treatment(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Return the chance of being treated, from that of the arm which was drawn."""
    drawn, control = rows["probability"].to_numpy(float), (rows["arm"] == CONTROL).to_numpy()
    if not ((drawn > 0) & (drawn <= 1)).all():
        raise LakeError("assignments", "probability", "an arm that was drawn had a chance above 0")
    two = (rows["candidates"] <= 2).to_numpy()
    chance = np.where(control, 1 - drawn, drawn)
    for name in rows.loc[~two, "experiment"].unique():
        of_it = ((rows["experiment"] == name) & (rows["candidates"] > 2)).to_numpy()
        known = np.unique(drawn[of_it & control])
        if known.size != 1:
            what = (
                f"{name} draws among several arms, and not always with the same chance of control"
            )
            raise LakeError("assignments", "probability", what)
        chance[of_it] = 1 - known[0]
    return chance
