"""People whose hours differ from the shop's: their kinds, and how surely each one's is found.

Responsible for tables; curves are learnt by `scoring.timing`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from scoring.analysis.shares import with_share
from scoring.features.source import Tables
from scoring.timing import SendTimeModel
from scoring.timing.counts import activity, matrix
from scoring.timing.mixture import memberships

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]

DAY: Final = 24
KNOWN: Final = (1, 2, 4, 8)
"""Where the bins of how much is known of a person begin, in events."""
ALIKE: Final = 0.75
"""What the curves of two kinds have in common from which on they are told of as one."""
LEAST_KIND: Final = 0.03
"""Share of people below which a kind is not told of."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Known:
    """What is known of people's hours.

    Attributes
    ----------
    people : pandas.Index
        ``person_id``.
    done : scipy.sparse.csr_array of shape (people, 168)
        What they did, by hour of the week.
    told : ndarray of shape (people, 168)
        P(hour of the week | she does something).
    """

    people: pd.Index
    done: Any
    told: Floats

    @property
    def events(self) -> Floats:
        """How much is known of each person."""
        return np.asarray(self.done.sum(axis=1)).ravel()


def curves(
    lake: Tables,
    model: SendTimeModel,
    until: date,
    *,
    store: str | None = None,
    half_life: float | None = None,
    people: Sequence[str] | None = None,
) -> Known:
    """Tell people's curves by what they did until a day.

    Parameters
    ----------
    lake : Lake
    model : SendTimeModel
        Fitted.
    until : date
    store : str, optional
    half_life : float, optional
        Of `activity`, as the model was fitted with.
    people : sequence of str, optional
        Whose; by default of everybody who did something.

    Returns
    -------
    Known
    """
    rows = activity(lake, until, store=store, half_life=half_life).to_pandas()
    who = pd.Index(sorted(rows["person_id"].unique()) if people is None else people)
    done = matrix(rows, who)
    return Known(people=who.rename("person_id"), done=done, told=model.transform(done))


def kinds(model: SendTimeModel, done: Any, *, least: float = LEAST_KIND) -> pd.DataFrame:
    """Tell of the kinds of people that a model has found; those that are alike are one.

    Parameters
    ----------
    model : SendTimeModel
        Fitted on hours of the week.
    done : sparse matrix of shape (people, 168)
        What people did.
    least : float
        Share of people below which a kind is left out.

    Returns
    -------
    pandas.DataFrame
        One row a kind and hour: ``kind`` (0 is the largest), ``hour``, ``chance`` (that what she
        does falls into it), ``share`` (of people) and ``best`` (the kind's best hour).
    """
    by_hour = np.asarray(done.todense()).reshape(done.shape[0], -1, DAY).sum(axis=1)
    share = memberships(by_hour, model.mixture_).mean(axis=0)
    hours = np.einsum("kdh,kd->kh", model.kind_curves_, model.kind_days_)
    told = sorted(_together(share, hours), key=lambda kind: -kind[0])
    rows = [
        pd.DataFrame(
            {
                "kind": place,
                "hour": np.arange(DAY),
                "chance": curve,
                "share": size,
                "best": int(curve.argmax()),
            }
        )
        for place, (size, curve) in enumerate(told)
        if size >= least
    ]
    return pd.concat(rows, ignore_index=True)


def _together(share: Floats, hours: Floats) -> list[tuple[float, Floats]]:
    """Take kinds together whose curves have most in common, largest first."""
    kept: list[tuple[float, Floats]] = []
    for kind in np.argsort(-share, kind="stable"):
        same = [np.minimum(hours[kind], curve).sum() for _, curve in kept]
        if not same or max(same) < ALIKE:
            kept.append((float(share[kind]), hours[kind]))
            continue
        place = int(np.argmax(same))
        size, curve = kept[place]
        both = size + float(share[kind])
        kept[place] = both, (size * curve + share[kind] * hours[kind]) / both
    return kept


def best_hours(told: Floats, hours: Sequence[int]) -> Ints:
    """Return each person's best hour of the day among some.

    Examples
    --------
    >>> told = np.zeros((1, 168))
    >>> told[0, [3, 24 + 20, 48 + 20]] = 0.5, 0.3, 0.2
    >>> best_hours(told, range(8, 22))
    array([20])
    """
    by_hour = np.asarray(told).reshape(len(told), -1, DAY).sum(axis=1)
    return np.asarray(hours)[by_hour[:, list(hours)].argmax(axis=1)]


def within_an_hour(
    found: ArrayLike, true: ArrayLike, events: ArrayLike, shop: int
) -> tuple[pd.DataFrame, float, float]:
    """Tell how often a best hour that was found lies within one hour of the true one.

    Parameters
    ----------
    found, true : array-like of shape (n,)
        Hours of the day.
    events : array-like of shape (n,)
        How much was known of each person.
    shop : int
        The hour that is best for all.

    Returns
    -------
    known : pandas.DataFrame
        One row a bin of events: ``events`` (words), ``people``, ``right``, ``share``, ``low`` and
        ``high``; the last one is everybody.
    one_hour : float
        Share for whom the shop's hour is as near.
    chance : float
        Share that would be if hours were dealt out again among people.
    """
    hour, best = np.asarray(found), np.asarray(true)
    rows = pd.DataFrame({"right": np.abs(hour - best) <= 1, "events": np.asarray(events)})
    edges = [*KNOWN, np.inf]
    names = [_between(low, high) for low, high in itertools.pairwise(edges)]
    bins = pd.cut(rows["events"], edges, labels=names, right=False)
    groups = rows.groupby(bins, observed=True)["right"].agg(people="size", right="sum")
    groups.loc["everybody"] = [len(rows), rows["right"].sum()]
    table = with_share(groups.rename_axis("events").reset_index(), "right", "people")
    counts = [np.bincount(hours, minlength=DAY) / len(rows) for hours in (hour, best)]
    near = np.abs(np.subtract.outer(np.arange(DAY), np.arange(DAY))) <= 1
    return table, float((np.abs(shop - best) <= 1).mean()), float(counts[0] @ near @ counts[1])


def _between(low: float, high: float) -> str:
    if np.isinf(high):
        return f"{low:.0f} or more"
    return f"{low:.0f}" if high == low + 1 else f"{low:.0f} to {high - 1:.0f}"
