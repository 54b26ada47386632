"""Reading an experiment right: how large, whether the draw is sound, and for whom it differs.

Responsible for tables; what a message causes on average is told by `scoring.uplift`, looks before
the end by `scoring.analysis.sequential`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from scoring.engine import fetch
from scoring.features.clock import day_of
from scoring.features.source import Tables, of_store, the_store
from scoring.uplift import average_effect, contacts_per_arm

LIFTS: Final = (0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0)
"""Relative lifts that one may want to see."""
EDGES: Final = (0, 15, 30, 60, 90, 121, 180)
"""Days since the last purchase at which groups begin."""
ALARM: Final = 0.001
"""A draw that would come out so uneven less often than that is broken."""


def sizes(base: float, lifts: tuple[float, ...] = LIFTS, *, power: float = 0.8) -> pd.DataFrame:
    """Return how many people each arm needs.

    Parameters
    ----------
    base : float
        Share of the control arm that buys.
    lifts : tuple of float
        Relative to the base; those that would lift it to 1 or above are left out.
    power : float
        Chance that a true lift of this size is found.

    Returns
    -------
    pandas.DataFrame
        ``lift``, ``people`` (in each of two equal arms).

    Examples
    --------
    >>> sizes(0.05, (0.06, 0.5))["people"].tolist()
    [85197, 1468]
    """
    rows = [
        (lift, contacts_per_arm(base, lift, power=power)) for lift in lifts if base * (1 + lift) < 1
    ]
    return pd.DataFrame(rows, columns=["lift", "people"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Ratio:
    """How the arms of an experiment came out beside how they were drawn.

    Attributes
    ----------
    treated : int
    expected : float
        Of them, by the chances of the draws.
    rows : int
    p : float
        Chance of a draw at least as uneven.
    """

    treated: int
    expected: float
    rows: int
    p: float

    @property
    def broken(self) -> bool:
        """Whether people went missing from an arm, for it is no chance."""
        return self.p < ALARM


def sample_ratio(rows: pd.DataFrame) -> Ratio:
    """Check that as many people are in each arm as were drawn into it.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``treated`` and ``probability`` of `scoring.uplift.read_experiment`.

    References
    ----------
    Fabijan, A. et al. (2019). Diagnosing sample ratio mismatch in online controlled experiments.
    KDD.

    Examples
    --------
    >>> arms = [True] * 540 + [False] * 460
    >>> sample_ratio(pd.DataFrame({"treated": arms, "probability": 0.5})).broken
    False
    >>> sample_ratio(pd.DataFrame({"treated": arms * 10, "probability": 0.5})).broken
    True
    """
    chance = rows["probability"].to_numpy(float)
    treated, expected = int(rows["treated"].sum()), float(chance.sum())
    spread = float((chance * (1 - chance)).sum())
    p = float(chi2.sf((treated - expected) ** 2 / spread, 1)) if spread else 1.0
    return Ratio(treated=treated, expected=expected, rows=len(rows), p=p)


def reached(lake: Tables, rows: pd.DataFrame, *, store: str | None = None) -> NDArray[np.bool_]:
    """Tell which draws' messages arrived; True also for who was to get none.

    It is there to show what goes wrong when the others are left out.
    """
    name = the_store(lake, store)
    draws, messages = of_store(lake, "assignments", name), of_store(lake, "messages", name)
    draws = draws.filter(draws.kind == "treatment")
    there = messages.filter(messages.delivered_at.notnull()).select("message_id")
    found = draws.inner_join(there, "message_id").select("experiment", "person_id", "assigned_at")
    keys = ["experiment", "person_id", "assigned_at"]
    known = pd.MultiIndex.from_frame(fetch(lake.connection, found).to_pandas()[keys])
    return ~rows["treated"].to_numpy() | pd.MultiIndex.from_frame(rows[keys]).isin(known)


def days_since(lake: Tables, rows: pd.DataFrame, *, store: str | None = None) -> pd.Series:
    """Return the days from each person's last purchase before a draw to the draw.

    Parameters
    ----------
    lake : Lake
    rows : pandas.DataFrame
        Of `scoring.uplift.read_experiment`, of this store.
    store : str, optional
        Needed where the lake has several.

    Returns
    -------
    pandas.Series
        In whole days of the calendar; NaN: nothing was bought before.
    """
    orders = of_store(lake, "orders", the_store(lake, store))
    sales = orders.filter(orders.kind == "sale")
    sales = sales.select("person_id", "ordered_at", bought_on=day_of(sales.local_at))
    bought = fetch(lake.connection, sales).to_pandas().sort_values("ordered_at")
    draws = rows[["person_id", "assigned_at"]].reset_index().sort_values("assigned_at")
    found = pd.merge_asof(
        draws,
        bought.assign(ordered_at=bought["ordered_at"].astype(draws["assigned_at"].dtype)),
        left_on="assigned_at",
        right_on="ordered_at",
        by="person_id",
        allow_exact_matches=False,
    ).set_index("index")
    day = found["assigned_at"].dt.tz_localize(None) - pd.Timestamp(0)
    return (day.dt.days - found["bought_on"]).reindex(rows.index).clip(lower=0)


def bands(days: pd.Series, edges: tuple[int, ...] = EDGES) -> pd.Series:
    """Return the band of days that each value is in, as a word; those unknown are in none.

    Examples
    --------
    >>> bands(pd.Series([3, 60, 400])).tolist()
    ['0-14', '60-89', '180+']
    """
    words = [f"{low}-{high - 1}" for low, high in pairwise(edges)]
    cut = pd.cut(days, [*edges, np.inf], right=False, labels=[*words, f"{edges[-1]}+"])
    return pd.Series(cut, index=days.index)


def effects_by(
    rows: pd.DataFrame, group: pd.Series, *, coverage: float = 0.99, together: bool = True
) -> pd.DataFrame:
    """Return the effect on P(buys) in each group of draws.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of `scoring.uplift.read_experiment`.
    group : pandas.Series
        What was known of each *before* the draw.
    coverage : float
        Of the intervals.
    together : bool
        That all of them hold at once (Bonferroni); False: each for itself.

    Returns
    -------
    pandas.DataFrame
        ``group``, ``people``, ``base`` (share of the controls who buy), ``effect``, ``error``,
        ``low``, ``high``; groups of which an arm is empty are left out.
    """
    parts = [
        (name, some)
        for name, some in rows.groupby(group.set_axis(rows.index), observed=True)
        if some["treated"].nunique() == 2
    ]
    each = 1 - (1 - coverage) / (max(len(parts), 1) if together else 1)
    found = [(name, _people(some), *_effect(some, each)) for name, some in parts]
    return pd.DataFrame(
        found, columns=["group", "people", "base", "effect", "error", "low", "high"]
    )


def _people(rows: pd.DataFrame) -> int:
    """The smaller arm tells of the fewest."""
    return int(rows.groupby("treated")["person_id"].nunique().min())


def _effect(rows: pd.DataFrame, coverage: float) -> tuple[float, ...]:
    one = average_effect(
        rows["bought"].to_numpy(float),
        rows["treated"].to_numpy(),
        probability=rows["probability"].to_numpy(),
        persons=rows["person_id"].to_numpy(),
        coverage=coverage,
    )
    return one.control, one.value, one.error, one.low, one.high


def heterogeneity(groups: pd.DataFrame) -> float:
    """Return the chance that effects differ at least so much where all are the same.

    Parameters
    ----------
    groups : pandas.DataFrame
        `effects_by`, of groups that share no people or hardly any.

    References
    ----------
    Cochran, W. G. (1954). The combination of estimates from different experiments. Biometrics 10.

    Examples
    --------
    >>> alike = pd.DataFrame({"effect": [0.02, 0.03], "error": [0.01, 0.01]})
    >>> round(heterogeneity(alike), 2)
    0.48
    """
    told = groups[groups["error"] > 0]
    if len(told) < 2:
        return 1.0
    weight = 1 / told["error"] ** 2
    away = told["effect"] - np.average(told["effect"], weights=weight)
    return float(chi2.sf((weight * away**2).sum(), len(told) - 1))


def by_chance(rows: pd.DataFrame, groups: int = 20) -> pd.Series:
    """Return groups that cannot matter: people by a remainder of their pseudonym."""
    left = pd.util.hash_array(rows["person_id"].to_numpy(object)) % groups
    return pd.Series([f"{place + 1:02d}" for place in left], index=rows.index)
